// SPDX-License-Identifier: Apache-2.0
// No statement of the store walks through a table that grows: every one that runs here is caught on
// its way into SQLite and its plan read.
#include "common/store/action_log.hpp"
#include "common/store/database.hpp"
#include "common/store/finding_acks.hpp"
#include "common/store/finding_queries.hpp"
#include "common/store/findings_recorder.hpp"
#include "common/store/holds.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/migrations.hpp"
#include "common/store/run_queries.hpp"
#include "common/store/run_recorder.hpp"
#include "common/store/run_selector.hpp"
#include "common/store/schema.hpp"
#include "common/store/status_queries.hpp"
#include "common/store/subject_queries.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>
#include <string>
#include <vector>

namespace caretaker {

namespace {

int note_statement(unsigned /*event*/, void* user, void* statement, void* /*text*/) {
    static_cast<std::set<std::string>*>(user)->insert(
        sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
}

class QueryPlans : public testing::Test {
 protected:
    QueryPlans() {
        migrate(database_, schema_steps());
        sqlite3_trace_v2(database_.handle(), SQLITE_TRACE_STMT, note_statement, &statements_);
    }

    ~QueryPlans() override { sqlite3_trace_v2(database_.handle(), 0, nullptr, nullptr); }

    /// The steps of the plans of all statements so far, each after its statement.
    std::vector<std::string> explain() {
        sqlite3_trace_v2(database_.handle(), 0, nullptr, nullptr);
        std::vector<std::string> steps;
        for (const std::string& sql : statements_) {
            if (!sql.starts_with("--")) {  // what a foreign key does by itself
                Statement plan = database_.prepare("EXPLAIN QUERY PLAN " + sql);
                while (plan.step()) {
                    steps.push_back(sql + "\n  " + plan.text(3));
                }
            }
        }
        return steps;
    }

    void expect_no_table_scan() {
        int searches = 0;
        for (const std::string& step : explain()) {
            const std::size_t detail = step.rfind("\n  ") + 3;
            const std::string text = step.substr(detail);
            searches += text.starts_with("SEARCH") ? 1 : 0;
            // job_status has one row for each job and target, so that it hardly grows.
            const bool scans = text.starts_with("SCAN") && text != "SCAN job_status" &&
                               text.find("INDEX") == std::string::npos;
            EXPECT_FALSE(scans) << step;
        }
        EXPECT_GT(searches, 0) << "nothing was caught";
    }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
    std::set<std::string> statements_;
};

Report make_full_report() {
    Report report;
    report.findings = {make_finding("a")};
    report.actions = {{.kind = "delete", .subject = "x", .reason = "old"}};
    report.metrics = {{.name = "n", .value = 1},
                      {.name = "m", .value = 1, .labels = {{"a", "1"}, {"b", "2"}}}};
    report.samples = {{.series = "lag", .value = 1}};
    return report;
}

TEST_F(QueryPlans, OfWritingUseIndices) {
    const Report report = make_full_report();
    const Report empty;
    for (int number = 1; number <= 3; ++number) {
        RunInfo run = make_run(number);
        run.attempt = 1;
        insert_run(database_, next_run_id(database_), run);
        record_close(database_, number, make_close(number == 3 ? empty : report, number), 5000);
    }
    insert_run(database_, 4, make_run(4));
    const auto running = find_running(database_, "agent-1");
    ASSERT_EQ(running.size(), 1U);
    record_loss(database_, running[0].run, first_start);
    acknowledge_finding(database_, 1, first_start, "known");
    withdraw_acknowledgement(database_, 1);
    const std::vector<std::size_t> first{0};
    ActionLog log(database_, 4);
    log.start(report.actions, first);
    log.finish(report.actions, first);
    const std::vector<SettledAction> settled{{.id = 1, .done = true}, {.id = 2}};
    settle_actions(database_, settled, "uid", first_start);
    HoldTable holds(database_);
    holds.set({.scope = "lag", .until = first_start, .reason = "r", .by = "b"});
    holds.remove("lag", "b", first_start);
    JobMemory memory(database_, "lag", "prod");
    memory.write([&] { memory.save({"window", "g", "t"}, "x", first_start); });
    expect_no_table_scan();
}

TEST_F(QueryPlans, OfReadingUseIndices) {
    insert_run(database_, 1, make_run(1));
    const WallTime time = first_start;
    for (const RunFilter& filter : std::vector<RunFilter>{
             {},
             {.job = "lag"},
             {.job = "lag", .target = "prod"},
             {.target = "prod"},
             {.outcome = "running"},
             {.failed = true},
             {.failed = true, .since = time},
             {.since = time, .until = time},
             {.trigger = "cron", .host = "h"},
             {.job = "lag", .target = "prod", .outcome = "ok", .since = time},
         }) {
        fetch_runs(database_, filter);
    }
    fetch_run_details(database_, 1);
    fetch_samples(database_, "lag", "prod", {}, time);
    fetch_job_status(database_, "lag", "prod");
    fetch_unsettled_actions(database_, "lag", "prod");
    fetch_newest_end(database_, "agent-1");
    const std::vector<Finding> findings{make_finding("a")};
    fetch_acknowledged(database_, "lag", "prod", findings, time);
    static_cast<void>(HoldTable(database_).find("lag", time));
    select_run(database_, "last-ok:lag", "prod");
    select_run(database_, "019d", "");
    fetch_subject_actions(database_, "logs-1", {});
    fetch_subject_actions(database_, "logs-1", {.job = "lag", .since = time});
    for (const FindingFilter& filter : std::vector<FindingFilter>{
             {}, {.job = "lag"}, {.job = "lag", .target = "prod"}, {.target = "prod"}}) {
        fetch_findings(database_, filter);
    }
    select_finding(database_, "1");
    select_finding(database_, "00ff");
    fetch_standings(database_, "", "", time);
    fetch_standings(database_, "lag", "prod", time);
    fetch_runs_under_way(database_, "");
    JobMemory memory(database_, "lag", "prod");
    static_cast<void>(memory.find({"window", "g", "t"}));
    static_cast<void>(memory.parts("window", "g"));
    static_cast<void>(memory.knows_any("window", time));
    expect_no_table_scan();
}

TEST_F(QueryPlans, OfTheListsOfRunsNeedNoSortingOfAllRows) {
    for (const RunFilter& filter : std::vector<RunFilter>{
             {}, {.since = first_start}, {.job = "lag", .target = "prod"}, {.failed = true}}) {
        fetch_runs(database_, filter);
    }
    fetch_findings(database_, {});
    for (const std::string& step : explain()) {
        EXPECT_EQ(step.find("USE TEMP B-TREE FOR ORDER BY"), std::string::npos) << step;
    }
}

TEST_F(QueryPlans, OfHowJobsStandWalkThroughNoIndexOfAllRuns) {
    fetch_standings(database_, "", "", first_start);
    fetch_runs_under_way(database_, "");
    for (const std::string& step : explain()) {
        EXPECT_FALSE(step.find("SCAN runs") != std::string::npos &&
                     step.find("USING INDEX runs_open") == std::string::npos)
            << step;
    }
}

TEST_F(QueryPlans, OfRunsThatEndedBadlyReadOnlyThese) {
    for (const RunFilter& filter : std::vector<RunFilter>{
             {.failed = true}, {.outcome = "lost"}, {.outcome = "failed", .since = first_start}}) {
        fetch_runs(database_, filter);
    }
    const auto steps = explain();
    EXPECT_EQ(steps.size(), 3U);
    for (const std::string& step : steps) {
        EXPECT_NE(step.find("USING INDEX runs_bad"), std::string::npos) << step;
    }
}

TEST_F(QueryPlans, WouldShowATableScan) {
    database_.prepare("SELECT id FROM runs WHERE argv = ?").with("x").run();
    const auto steps = explain();
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_TRUE(steps[0].ends_with("SCAN runs")) << steps[0];
}

}  // namespace

}  // namespace caretaker
