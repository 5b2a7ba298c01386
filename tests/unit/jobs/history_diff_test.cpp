// SPDX-License-Identifier: Apache-2.0
// Two runs side by side.
#include "jobs/history/history_diff.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

using namespace std::chrono_literals;
using Rows = std::vector<std::vector<Cell>>;

RunDetails make_details() {
    RunDetails details{.run = {.uid = "019de7a1-1",
                               .job = "lag",
                               .target = "prod",
                               .duration = 2400ms,
                               .outcome = "ok",
                               .exit_code = 0,
                               .trigger = "chronos",
                               .host = "agent-1",
                               .version = "0.1.0",
                               .argv = "caretaker lag",
                               .config_hash = "0011",
                               .items_seen = 42}};
    details.metrics = {{.name = "lag", .label = "group=a", .value = 90},
                       {.name = "groups", .value = 6}};
    details.findings = {
        {.finding = {.code = "records_lost", .subject = "group a", .severity = Severity::high}}};
    details.actions = {{.kind = "delete", .subject = "logs-1", .state = "done"}};
    return details;
}

TEST(HistoryDiff, OfARunWithItselfIsEmpty) {
    const Table table = format_run_diff(make_details(), make_details());
    EXPECT_TRUE(table.rows.empty());
    EXPECT_EQ(table.columns.size(), 6U);
}

TEST(HistoryDiff, ShowsWhatIsNotTheSameInTheRunsThemselves) {
    RunDetails other = make_details();
    other.run.outcome = "failed";
    other.run.exit_code.reset();
    other.run.duration.reset();
    other.run.error = "no broker";
    other.run.items_seen = 40;
    EXPECT_EQ(
        format_run_diff(make_details(), other).rows,
        (Rows{{"run", "outcome", Cell(), "ok", "failed", Cell()},
              {"run", "exit code", Cell(), std::int64_t{0}, Cell(), Cell()},
              {"run", "took", Cell(), "2.4 s", Cell(), Cell()},
              {"run", "error", Cell(), Cell(), "no broker", Cell()},
              {"run", "items", Cell(), std::int64_t{42}, std::int64_t{40}, std::int64_t{-2}}}));
}

TEST(HistoryDiff, ComparesMetricsByNameAndLabel) {
    RunDetails other = make_details();
    other.metrics = {{.name = "lag", .label = "group=a", .value = 100},
                     {.name = "lag", .label = "group=b", .value = 5},
                     {.name = "alone", .value = 1}};
    EXPECT_EQ(format_run_diff(make_details(), other).rows,
              (Rows{{"metric", "alone", Cell(), Cell(), 1.0, Cell()},
                    {"metric", "groups", Cell(), 6.0, Cell(), Cell()},
                    {"metric", "lag", "group=a", 90.0, 100.0, 10.0},
                    {"metric", "lag", "group=b", Cell(), 5.0, Cell()}}));
}

TEST(HistoryDiff, TellsNewGoneAndChangedFindingsAndActionsApart) {
    RunDetails other = make_details();
    other.findings[0].finding.severity = Severity::low;
    other.findings.push_back(
        {.finding = {.code = "lag_growing", .subject = "group b", .severity = Severity::warn}});
    other.actions = {{.kind = "delete", .subject = "logs-2", .state = "failed"}};
    EXPECT_EQ(format_run_diff(make_details(), other).rows,
              (Rows{{"finding", "lag_growing", "group b", Cell(), "warn", "only in b"},
                    {"finding", "records_lost", "group a", "high", "low", "changed"},
                    {"action", "delete", "logs-1", "done", Cell(), "only in a"},
                    {"action", "delete", "logs-2", Cell(), "failed", "only in b"}}));
}

TEST(HistoryDiff, TakesAFindingThatARunResolvedForGone) {
    RunDetails other = make_details();
    other.findings[0].status = FindingStatus::resolved;
    EXPECT_EQ(format_run_diff(make_details(), other).rows,
              (Rows{{"finding", "records_lost", "group a", "high", Cell(), "only in a"}}));
}

}  // namespace

}  // namespace caretaker
