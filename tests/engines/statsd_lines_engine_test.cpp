// SPDX-License-Identifier: Apache-2.0
// Our lines, by every way there is, as the original StatsD server counts them.
#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_lines.hpp"
#include "common/metrics/statsd_sink.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/statsd_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

class StatsdLineForms : public ::testing::Test {
 protected:
    void SetUp() override {
        try {
            statsd_ = std::make_unique<StatsdServer>();
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
        }
    }

    [[nodiscard]] const StatsdServer& statsd() const { return *statsd_; }

    Delivery send(const std::string& address, const std::vector<std::string>& lines) {
        return make_statsd_sink(
                   {.address = parse_statsd_address(address), .job = "lag"}, clock_, stop_)
            ->send(lines);
    }

    [[nodiscard]] double bad_lines() const {
        return statsd().counters().at("statsd.bad_lines_seen");
    }

 private:
    std::unique_ptr<StatsdServer> statsd_;
    SystemClock clock_{};
    StopSignal stop_{};
};

Metric metric(std::string name, MetricKind kind, double value) {
    return {
        .name = std::move(name), .kind = kind, .value = value, .labels = {{"group", "bil.ling"}}};
}

/// One of everything; "last" comes last.
std::vector<Metric> sample() {
    return {
        metric("count", MetricKind::counter, 3),
        metric("count", MetricKind::counter, 4.5),
        metric("less", MetricKind::counter, -2),
        metric("up", MetricKind::gauge, 12.25),
        metric("down", MetricKind::gauge, -7),
        metric("large", MetricKind::gauge, 9e15),
        metric("small", MetricKind::gauge, 0.000001),
        metric("time", MetricKind::timer, 17),
        metric("time", MetricKind::timer, 0.5),
        metric("last", MetricKind::counter, 1),
    };
}

struct Expected {
    StatsdDialect dialect;
    std::string before;  // a metric's own name, as the server stores it
    std::string behind;
};

/// What the server does with tags: Graphite's stay, DogStatsD's become Graphite's.
const std::vector<Expected> forms{
    {StatsdDialect::none, "p.lag.prod.group.bil_ling.", ""},
    {StatsdDialect::graphite, "p.lag.", ";target=prod;group=bil_ling"},
    {StatsdDialect::dogstatsd, "p.lag.", ";target=prod;group=bil.ling"},
};

TEST_F(StatsdLineForms, AreCountedAsSentInTheDialectsThatTheServerKnows) {
    for (const Expected& form : forms) {
        const auto lines =
            format_statsd(sample(),
                          {.prefix = "p", .job = "lag", .target = "prod", .dialect = form.dialect})
                .lines;
        ASSERT_EQ(send(statsd().address(), lines).dropped, 0U);
        const auto name = [&](const std::string& own) { return form.before + own + form.behind; };
        ASSERT_TRUE(statsd().wait_for_counter(name("last"), 30s)) << name("last");
        const auto counters = statsd().counters();
        EXPECT_EQ(counters.at(name("count")), 7.5);
        EXPECT_EQ(counters.at(name("less")), -2);
        const auto gauges = statsd().gauges();
        EXPECT_EQ(gauges.at(name("up")), 12.25);
        EXPECT_EQ(gauges.at(name("down")), -7);
        EXPECT_EQ(gauges.at(name("large")), 9e15);
        EXPECT_EQ(gauges.at(name("small")), 0.000001);
        EXPECT_EQ(statsd().timers().at(name("time")), (std::vector<double>{17, 0.5}));
    }
    EXPECT_EQ(bad_lines(), 0);
}

TEST_F(StatsdLineForms, SetANegativeGaugeOnceMoreToItsValue) {
    const StatsdNaming naming{.prefix = "p", .job = "lag", .target = "prod"};
    for (const double value : {10.0, -3.0, -5.0, 0.0, -1.0}) {
        const std::string mark = fmt::format("mark{}", value);
        const std::vector<Metric> metrics{{.name = "g", .kind = MetricKind::gauge, .value = value},
                                          {.name = mark, .kind = MetricKind::counter, .value = 1}};
        const auto lines = format_statsd(metrics, naming).lines;
        const std::string counter = lines.back().substr(0, lines.back().find(':'));
        // A datagram may get lost on a busy machine; the gauge may be set as often as one likes.
        bool arrived = false;
        for (int tries = 0; tries < 3 && !arrived; ++tries) {
            ASSERT_EQ(send(statsd().address(), lines).problem, "");
            arrived = statsd().wait_for_counter(counter, 10s);
        }
        ASSERT_TRUE(arrived) << counter;
        EXPECT_EQ(statsd().gauges().at("p.lag.prod.g"), value);
    }
    EXPECT_EQ(bad_lines(), 0);
}

TEST_F(StatsdLineForms, AreNoBadLinesInTheDialectsOfOtherReceivers) {
    for (const StatsdDialect dialect :
         {StatsdDialect::influx, StatsdDialect::librato, StatsdDialect::signalfx}) {
        const auto lines = format_statsd(
            sample(), {.prefix = "p", .job = "lag", .target = "prod", .dialect = dialect});
        EXPECT_EQ(send("tcp://" + statsd().address(), lines.lines).dropped, 0U);
    }
    const std::vector<std::string> last{"end:1|c"};
    send("tcp://" + statsd().address(), last);
    ASSERT_TRUE(statsd().wait_for_counter("end", 30s));
    EXPECT_EQ(bad_lines(), 0);
}

TEST_F(StatsdLineForms, ArriveByTcpAndIpv6ToTheLastLine) {
    std::vector<std::string> addresses{"tcp://" + statsd().address(),
                                       "udp://" + statsd().address()};
    if (!statsd().address_v6().empty()) {
        addresses.push_back(statsd().address_v6());
    }
    double sent = 0;
    for (const std::string& address : addresses) {
        const std::vector<std::string> lines{"way.count:1|c", fmt::format("way.end{}:1|c", sent)};
        EXPECT_EQ(send(address, lines), (Delivery{.sent = 2, .dropped = 0, .problem = {}}));
        ASSERT_TRUE(statsd().wait_for_counter(fmt::format("way.end{}", sent), 30s)) << address;
        ++sent;
        EXPECT_EQ(statsd().counters().at("way.count"), sent);
    }
    EXPECT_EQ(bad_lines(), 0);
}

/// What the default pauses are for: none of 200 000 lines is lost in the server's receive buffer.
/// They are sent as 40 runs would send them, each up to its limit of 5 000 lines.
TEST_F(StatsdLineForms, AreAllCountedWhenTwoHundredThousandAreSent) {
    constexpr int runs = 40;
    constexpr int lines_per_run = 5'000;
    std::vector<std::string> lines;
    lines.reserve(lines_per_run);
    for (int i = 0; i < lines_per_run; ++i) {
        lines.push_back(fmt::format("caretaker.lag.prod.group.billing.count{:04}:1|c", i));
    }
    const auto start = std::chrono::steady_clock::now();
    for (int run = 0; run < runs; ++run) {
        ASSERT_EQ(send(statsd().address(), lines),
                  (Delivery{.sent = lines_per_run, .dropped = 0, .problem = {}}));
    }
    const auto spent = std::chrono::steady_clock::now() - start;
    const std::vector<std::string> last{"end:1|c"};
    send("tcp://" + statsd().address(), last);
    const auto counted = [this] {
        const auto counters = statsd().counters();
        return std::accumulate(
            counters.begin(), counters.end(), 0.0, [](double sum, const auto& entry) {
                return sum + (entry.first.starts_with("caretaker.") ? entry.second : 0);
            });
    };
    double arrived = counted();
    // The datagrams still wait in the socket; the server reads them all unless some were lost.
    for (double before = -1; arrived != before && arrived < runs * lines_per_run;) {
        before = arrived;
        ASSERT_TRUE(statsd().wait_for_counter("end", 30s));
        arrived = counted();
    }
    const double seconds = std::chrono::duration<double>(spent).count();
    RecordProperty("seconds", fmt::format("{:.2f}", seconds));
    fmt::print("200000 lines in {:.2f} s, {:.0f} lost\n", seconds, runs * lines_per_run - arrived);
    EXPECT_EQ(arrived, runs * lines_per_run);
    EXPECT_EQ(bad_lines(), 0);
}

}  // namespace
}  // namespace caretaker::testing
