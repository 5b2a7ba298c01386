// SPDX-License-Identifier: Apache-2.0
// What every metric sink promises: over UDP, TCP, a unix socket, into a file, and the one that
// tests use.
#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_sink.hpp"
#include "tests/integration/metrics/statsd_receivers.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

/// A sink and the other end that it delivers to.
class SinkSetup {
 public:
    virtual ~SinkSetup() = default;

    virtual MetricSink& sink() = 0;

    /// Everything delivered, lines ended by '\n'; called once, after the last of two deliveries.
    virtual std::string delivered() = 0;

 protected:
    std::unique_ptr<MetricSink> make(const std::string& address) {
        return make_statsd_sink(
            {.address = parse_statsd_address(address), .job = "lag"}, clock_, stop_);
    }

    static std::string join(const std::vector<std::string>& texts, const std::string& end) {
        std::string out;
        for (const std::string& text : texts) {
            out += text + end;
        }
        return out;
    }

    FakeClock clock_{};
    StopSignal stop_{};
};

class UdpSetup final : public SinkSetup {
 public:
    MetricSink& sink() override { return *sink_; }

    std::string delivered() override { return join(receiver_.take(), ""); }

 private:
    DatagramReceiver receiver_ = DatagramReceiver::udp("127.0.0.1");
    std::unique_ptr<MetricSink> sink_ = make(fmt::format("127.0.0.1:{}", receiver_.port()));
};

class UnixSetup final : public SinkSetup {
 public:
    MetricSink& sink() override { return *sink_; }

    std::string delivered() override { return join(receiver_.take(), ""); }

 private:
    TempDir dir_{};
    DatagramReceiver receiver_ = DatagramReceiver::unix_socket(dir_.file("statsd.sock"));
    std::unique_ptr<MetricSink> sink_ = make("unixgram://" + dir_.file("statsd.sock"));
};

class TcpSetup final : public SinkSetup {
 public:
    MetricSink& sink() override { return *sink_; }

    std::string delivered() override { return receiver_.text(); }

 private:
    StreamReceiver receiver_{2};
    std::unique_ptr<MetricSink> sink_ = make(fmt::format("tcp://127.0.0.1:{}", receiver_.port()));
};

class FileSetup final : public SinkSetup {
 public:
    MetricSink& sink() override { return *sink_; }

    std::string delivered() override {
        std::ifstream file(dir_.file("lines"));
        return {std::istreambuf_iterator<char>(file), {}};
    }

 private:
    TempDir dir_{};
    std::unique_ptr<MetricSink> sink_ = make("file://" + dir_.file("lines"));
};

class RecordingSetup final : public SinkSetup {
 public:
    MetricSink& sink() override { return sink_; }

    std::string delivered() override { return join(sent_->lines, "\n"); }

 private:
    std::shared_ptr<SentMetrics> sent_ = std::make_shared<SentMetrics>();
    RecordingSink sink_{sent_};
};

template <typename SetupUnderTest>
class SinkContract : public ::testing::Test {
 protected:
    SetupUnderTest setup_{};
};

using Setups = ::testing::Types<UdpSetup, UnixSetup, TcpSetup, FileSetup, RecordingSetup>;
TYPED_TEST_SUITE(SinkContract, Setups);

TYPED_TEST(SinkContract, DeliversAllLinesOfEachCallInOrder) {
    const std::vector<std::string> first{"a:1|c"};
    const std::vector<std::string> second{"b:0|g\nb:-5|g", "c:1.5|ms"};
    EXPECT_EQ(this->setup_.sink().send(first), (Delivery{.sent = 1, .dropped = 0, .problem = {}}));
    EXPECT_EQ(this->setup_.sink().send(second), (Delivery{.sent = 2, .dropped = 0, .problem = {}}));
    EXPECT_EQ(this->setup_.delivered(), "a:1|c\nb:0|g\nb:-5|g\nc:1.5|ms\n");
}

TYPED_TEST(SinkContract, HasNothingToDoForNoLines) {
    EXPECT_EQ(this->setup_.sink().send({}), Delivery{});
}

TYPED_TEST(SinkContract, CountsEveryLineAsSentOrDropped) {
    // More than a socket's buffers or a unix socket's queue may hold while nobody reads.
    const std::vector<std::string> lines(5'000,
                                         "caretaker.lag.prod.group.billing.partition.7.lag:12|g");
    const Delivery first = this->setup_.sink().send(lines);
    EXPECT_EQ(first.sent + first.dropped, lines.size());
    EXPECT_EQ(first.dropped == 0, first.problem.empty());
    const Delivery second = this->setup_.sink().send(lines);
    EXPECT_EQ(second.sent + second.dropped, lines.size());
}

TEST(NoSink, IsMadeWhereNobodyWantsMetrics) {
    FakeClock clock;
    const StopSignal stop;
    EXPECT_EQ(make_statsd_sink({}, clock, stop), nullptr);
}

}  // namespace
}  // namespace caretaker
