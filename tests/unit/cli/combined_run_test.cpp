// SPDX-License-Identifier: Apache-2.0
// Runs for several targets as one result.
#include "common/cli/combined_run.hpp"

#include "tests/support/held_rows.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Codes = std::vector<ExitCode>;

ExitCode combined(const Codes& codes) {
    return combined_code(codes);
}

TEST(CombinedCode, IsThatOfEachWhereTheyAgree) {
    EXPECT_EQ(combined({ExitCode::ok, ExitCode::ok}), ExitCode::ok);
    EXPECT_EQ(combined({ExitCode::unreachable, ExitCode::unreachable}), ExitCode::unreachable);
    EXPECT_EQ(combined({ExitCode::denied}), ExitCode::denied);
}

TEST(CombinedCode, IsPartialWhereOneFailedAndAnotherDidNot) {
    EXPECT_EQ(combined({ExitCode::ok, ExitCode::unreachable}), ExitCode::partial);
    EXPECT_EQ(combined({ExitCode::partial, ExitCode::ok}), ExitCode::partial);
    EXPECT_EQ(combined({ExitCode::denied, ExitCode::unreachable}), ExitCode::partial);
    EXPECT_EQ(combined({ExitCode::findings, ExitCode::unreachable}), ExitCode::partial);
}

TEST(CombinedCode, IsThatOfFindingsWhereAllElseWentWell) {
    EXPECT_EQ(combined({ExitCode::ok, ExitCode::findings}), ExitCode::findings);
}

TEST(CombinedCode, IsThatOfAStop) {
    EXPECT_EQ(combined({ExitCode::ok, ExitCode::terminated}), ExitCode::terminated);
    EXPECT_EQ(combined({ExitCode::ok, ExitCode::hangup}), ExitCode::hangup);
    EXPECT_EQ(combined({ExitCode::unreachable, ExitCode::timeout}), ExitCode::timeout);
}

TEST(CombinedState, IsTheWorstWhereCriticalIsWorseThanUnknown) {
    using States = std::vector<NagiosState>;
    EXPECT_EQ(combined_state(States{NagiosState::ok, NagiosState::ok}), NagiosState::ok);
    EXPECT_EQ(combined_state(States{NagiosState::warning, NagiosState::ok}), NagiosState::warning);
    EXPECT_EQ(combined_state(States{NagiosState::warning, NagiosState::unknown}),
              NagiosState::unknown);
    EXPECT_EQ(combined_state(States{NagiosState::unknown, NagiosState::critical}),
              NagiosState::critical);
}

/// A run that found one thing.
FinishedRun good_run(const std::string& target) {
    FinishedRun run{.info = {.uid = "0190-" + target, .job = "lag", .target = target},
                    .duration = std::chrono::milliseconds(30)};
    run.report.summary = "all well";
    run.report.table = {.columns = {{.key = "group", .heading = "GROUP"}},
                        .rows = {{"billing"}, {"search"}}};
    run.findings = {{.finding = {.code = "slow", .subject = "group billing"}}};
    run.report.findings = {run.findings[0].finding};
    run.report.metrics = {{.name = "lag", .value = 7, .labels = {{"group", "billing"}}}};
    run.report.items_seen = 2;
    return run;
}

FinishedRun failed_run(const std::string& target) {
    FinishedRun run{.info = {.uid = "0190-" + target, .job = "lag", .target = target},
                    .duration = std::chrono::milliseconds(2'000),
                    .outcome = Outcome::failed,
                    .exit_code = ExitCode::unreachable,
                    .nagios = NagiosState::unknown};
    run.report.summary = "nobody answers";
    run.report.problems = {{.code = "kafka_unreachable", .message = "connecting to Kafka: no"}};
    return run;
}

std::vector<std::vector<Cell>> rows_of(const Table& table) {
    return hold_rows(table).rows;
}

TEST(CombinedRun, ShowsTheRowsOfAllWithTheirTargets) {
    const FinishedRun all = combine_runs({good_run("prod"), good_run("test")}, {});
    ASSERT_EQ(all.report.table.columns.size(), 2U);
    EXPECT_EQ(all.report.table.columns[0].key, "target");
    EXPECT_EQ(
        rows_of(all.report.table),
        (std::vector<std::vector<Cell>>{
            {"prod", "billing"}, {"prod", "search"}, {"test", "billing"}, {"test", "search"}}));
    EXPECT_EQ(all.outcome, Outcome::ok);
    EXPECT_EQ(all.exit_code, ExitCode::ok);
    EXPECT_EQ(all.info.target, "all");
    EXPECT_EQ(all.info.uid, "0190-prod");
    EXPECT_EQ(all.duration.count(), 60);
    EXPECT_EQ(all.report.summary, "2 targets: 2 ok");
    EXPECT_EQ(all.report.items_seen, 4);
}

TEST(CombinedRun, NamesTheTargetOfEachFindingAndNumber) {
    const FinishedRun all = combine_runs({good_run("prod"), good_run("test")}, {});
    ASSERT_EQ(all.findings.size(), 2U);
    EXPECT_EQ(all.findings[1].finding.subject, "test: group billing");
    EXPECT_EQ(all.findings[1].finding.data.at(0), (Label{"target", "test"}));
    EXPECT_EQ(all.report.findings[0].subject, "prod: group billing");
    EXPECT_EQ(all.report.metrics.at(0).labels,
              (std::vector<Label>{{"target", "prod"}, {"group", "billing"}}));
}

TEST(CombinedRun, IsNotSpoiltByOneThatFailed) {
    const FinishedRun all =
        combine_runs({failed_run("dead"), good_run("prod"), failed_run("gone")}, {});
    EXPECT_EQ(all.outcome, Outcome::partial);
    EXPECT_EQ(all.exit_code, ExitCode::partial);
    EXPECT_EQ(all.nagios, NagiosState::unknown);
    EXPECT_EQ(all.report.summary, "3 targets: 2 failed (dead, gone), 1 ok");
    EXPECT_EQ(rows_of(all.report.table).size(), 2U);
    ASSERT_EQ(all.report.problems.size(), 2U);
    EXPECT_EQ(all.report.problems[0].subject, "dead");
    ASSERT_EQ(all.report.details.size(), 1U);
    EXPECT_EQ(all.report.details[0].rows.at(0),
              (std::vector<Cell>{
                  "dead", "failed", std::int64_t{7}, short_run_id("0190-dead"), "nobody answers"}));
}

TEST(CombinedRun, IsAsTheRunsAreWhereAllFailAlike) {
    const FinishedRun all = combine_runs({failed_run("a"), failed_run("b")}, {});
    EXPECT_EQ(all.outcome, Outcome::failed);
    EXPECT_EQ(all.exit_code, ExitCode::unreachable);
    EXPECT_TRUE(all.report.table.is_empty());
    const Codes zero{ExitCode::unreachable};
    EXPECT_EQ(combine_runs({failed_run("a")}, zero).exit_code, ExitCode::ok);
}

}  // namespace
}  // namespace caretaker
