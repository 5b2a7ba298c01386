// SPDX-License-Identifier: Apache-2.0
// The command line of `status`, and what it shows of a store in memory.
#include "jobs/status/status_job.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class StatusJob : public testing::Test {
 protected:
    Report status(std::vector<std::string> args = {}) {
        const auto job = make_status_job();
        CLI::App app;
        CommandOptions command(app);
        job->describe(command);
        std::ranges::reverse(args);  // as CLI11 wants a vector
        app.parse(args);

        const Connectors connect;
        Log log(LogLevel::off, LogFormat::plain);
        const StopSignal stop;
        RunInfo run;
        run.target = target_;
        run.host = "agent-1";
        Context context{clock_, connect, store_.get(), log, settings_, stop, run};
        context.settings_problem = settings_problem_;
        return job->run(context);
    }

    void run(int number, Outcome outcome, const std::string& job = "lag") {
        store_->close_run(store_->begin_run(make_run(number, job)),
                          make_close({}, number, outcome));
    }

    static Cell cell(const Report& report, std::size_t row, const std::string& key) {
        const auto& columns = report.table.columns;
        const auto found = std::ranges::find(columns, key, &Column::key);
        return report.table.rows.at(row).at(static_cast<std::size_t>(found - columns.begin()));
    }

    void expect_every(const std::string& job, const std::string& every) {
        settings_.set({.path = "status.expected_every", .value = TextMap{{job, every}}});
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    FakeClock clock_{first_start + std::chrono::minutes(5)};
    Settings settings_;
    std::string target_;
    std::string settings_problem_;
};

TEST_F(StatusJob, HasNothingToShowWithoutAStoreOrRuns) {
    EXPECT_EQ(status().summary, "no runs yet");
    EXPECT_EQ(status().nagios, NagiosState::ok);
    store_.reset();
    EXPECT_EQ(status().summary, "no runs yet");
    EXPECT_EQ(status().nagios, NagiosState::ok);
    EXPECT_FALSE(status().table.columns.empty());
}

TEST_F(StatusJob, DoesNotKnowAJobThatNeverRan) {
    run(1, Outcome::ok);
    const Report report = status({"--job", "rotate"});
    EXPECT_EQ(report.summary, "no such job has run");
    EXPECT_EQ(report.nagios, NagiosState::unknown);
    target_ = "elsewhere";
    EXPECT_EQ(status().nagios, NagiosState::unknown);
}

TEST_F(StatusJob, ShowsARowForEachJobByName) {
    run(1, Outcome::ok, "rotate");
    run(2, Outcome::failed, "lag");
    const Report report = status();
    ASSERT_EQ(report.table.rows.size(), 2U);
    EXPECT_EQ(cell(report, 0, "job"), Cell("lag"));
    EXPECT_EQ(cell(report, 0, "state"), Cell("critical"));
    EXPECT_EQ(cell(report, 0, "outcome"), Cell("failed"));
    EXPECT_EQ(cell(report, 0, "age"), Cell("2 min 58 s"));
    EXPECT_EQ(cell(report, 0, "last_ok_age"), Cell());
    EXPECT_EQ(cell(report, 0, "streak"), Cell("1 bad"));
    EXPECT_EQ(cell(report, 1, "state"), Cell("ok"));
    EXPECT_EQ(cell(report, 1, "last_ok_at"), Cell(make_close({}, 1).ended_at));
    EXPECT_EQ(report.nagios, NagiosState::critical);
    EXPECT_EQ(report.summary, "1 of 2 not well: lag prod: last run: failed");
    EXPECT_EQ(report.outcome, Outcome::ok) << "what is shown is no failure of showing it";
    EXPECT_EQ(status({"--job", "rotate"}).summary, "1 job, all well");
}

TEST_F(StatusJob, KnowsWhatTheConfigurationExpects) {
    run(1, Outcome::ok);
    expect_every("lag", "1m");
    const Report overdue = status();
    EXPECT_EQ(cell(overdue, 0, "next"), Cell("overdue"));
    EXPECT_EQ(cell(overdue, 0, "overdue"), Cell(true));
    EXPECT_EQ(cell(overdue, 0, "expected_every_ms"), Cell(std::int64_t{60'000}));
    EXPECT_EQ(cell(overdue, 0, "expected_by"), Cell("configuration"));
    EXPECT_EQ(overdue.nagios, NagiosState::critical);
    EXPECT_EQ(status({"--max-age", "4"}).nagios, NagiosState::ok);
    EXPECT_EQ(cell(status({"--max-age", "4"}), 0, "next"), Cell("3 min ago"));
    expect_every("lag", "10m");
    EXPECT_EQ(cell(status(), 0, "next"), Cell("in 6 min"));
}

TEST_F(StatusJob, ListsAJobThatIsExpectedButNeverRan) {
    run(1, Outcome::ok);
    expect_every("cleanup", "1d");
    const Report report = status();
    ASSERT_EQ(report.table.rows.size(), 2U);
    EXPECT_EQ(cell(report, 0, "job"), Cell("cleanup"));
    EXPECT_EQ(cell(report, 0, "outcome"), Cell());
    EXPECT_EQ(report.nagios, NagiosState::critical);
    EXPECT_EQ(status({"--job", "lag"}).nagios, NagiosState::ok);
    store_.reset();
    EXPECT_EQ(status().nagios, NagiosState::critical);
}

TEST_F(StatusJob, ShowsHolds) {
    run(1, Outcome::ok);
    store_->holds().set({.scope = "all",
                         .until = first_start + std::chrono::hours(1),
                         .reason = "brokers move",
                         .by = "ann@agent-1",
                         .created_at = first_start});
    const Report report = status();
    EXPECT_EQ(cell(report, 0, "hold_reason"), Cell("brokers move"));
    EXPECT_EQ(cell(report, 0, "held_by"), Cell("ann@agent-1"));
    EXPECT_EQ(report.nagios, NagiosState::ok);
}

TEST_F(StatusJob, ShowsARunThatDied) {
    store_->begin_run(make_run(1));  // a store in memory has no locks, so nobody holds this run's
    const Report report = status();
    EXPECT_EQ(cell(report, 0, "running_id"), Cell());
    EXPECT_EQ(report.nagios, NagiosState::critical);
}

TEST_F(StatusJob, CountsForPerformanceData) {
    run(1, Outcome::ok, "rotate");
    run(2, Outcome::failed, "lag");
    std::string text;
    for (const Metric& metric : status().metrics) {
        text += metric.name + "=" + std::to_string(static_cast<int>(metric.value)) + " ";
    }
    EXPECT_EQ(text, "jobs=2 critical=1 warning=0 overdue=0 running=0 held=0 findings=0 ");
}

TEST_F(StatusJob, IsUnknownAtLeastWhenTheConfigurationIsDamaged) {
    settings_problem_ = "reading the configuration: broken.yml:1:1: unknown key 'statu'";
    EXPECT_EQ(status().nagios, NagiosState::unknown);
    run(1, Outcome::ok);
    EXPECT_EQ(status().nagios, NagiosState::unknown);
    run(2, Outcome::failed);
    EXPECT_EQ(status().nagios, NagiosState::critical);
}

TEST_F(StatusJob, RefusesASenselessAge) {
    EXPECT_THROW(status({"--max-age", "0.5"}), CLI::ParseError);
    EXPECT_THROW(status({"--max-age", "soon"}), CLI::ParseError);
}

}  // namespace

}  // namespace caretaker
