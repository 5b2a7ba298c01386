// SPDX-License-Identifier: Apache-2.0
// The command line of `history`, and what it reports from a store in memory.
#include "jobs/history/history_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/unit/jobs/history_command.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class HistoryJob : public testing::Test {
 protected:
    /// Parses `args` and runs the command. Throws CLI::ParseError and Error.
    Report history(std::vector<std::string> args) {
        const Connectors connect;
        Log log(LogLevel::off, LogFormat::plain);
        const StopSignal stop;
        const Settings settings;
        RunInfo run;
        run.target = target_;
        Context context{clock_, connect, store_.get(), log, settings, stop, run};
        return run_history(std::move(args), context);
    }

    /// The short ids of the runs listed, which here end in the run's number.
    std::string listed(std::vector<std::string> args) {
        std::string text;
        for (const auto& row : history(std::move(args)).table.rows) {
            text += std::to_string(std::stoi(std::get<std::string>(row.at(0)))) + " ";
        }
        return text;
    }

    void add(int number, Outcome outcome = Outcome::ok, const RunInfo* info = nullptr) {
        Report report{.summary = "6 groups"};
        report.metrics = {{.name = "groups", .value = 1.0 * number}};
        const std::int64_t id = store_->begin_run(info != nullptr ? *info : make_run(number));
        store_->close_run(id, make_close(report, number, outcome));
    }

    /// 1 ok, 2 failed, 3 on another target by hand, 4 another job.
    void fill() {
        add(1);
        add(2, Outcome::failed);
        RunInfo by_hand = make_run(3, "lag", "test");
        by_hand.trigger = "manual";
        by_hand.host = "laptop";
        add(3, Outcome::ok, &by_hand);
        const RunInfo other_job = make_run(4, "cleanup");
        add(4, Outcome::skipped, &other_job);
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    FakeClock clock_{first_start + std::chrono::hours(1)};
    std::string target_;
};

TEST_F(HistoryJob, HasNoRunsWithoutAStoreYet) {
    store_.reset();
    for (const auto& args : {std::vector<std::string>{}, {"show", "last"}, {"--job", "lag"}}) {
        const Report report = history(args);
        EXPECT_EQ(report.outcome, Outcome::ok);
        EXPECT_EQ(report.summary, "no runs yet");
        EXPECT_TRUE(report.table.rows.empty());
        EXPECT_FALSE(report.table.columns.empty());
    }
}

TEST_F(HistoryJob, HasNoRunsInAnEmptyStore) {
    EXPECT_EQ(history({}).summary, "no runs yet");
    EXPECT_EQ(history({"show", "last-ok:lag"}).summary, "no runs yet");
}

TEST_F(HistoryJob, ListsRunsByFilters) {
    fill();
    EXPECT_EQ(listed({}), "4 3 2 1 ");
    EXPECT_EQ(listed({"--job", "lag"}), "3 2 1 ");
    EXPECT_EQ(listed({"--outcome", "ok"}), "3 1 ");
    EXPECT_EQ(listed({"--failed"}), "2 ");
    EXPECT_EQ(listed({"--trigger", "manual"}), "3 ");
    EXPECT_EQ(listed({"--host", "laptop"}), "3 ");
    EXPECT_EQ(listed({"--since", "58m"}), "4 3 2 ");
    EXPECT_EQ(listed({"--until", "58m"}), "1 ");
    EXPECT_EQ(listed({"--since", "2026-05-03T03:12:00Z"}), "4 3 ");
    EXPECT_EQ(listed({"--limit", "1"}), "4 ");
    target_ = "test";
    EXPECT_EQ(listed({}), "3 ");
}

TEST_F(HistoryJob, SaysHowManyRunsItShows) {
    fill();
    EXPECT_EQ(history({}).summary, "4 runs");
    EXPECT_EQ(history({"--failed"}).summary, "1 run");
    EXPECT_EQ(history({"--job", "rotate"}).summary, "no such run");
    EXPECT_EQ(history({"--limit", "3"}).summary, "the newest 3 runs; --limit shows more");
    EXPECT_EQ(history({"--limit", "4"}).summary, "4 runs");
}

TEST_F(HistoryJob, ShowsOneRun) {
    fill();
    const Report report = history({"show", "last-ok:lag"});
    EXPECT_EQ(report.summary, "run 00000003 of lag test: ok after 2.5 s");
    EXPECT_EQ(report.table.rows.size(), 1U);
    ASSERT_EQ(report.details.size(), 2U);
    EXPECT_EQ(report.details[0].title, "Run");
    EXPECT_EQ(report.details[1].title, "Metrics");
    target_ = "prod";
    EXPECT_EQ(history({"show", "last-ok:lag"}).summary, "run 00000001 of lag prod: ok after 2.5 s");
    EXPECT_EQ(history({"show", make_uid(2)}).summary,
              "run 00000002 of lag prod: failed after 2.5 s");
}

TEST_F(HistoryJob, ShowsARunUnderWay) {
    store_->begin_run(make_run(1));
    EXPECT_EQ(history({"show", "last"}).summary, "run 00000001 of lag prod: running");
}

TEST_F(HistoryJob, RefusesARunThatIsNotThereOrNotOneOnly) {
    fill();
    EXPECT_THROW(history({"show", "ffff"}), UsageError);
    EXPECT_THROW(history({"show", "last:rotate"}), UsageError);
    EXPECT_THROW(history({"show", "019de7a1"}), UsageError);
    EXPECT_THROW(history({"show", "yesterday"}), UsageError);
}

TEST_F(HistoryJob, ComparesTwoRuns) {
    fill();
    const Report report = history({"diff", "last-ok:lag", make_uid(2)});
    EXPECT_EQ(report.summary, "5 differences between 00000003 (a) and 00000002 (b)");
    EXPECT_EQ(report.table.rows.size(), 5U);
    EXPECT_EQ(history({"diff", "last", "last"}).summary,
              "no difference between 00000004 and 00000004");
}

TEST_F(HistoryJob, ComparesNothingBeforeTheFirstRun) {
    EXPECT_EQ(history({"diff", "last", "last:lag"}).summary, "no runs yet");
    fill();
    EXPECT_THROW(history({"diff", "last", "ffff"}), UsageError);
    EXPECT_THROW(history({"diff", "ffff", "last"}), UsageError);
}

TEST_F(HistoryJob, ListsWhatWasDoneToOneThing) {
    EXPECT_EQ(history({"subject", "logs-1"}).summary, "no runs yet");
    Report report;
    report.actions = {{.kind = "delete", .subject = "logs-1", .reason = "34 d old"}};
    for (int number = 1; number <= 3; ++number) {
        store_->close_run(store_->begin_run(make_run(number)), make_close(report, number));
    }
    EXPECT_EQ(history({"subject", "logs-1"}).summary, "3 actions on logs-1");
    EXPECT_EQ(history({"subject", "logs-1", "--limit", "2"}).summary,
              "the newest 2 actions; --limit shows more");
    EXPECT_EQ(history({"subject", "logs-1", "--limit", "2"}).table.rows.size(), 2U);
    EXPECT_EQ(history({"subject", "logs"}).summary,
              "no action on logs; the name must be the whole one");
    EXPECT_EQ(history({"subject", "logs-1", "--job", "rotate"}).table.rows.size(), 0U);
}

TEST_F(HistoryJob, RefusesWrongOptions) {
    for (const auto& args : std::vector<std::vector<std::string>>{
             {"show"},
             {"show", "last", "last"},
             {"diff", "last"},
             {"diff", "last", "last", "last"},
             {"subject"},
             {"show", "last", "diff", "last", "last"},
             {"--outcome", "fine"},
             {"--outcome", "ok", "--failed"},
             {"--since", "yesterday"},
             {"--until", "7"},
             {"--trigger", "moon"},
             {"--limit", "0"},
             {"--limit", "-1"},
             {"--limit", "100001"},
             {"--limit", "many"},
             {"nonsense"},
         }) {
        EXPECT_THROW(history(args), CLI::ParseError) << args.front();
    }
}

TEST_F(HistoryJob, IsNeitherRecordedNorLocked) {
    EXPECT_EQ(history_job_entry().info.kind, JobKind::inspect);
    EXPECT_EQ(history_job_entry().info.name, "history");
}

}  // namespace

}  // namespace caretaker
