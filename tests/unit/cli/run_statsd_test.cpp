// SPDX-License-Identifier: Apache-2.0
// Which lines leave during a run, and under which names.
#include "common/cli/run_statsd.hpp"

#include "common/base/stop_signal.hpp"
#include "common/cli/run_metrics.hpp"
#include "common/config/settings.hpp"
#include "common/output/console.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_sink.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace caretaker {
namespace {

using Lines = std::vector<std::string>;

class RunStatsdTest : public ::testing::Test {
 protected:
    RunStatsd make() { return {settings_, run_, world_}; }

    static std::vector<Metric> metrics() {
        return {{.name = "run.ok", .kind = MetricKind::counter, .value = 1},
                {.name = "lag.total", .kind = MetricKind::gauge, .value = 5}};
    }

    std::shared_ptr<SentMetrics> sent_ = std::make_shared<SentMetrics>();
    FakeClock clock_{};
    StopSignal stop_{};
    Console console_{-1};
    StatusLine status_{};
    World world_{
        .clock = clock_,
        .stop = stop_,
        .console = console_,
        .connect = {},
        .make_metric_sink = [this](const StatsdOptions&, Clock&, const StopSignal&)
            -> std::unique_ptr<MetricSink> { return std::make_unique<RecordingSink>(sent_); },
        .environment = {},
        .status = status_,
        .ask = {}};
    Settings settings_{};
    RunInfo run_{.job = "lag", .target = "prod"};
};

TEST_F(RunStatsdTest, SendsEverythingUnderTheRunsName) {
    RunStatsd statsd = make();
    statsd.send(metrics());
    EXPECT_EQ(sent_->lines,
              (Lines{"caretaker.lag.prod.run.ok:1|c", "caretaker.lag.prod.lag.total:5|g"}));
    EXPECT_EQ(statsd.sent(), 2);
    EXPECT_EQ(statsd.dropped(), 0);
    EXPECT_EQ(statsd.problem(), "");
}

TEST_F(RunStatsdTest, SendsOnlyTheRunsOwnLinesWhenItIsDry) {
    run_.dry_run = true;
    make().send(metrics());
    EXPECT_EQ(sent_->lines, (Lines{"caretaker.lag.prod.dry.run.ok:1|c"}));
}

TEST_F(RunStatsdTest, SendsOnlyTheRunsOwnLinesAfterAStop) {
    stop_.request(SIGTERM);
    make().send(metrics());
    EXPECT_EQ(sent_->lines, (Lines{"caretaker.lag.prod.run.ok:1|c"}));
}

TEST_F(RunStatsdTest, CountsALostRunUnderItsOwnJobAlsoInADryRun) {
    run_.dry_run = true;
    make().send_lost("cleanup", "stage");
    EXPECT_EQ(sent_->lines, (Lines{"caretaker.cleanup.stage.run.lost:1|c"}));
}

TEST_F(RunStatsdTest, TellsWhatWasDroppedWhileOthersArrived) {
    settings_.set({.path = "statsd.max_lines", .value = std::int64_t{1}});
    RunStatsd statsd = make();
    statsd.send_dropped();
    EXPECT_TRUE(sent_->lines.empty());
    statsd.send(metrics());
    statsd.send_dropped();
    EXPECT_EQ(sent_->lines,
              (Lines{"caretaker.lag.prod.run.ok:1|c", "caretaker.lag.prod.statsd.dropped:1|c"}));
    EXPECT_EQ(statsd.dropped(), 1);
}

TEST_F(RunStatsdTest, KeepsTheFirstReasonWhyLinesWereDropped) {
    sent_->problem = "nobody listens";
    RunStatsd statsd = make();
    statsd.send(metrics());
    statsd.send_dropped();
    EXPECT_EQ(statsd.sent(), 0);
    EXPECT_EQ(statsd.dropped(), 2);
    EXPECT_EQ(statsd.problem(), "nobody listens");
}

}  // namespace
}  // namespace caretaker
