// SPDX-License-Identifier: Apache-2.0
// Sinks against sockets: sizes, pauses, and servers that are not there.
#include "common/metrics/statsd_sink.hpp"

#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_lines.hpp"
#include "tests/integration/metrics/statsd_receivers.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

/// A clock whose pauses are a chance to look at what was sent before.
class WatchingClock final : public Clock {
 public:
    [[nodiscard]] WallTime now() const override { return clock_.now(); }

    [[nodiscard]] SteadyTime steady() const override { return clock_.steady(); }

    bool wait(milliseconds duration, const StopSignal& stop) override {
        pauses_.push_back(duration);
        on_wait_();
        return clock_.wait(duration, stop);
    }

    void advance(milliseconds duration) { clock_.advance(duration); }

    /// Calls `action` in each pause.
    void on_wait(std::function<void()> action) { on_wait_ = std::move(action); }

    [[nodiscard]] const std::vector<milliseconds>& pauses() const { return pauses_; }

 private:
    FakeClock clock_{};
    std::vector<milliseconds> pauses_{};
    std::function<void()> on_wait_ = [] {};
};

class StatsdSinkTest : public ::testing::Test {
 protected:
    std::unique_ptr<MetricSink> make(const std::string& address) {
        return make_statsd_sink(
            {.address = parse_statsd_address(address), .job = "lag"}, clock_, stop_);
    }

    WatchingClock clock_{};
    StopSignal stop_{};
};

std::vector<std::string> many_lines(int count) {
    std::vector<Metric> metrics;
    for (int i = 0; i < count; ++i) {
        metrics.push_back(
            {.name = "lag",
             .kind = MetricKind::gauge,
             .value = static_cast<double>(i % 2 == 0 ? i : -i),
             .labels = {{"topic", "logs.app\n|:@#"}, {"partition", std::to_string(i)}}});
    }
    return format_statsd(metrics, {.job = "lag", .target = "prod"}, 100'000).lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) {
        out += line + '\n';
    }
    return out;
}

TEST_F(StatsdSinkTest, SendsWholeLinesInDatagramsOfAtMost1400BytesAndTenAtATime) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    std::vector<std::string> arrived;
    std::size_t largest_burst = 0;
    const auto collect = [&] {
        const auto burst = receiver.take();
        largest_burst = std::max(largest_burst, burst.size());
        arrived.insert(arrived.end(), burst.begin(), burst.end());
    };
    clock_.on_wait(collect);
    const auto lines = many_lines(5'000);
    const Delivery delivery = make(fmt::format("127.0.0.1:{}", receiver.port()))->send(lines);
    collect();

    EXPECT_EQ(delivery, (Delivery{.sent = 5'000, .dropped = 0, .problem = {}}));
    EXPECT_EQ(joined(lines), [&] {
        std::string all;
        for (const std::string& datagram : arrived) {
            all += datagram;
        }
        return all;
    }());
    for (const std::string& datagram : arrived) {
        EXPECT_LE(datagram.size(), 1'400U);
        EXPECT_TRUE(datagram.ends_with('\n'));
    }
    EXPECT_EQ(largest_burst, 10U);
    EXPECT_EQ(clock_.pauses().size(), (arrived.size() - 1) / 10);
    EXPECT_TRUE(
        std::ranges::all_of(clock_.pauses(), [](auto pause) { return pause >= milliseconds(5); }));
}

TEST_F(StatsdSinkTest, DropsALineThatNoDatagramHolds) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    const std::vector<std::string> lines{std::string(1'400, 'x'), "a:1|c"};
    const Delivery delivery = make(fmt::format("127.0.0.1:{}", receiver.port()))->send(lines);
    EXPECT_EQ(delivery.sent, 1U);
    EXPECT_EQ(delivery.dropped, 1U);
    EXPECT_NE(delivery.problem.find("1400"), std::string::npos) << delivery.problem;
    EXPECT_EQ(receiver.take(), (std::vector<std::string>{"a:1|c\n"}));
}

TEST_F(StatsdSinkTest, SendsOverIpv6) {
    std::optional<DatagramReceiver> receiver;
    try {
        receiver = DatagramReceiver::udp("::1");
    } catch (const std::system_error&) {
        GTEST_SKIP() << "this machine has no IPv6";
    }
    const std::vector<std::string> lines{"a:1|c"};
    EXPECT_EQ(make(fmt::format("[::1]:{}", receiver->port()))->send(lines).sent, 1U);
    EXPECT_EQ(receiver->take(), (std::vector<std::string>{"a:1|c\n"}));
}

TEST_F(StatsdSinkTest, FindsTheServerBehindLocalhostWhicheverAddressItHas) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    const std::vector<std::string> lines{"a:1|c"};
    for (const char* job : {"cleanup", "rotate", "lag", "kibana"}) {
        const auto sink = make_statsd_sink(
            {.address = parse_statsd_address(fmt::format("localhost:{}", receiver.port())),
             .job = job},
            clock_,
            stop_);
        EXPECT_EQ(sink->send(lines), (Delivery{.sent = 1, .dropped = 0, .problem = {}})) << job;
        EXPECT_EQ(receiver.take().size(), 1U) << job;
    }
}

TEST_F(StatsdSinkTest, CountsWhatNobodyListensTo) {
    const auto lines = many_lines(500);
    const auto sink = make(fmt::format("127.0.0.1:{}", testing::free_udp_port()));
    const Delivery delivery = sink->send(lines);
    EXPECT_EQ(delivery.sent, 0U);
    EXPECT_EQ(delivery.dropped, lines.size());
    EXPECT_NE(delivery.problem.find("refused"), std::string::npos) << delivery.problem;
}

TEST_F(StatsdSinkTest, RemembersThatANameDoesNotExist) {
    for (const std::string scheme : {"udp", "tcp"}) {
        const auto sink = make(scheme + "://no-such-host.invalid:8125");
        const std::vector<std::string> lines{"a:1|c", "b:1|c"};
        const Delivery first = sink->send(lines);
        EXPECT_EQ(first.dropped, 2U);
        EXPECT_NE(first.problem.find("looking up no-such-host.invalid"), std::string::npos)
            << first.problem;
        EXPECT_NE(first.problem.find("statsd.address"), std::string::npos) << first.problem;
        EXPECT_EQ(sink->send(lines), first);
    }
}

TEST_F(StatsdSinkTest, GivesUpALookUpThatTakesTooLong) {
    const auto sink =
        make_statsd_sink({.address = parse_statsd_address("no-such-host.invalid:8125"),
                          .job = "lag",
                          .resolve_timeout = milliseconds(0)},
                         clock_,
                         stop_);
    const std::vector<std::string> lines{"a:1|c"};
    EXPECT_EQ(sink->send(lines).dropped, 1U);
}

TEST_F(StatsdSinkTest, StopsWhenItsTimeIsOver) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    clock_.on_wait([&] { clock_.advance(milliseconds(700)); });  // 705 ms a burst, 2 s in all
    const auto lines = many_lines(5'000);
    const auto sink = make(fmt::format("127.0.0.1:{}", receiver.port()));
    const Delivery delivery = sink->send(lines);
    EXPECT_EQ(receiver.take().size(), 30U);
    EXPECT_EQ(delivery.sent + delivery.dropped, lines.size());
    EXPECT_NE(delivery.problem.find("time"), std::string::npos) << delivery.problem;
    EXPECT_EQ(sink->send(lines).sent, 0U) << "the time is one for the whole run";
}

TEST_F(StatsdSinkTest, HurriesOnceAStopWasRequested) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    clock_.on_wait([&] { clock_.advance(milliseconds(200)); });  // 205 ms a burst, 300 ms in all
    stop_.request(SIGTERM);
    const Delivery delivery =
        make(fmt::format("127.0.0.1:{}", receiver.port()))->send(many_lines(5'000));
    EXPECT_EQ(receiver.take().size(), 20U);
    EXPECT_GT(delivery.dropped, 0U);
}

TEST_F(StatsdSinkTest, StillSendsAFewLinesAfterAStop) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    stop_.request(SIGTERM);
    const std::vector<std::string> lines{"a:1|c"};
    EXPECT_EQ(make(fmt::format("127.0.0.1:{}", receiver.port()))->send(lines).sent, 1U);
    EXPECT_EQ(receiver.take().size(), 1U);
}

TEST_F(StatsdSinkTest, EndsTheLastLineOverTcp) {
    StreamReceiver receiver(1);
    const auto lines = many_lines(20'000);  // more than the socket's buffers hold
    const Delivery delivery = make(fmt::format("tcp://127.0.0.1:{}", receiver.port()))->send(lines);
    EXPECT_EQ(delivery, (Delivery{.sent = 20'000, .dropped = 0, .problem = {}}));
    EXPECT_EQ(receiver.text(), joined(lines));
}

TEST_F(StatsdSinkTest, RemembersThatNoTcpServerListens) {
    const auto sink = make(fmt::format("tcp://127.0.0.1:{}", testing::free_tcp_port()));
    const std::vector<std::string> lines{"a:1|c"};
    const Delivery first = sink->send(lines);
    EXPECT_EQ(first.dropped, 1U);
    EXPECT_NE(first.problem.find("refused"), std::string::npos) << first.problem;
    EXPECT_EQ(sink->send(lines), first);
}

TEST_F(StatsdSinkTest, AppendsToAFile) {
    const TempDir dir;
    std::ofstream(dir.file("lines")) << "before\n";
    const std::vector<std::string> lines{"a:1|c", "b:0|g\nb:-1|g"};
    EXPECT_EQ(make("file://" + dir.file("lines"))->send(lines).sent, 2U);
    std::ifstream file(dir.file("lines"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
              "before\na:1|c\nb:0|g\nb:-1|g\n");
}

TEST_F(StatsdSinkTest, SurvivesAFileThatTakesNothing) {
    const TempDir dir;
    ASSERT_EQ(::mkfifo(dir.file("pipe").c_str(), 0600), 0);
    const std::vector<std::string> lines{"a:1|c"};
    for (const std::string& path : {std::string("/dev/full"),
                                    dir.file("no/such/directory"),
                                    dir.path().string(),
                                    dir.file("pipe")}) {
        const Delivery delivery = make("file://" + path)->send(lines);
        EXPECT_EQ(delivery.dropped, 1U) << path;
        EXPECT_NE(delivery.problem.find(path), std::string::npos) << delivery.problem;
    }
}

TEST_F(StatsdSinkTest, SurvivesAUnixSocketThatIsNotThere) {
    const TempDir dir;
    const std::vector<std::string> lines{"a:1|c"};
    const Delivery delivery = make("unixgram://" + dir.file("none"))->send(lines);
    EXPECT_EQ(delivery.dropped, 1U);
    EXPECT_NE(delivery.problem.find("No such file"), std::string::npos) << delivery.problem;
}

}  // namespace
}  // namespace caretaker
