// SPDX-License-Identifier: Apache-2.0
// What the end of a run writes, table by table.
#include "common/store/run_recorder.hpp"

#include "common/store/action_log.hpp"
#include "common/store/database.hpp"
#include "common/store/migrations.hpp"
#include "common/store/schema.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class RunRecorder : public testing::Test {
 protected:
    RunRecorder() { migrate(database_, schema_steps()); }

    FindingsDiff run(int number,
                     const Report& report,
                     Outcome outcome = Outcome::ok,
                     std::int64_t max_rows = 5000) {
        insert_run(database_, number, make_run(number));
        return record_close(database_, number, make_close(report, number, outcome), max_rows);
    }

    std::string text(const std::string& sql) { return database_.text(sql); }

    std::int64_t count(const std::string& table) {
        return database_.integer("SELECT count(*) FROM " + table);
    }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
};

Action make_action(ActionState state, std::optional<std::int64_t> bytes = std::nullopt) {
    return {.kind = "delete",
            .subject = "/var/log/a",
            .reason = "34 d old, keep 30 d",
            .state = state,
            .bytes = bytes,
            .started_at = first_start,
            .ended_at = first_start + std::chrono::seconds(1)};
}

TEST_F(RunRecorder, CompletesTheRow) {
    Report report{.summary = "2 groups", .items_seen = 12, .items_failed = 1};
    report.actions = {make_action(ActionState::done, 100),
                      make_action(ActionState::done, 20),
                      make_action(ActionState::failed, 7),
                      make_action(ActionState::would, 3),
                      make_action(ActionState::skipped)};
    report.findings = {make_finding("group a"), make_finding("group b")};
    insert_run(database_, 1, make_run(1));
    EXPECT_EQ(text("SELECT outcome FROM runs"), "running");
    RunClose close = make_close(report, 1, Outcome::partial);
    close.exit_code = 3;
    close.error_code = "group_forbidden";
    close.error = "reading group c: not allowed";
    record_close(database_, 1, close, 5000);
    record_delivery(database_, 1, 40, 2);
    EXPECT_EQ(
        text("SELECT concat FROM (SELECT outcome || ' ' || exit_code || ' ' || (ended_ms - "
             "started_ms) || ' ' || duration_ms || ' ' || summary || '|' || error_code || '|' || "
             "error || '|' || items_seen || ' ' || items_failed || ' ' || findings_total || ' ' || "
             "findings_new || ' ' || findings_resolved || ' ' || actions_done || ' ' || "
             "actions_failed || ' ' || actions_would || ' ' || bytes_freed || ' ' || metrics_sent "
             "|| "
             "' ' || metrics_dropped AS concat FROM runs)"),
        "partial 3 2500 2500 2 groups|group_forbidden|reading group c: not allowed|12 1 2 2 0 2 1 "
        "1 "
        "120 40 2");
    EXPECT_EQ(text("SELECT group_concat(seq || state, ' ') FROM actions"),
              "1done 2done 3failed 4would 5skipped");
    EXPECT_EQ(text("SELECT reason FROM actions LIMIT 1"), "34 d old, keep 30 d");
}

TEST_F(RunRecorder, KnowsTheParentOfARepeatedAttemptOnly) {
    RunInfo second = make_run(2);
    insert_run(database_, 1, make_run(1));
    insert_run(database_, 2, second);
    RunInfo retry = make_run(3);
    retry.attempt = 1;
    insert_run(database_, 3, retry);
    RunInfo elsewhere = make_run(4, "lag", "test");
    elsewhere.attempt = 1;
    insert_run(database_, 4, elsewhere);
    EXPECT_EQ(text("SELECT group_concat(ifnull(parent_uid, '-'), ' ') FROM runs"),
              "- - " + second.uid + " -");
}

TEST_F(RunRecorder, RefusesToCloseARunThatIsNotThere) {
    const Report report;
    EXPECT_THROW(record_close(database_, 5, make_close(report, 5), 5000), StoreError);
}

TEST_F(RunRecorder, KeepsAnActionOnceThatWasBegunAndTurnedOutToBeNone) {
    Report report;
    report.actions = {make_action(ActionState::skipped), make_action(ActionState::skipped)};
    insert_run(database_, 1, make_run(1));
    Statement insert = prepare_action_insert(database_);
    insert_action(insert, 1, report.actions, 0);
    RunClose close = make_close(report, 1);
    close.actions_are_logged = true;
    record_close(database_, 1, close, 5000);
    EXPECT_EQ(text("SELECT group_concat(seq || state) FROM actions"), "1skipped,2skipped");
}

TEST_F(RunRecorder, KeepsMetricsUnderTheNameOfTheirJob) {
    Report report;
    report.metrics = {{.name = "partitions", .value = 42},
                      {.name = "fetch", .kind = MetricKind::timer, .value = 17.5, .unit = "ms"},
                      {.name = "lag", .value = 7, .labels = {{"group", "a,b"}}}};
    run(1, report);
    run(2, report);
    EXPECT_EQ(
        text("SELECT group_concat(name || ' ' || kind || ' ' || unit, '|') FROM metric_names"),
        "lag.partitions gauge |lag.fetch timer ms|lag.lag gauge ");
    EXPECT_EQ(text("SELECT group_concat(label || ':' || value, '|') FROM (SELECT label, value FROM "
                   "run_metrics WHERE run_id = 2 ORDER BY metric_id)"),
              ":42.0|:17.5|group=a\\,b:7.0");
}

TEST_F(RunRecorder, KeepsTheLastValueOfAMetricThatComesTwice) {
    Report report;
    report.metrics = {{.name = "n", .value = 1}, {.name = "n", .value = 2}};
    run(1, report);
    EXPECT_EQ(text("SELECT group_concat(value) FROM run_metrics"), "2.0");
}

TEST_F(RunRecorder, LeavesOutNumbersThatAreNone) {
    Report report;
    report.metrics = {{.name = "a", .value = NAN}, {.name = "b", .value = INFINITY}};
    report.samples = {{.series = "s", .value = -INFINITY}};
    run(1, report);
    EXPECT_EQ(count("run_metrics") + count("samples"), 0);
}

TEST_F(RunRecorder, KeepsMetricsOfSeveralDimensionsAsSeriesOnly) {
    const std::vector<Label> pair{{"group", "a"}, {"topic", "t"}};
    Report report;
    report.metrics = {{.name = "lag", .value = 7, .labels = pair},
                      {.name = "rate", .value = 9, .labels = pair}};
    report.samples = {{.series = "lag", .labels = pair, .value = 7}};
    run(1, report);
    EXPECT_EQ(count("run_metrics"), 0);
    EXPECT_EQ(
        text("SELECT group_concat(name || '/' || target || '/' || labels || '/' || n, '|') FROM "
             "series JOIN samples ON series.id = series_id"),
        "lag/prod/group=a,topic=t/1|rate/prod/group=a,topic=t/1");
}

TEST_F(RunRecorder, LeavesTheNumbersOfAThingThatHasASeriesToTheSeries) {
    const auto gauge = [](double value, std::vector<Label> labels) {
        return Metric{.name = "status", .value = value, .labels = std::move(labels)};
    };
    Report report;
    report.metrics = {gauge(1, {}), gauge(2, {{"group", "a"}}), gauge(3, {{"group", "b"}})};
    report.samples = {{.series = "lag", .labels = {{"group", "a"}}, .value = 7}};
    run(1, report);
    EXPECT_EQ(text("SELECT group_concat(label || ':' || value, '|') FROM run_metrics"),
              ":1.0|group=b:3.0");
    EXPECT_EQ(text("SELECT group_concat(name || '/' || labels) FROM series"), "lag/group=a");
}

TEST_F(RunRecorder, AddsUpSamplesOfOneMinuteAndBeginsAnewInTheNext) {
    const auto add = [&](int number, double value) {
        Report report;
        report.samples = {{.series = "lag", .labels = {{"group", "a"}}, .value = value}};
        run(number, report);
    };
    add(1, 10);
    database_.execute("UPDATE runs SET id = id + 100, uid = uid || 'x'");
    add(1, -2);
    add(2, 5);
    const std::int64_t minute = 60'000;
    const std::int64_t bucket =
        (first_start + std::chrono::minutes(1)).time_since_epoch().count() / minute * minute;
    EXPECT_EQ(
        text("SELECT group_concat(res || ' ' || (bucket - " + std::to_string(bucket) +
             ") || ' ' || n || ' ' || vmin || ' ' || vmax || ' ' || vsum || ' ' || vlast, '|') "
             "FROM samples"),
        "60 0 2 -2.0 10.0 8.0 -2.0|60 60000 1 5.0 5.0 5.0 5.0");
    EXPECT_EQ(count("series"), 1);
}

TEST_F(RunRecorder, StopsAtTheRowBudgetAndSaysSo) {
    Report report{.summary = "many"};
    report.actions = {make_action(ActionState::done), make_action(ActionState::done)};
    report.findings = {make_finding("group a")};
    report.metrics = {{.name = "a", .value = 1}, {.name = "b", .value = 1}};
    report.samples = {{.series = "s", .value = 1}, {.series = "t", .value = 1}};
    const FindingsDiff diff = run(1, report, Outcome::ok, 4);
    EXPECT_EQ(diff.rows_left_out, 3);
    EXPECT_EQ(count("actions"), 2);
    EXPECT_EQ(count("findings"), 1);
    EXPECT_EQ(count("run_metrics"), 1);
    EXPECT_EQ(count("samples"), 0);
    EXPECT_EQ(text("SELECT summary FROM runs"), "many; 3 rows over the limit were not stored");
    run(2, report, Outcome::ok, 7);
    EXPECT_EQ(text("SELECT summary FROM runs WHERE id = 2"), "many");
    run(3, report, Outcome::ok, 0);
    EXPECT_EQ(count("actions"), 6) << "actions are always kept";
}

TEST_F(RunRecorder, ResolvesFindingsOnlyAfterRunsThatSawEverything) {
    Report found;
    found.findings = {make_finding("group a")};
    int number = 0;
    for (const Outcome outcome : {Outcome::partial,
                                  Outcome::failed,
                                  Outcome::skipped,
                                  Outcome::interrupted,
                                  Outcome::timeout,
                                  Outcome::braked}) {
        run(++number, found);
        EXPECT_EQ(run(++number, {}, outcome).resolved, 0) << to_string(outcome);
    }
    for (const Outcome outcome : {Outcome::ok, Outcome::findings}) {
        run(++number, found);
        EXPECT_EQ(run(++number, {}, outcome).resolved, 1) << to_string(outcome);
    }
}

struct Streak {
    Outcome outcome{};
    std::int64_t bad = 0;
    std::int64_t skipped = 0;
    std::int64_t last_ok = 0;
};

TEST_F(RunRecorder, CountsBadAndSkippedRunsInARow) {
    const Streak streaks[] = {
        {Outcome::failed, 1, 0, 0},
        {Outcome::findings, 2, 0, 0},
        {Outcome::skipped, 2, 1, 0},
        {Outcome::skipped, 2, 2, 0},
        {Outcome::partial, 3, 0, 0},
        {Outcome::ok, 0, 0, 6},
        {Outcome::skipped, 0, 1, 6},
        {Outcome::timeout, 1, 0, 6},
    };
    int number = 0;
    for (const Streak& streak : streaks) {
        run(++number, {}, streak.outcome);
        EXPECT_EQ(database_.integer("SELECT bad_streak FROM job_status"), streak.bad) << number;
        EXPECT_EQ(database_.integer("SELECT skip_streak FROM job_status"), streak.skipped)
            << number;
        EXPECT_EQ(database_.integer("SELECT ifnull(last_ok_run, 0) FROM job_status"),
                  streak.last_ok);
        EXPECT_EQ(database_.integer("SELECT last_run FROM job_status"), number);
        EXPECT_EQ(text("SELECT last_outcome FROM job_status"), to_string(streak.outcome));
    }
    EXPECT_EQ(count("job_status"), 1);
}

TEST_F(RunRecorder, LeavesTheStreakOfSkipsAloneWhenARunWasHeld) {
    const Report report;
    for (int number = 1; number <= 2; ++number) {
        run(number, report, Outcome::skipped);
    }
    insert_run(database_, 3, make_run(3));
    RunClose held = make_close(report, 3, Outcome::skipped);
    held.error_code = "held";
    record_close(database_, 3, held, 5000);
    EXPECT_EQ(database_.integer("SELECT skip_streak FROM job_status"), 2);
}

TEST_F(RunRecorder, KeepsWhatWasNotDoneOnlyWithinTheBudget) {
    Report report;
    for (int i = 0; i < 10; ++i) {
        report.actions.push_back(make_action(i < 3 ? ActionState::done : ActionState::would));
    }
    EXPECT_EQ(run(1, report, Outcome::ok, 5).rows_left_out, 5);
    EXPECT_EQ(text("SELECT group_concat(seq, ' ') FROM (SELECT seq FROM actions ORDER BY seq)"),
              "1 2 3 4 5");
    EXPECT_EQ(database_.integer("SELECT actions_would FROM runs"), 7) << "all of them count";
}

TEST_F(RunRecorder, LeavesRowsOfTheIntentLogAsTheyAre) {
    Report report;
    report.actions = {make_action(ActionState::done), make_action(ActionState::skipped)};
    insert_run(database_, 1, make_run(1));
    const std::vector<std::size_t> first{0};
    ActionLog(database_, 1).start(report.actions, first);
    RunClose close = make_close(report, 1);
    close.actions_are_logged = true;
    record_close(database_, 1, close, 5000);
    EXPECT_EQ(text("SELECT group_concat(seq || state, ' ') FROM actions"), "1done 2skipped");
}

TEST_F(RunRecorder, DoesNotLetADryRunStandForTheJob) {
    RunInfo dry = make_run(1);
    dry.dry_run = true;
    insert_run(database_, 1, dry);
    const Report report;
    record_close(database_, 1, make_close(report, 1), 5000);
    EXPECT_EQ(count("job_status"), 0);
}

}  // namespace

}  // namespace caretaker
