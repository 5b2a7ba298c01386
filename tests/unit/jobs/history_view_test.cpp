// SPDX-License-Identifier: Apache-2.0
// Stored runs as tables.
#include "jobs/history/history_view.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace caretaker {

namespace {

using namespace std::chrono_literals;

constexpr WallTime start{1'777'777'777'123ms};

RunRow make_finished_run() {
    return {.id = 12,
            .uid = "019de7a1-aaaa-7000-8000-0000deadbeef",
            .job = "lag",
            .target = "prod",
            .started_at = start,
            .ended_at = start + 2400ms,
            .duration = 2400ms,
            .outcome = "partial",
            .exit_code = 3,
            .dry_run = true,
            .trigger = "chronos",
            .trigger_ref = "ct:1:0:lag:",
            .attempt = 1,
            .parent_uid = "019de7a0",
            .host = "agent-1",
            .boot_id = "boot",
            .version = "0.1.0",
            .argv = "caretaker lag",
            .config_hash = "0011",
            .summary = "6 groups",
            .error_code = "group_forbidden",
            .error = "reading group a: not allowed",
            .items_seen = 42,
            .items_failed = 1,
            .findings_total = 7,
            .findings_new = 2,
            .findings_resolved = 3,
            .actions_done = 4,
            .actions_failed = 5,
            .actions_would = 6,
            .bytes_freed = 2048,
            .metrics_sent = 40,
            .metrics_dropped = 8};
}

std::map<std::string, Cell> row_by_key(const Table& table, std::size_t row) {
    std::map<std::string, Cell> cells;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        cells[table.columns[i].key] = table.rows.at(row).at(i);
    }
    return cells;
}

std::string headings(const Table& table) {
    std::string text;
    for (const Column& column : table.columns) {
        text += column.shown == Shown::always ? column.heading + " " : "";
    }
    return text;
}

const Table* find_table(const std::vector<Table>& tables, const std::string& title) {
    for (const Table& table : tables) {
        if (table.title == title) {
            return &table;
        }
    }
    return nullptr;
}

TEST(HistoryView, ListsARunInOneLine) {
    const std::vector<RunRow> runs{make_finished_run()};
    const Table table = format_run_list(runs);
    EXPECT_EQ(headings(table),
              "RUN JOB TARGET STARTED TOOK OUTCOME CODE FINDINGS ACTIONS TRIGGER HOST ");
    const std::vector<Cell> shown(table.rows.at(0).begin(), table.rows.at(0).begin() + 11);
    EXPECT_EQ(shown,
              (std::vector<Cell>{"deadbeef",
                                 "lag",
                                 "prod",
                                 start,
                                 "2.4 s",
                                 "partial",
                                 std::int64_t{3},
                                 "2/7",
                                 "4/5/6",
                                 "chronos",
                                 "agent-1"}));
}

TEST(HistoryView, GivesMachinesEveryValueUnderItsOwnKey) {
    const std::vector<RunRow> runs{make_finished_run()};
    const Table table = format_run_list(runs);
    const auto cells = row_by_key(table, 0);
    EXPECT_EQ(cells.size(), table.columns.size()) << "keys are unique";
    EXPECT_EQ(table.rows.at(0).size(), table.columns.size());
    const std::map<std::string, Cell> expected{
        {"id", "019de7a1-aaaa-7000-8000-0000deadbeef"},
        {"ended_at", start + 2400ms},
        {"duration_ms", std::int64_t{2400}},
        {"dry_run", true},
        {"trigger_ref", "ct:1:0:lag:"},
        {"attempt", std::int64_t{1}},
        {"parent_id", "019de7a0"},
        {"version", "0.1.0"},
        {"argv", "caretaker lag"},
        {"config_hash", "0011"},
        {"summary", "6 groups"},
        {"error_code", "group_forbidden"},
        {"error", "reading group a: not allowed"},
        {"items_seen", std::int64_t{42}},
        {"items_failed", std::int64_t{1}},
        {"findings_new", std::int64_t{2}},
        {"findings_total", std::int64_t{7}},
        {"findings_resolved", std::int64_t{3}},
        {"actions_done", std::int64_t{4}},
        {"actions_failed", std::int64_t{5}},
        {"actions_would", std::int64_t{6}},
        {"bytes_freed", std::int64_t{2048}},
        {"metrics_sent", std::int64_t{40}},
        {"metrics_dropped", std::int64_t{8}},
    };
    for (const auto& [key, value] : expected) {
        EXPECT_EQ(cells.at(key), value) << key;
    }
    for (const Column& column : table.columns) {
        EXPECT_EQ(column.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos)
            << column.key;
    }
}

TEST(HistoryView, LeavesOpenWhatARunUnderWayDoesNotHaveYet) {
    const std::vector<RunRow> runs{
        {.uid = "019de7a1-1", .job = "lag", .started_at = start, .outcome = "running"}};
    const Table table = format_run_list(runs);
    const auto cells = row_by_key(table, 0);
    for (const char* key : {"target",
                            "took",
                            "exit_code",
                            "ended_at",
                            "duration_ms",
                            "summary",
                            "error",
                            "parent_id"}) {
        EXPECT_EQ(cells.at(key), Cell()) << key;
    }
}

TEST(HistoryView, ShowsNoTablesForWhatARunDidNotLeave) {
    const auto tables = format_run_details({.run = make_finished_run()});
    ASSERT_EQ(tables.size(), 1U);
    EXPECT_EQ(tables[0].title, "Run");
}

TEST(HistoryView, ShowsTheFieldsOfARunThatHaveAValue) {
    const auto full = format_run_details({.run = make_finished_run(), .previous_uid = "019de79f"});
    std::map<std::string, Cell> fields;
    for (const auto& row : full.at(0).rows) {
        fields[std::get<std::string>(row.at(0))] = row.at(1);
    }
    EXPECT_EQ(fields.at("id"), Cell("019de7a1-aaaa-7000-8000-0000deadbeef"));
    EXPECT_EQ(fields.at("arguments"), Cell("caretaker lag"));
    EXPECT_EQ(fields.at("settings hash"), Cell("0011"));
    EXPECT_EQ(fields.at("compared with"), Cell("019de79f"));
    EXPECT_EQ(fields.at("dry run"), Cell("yes"));
    EXPECT_EQ(fields.at("freed"), Cell("2.0 KiB"));
    EXPECT_EQ(fields.at("error"), Cell("reading group a: not allowed"));

    const auto bare = format_run_details({.run = {.uid = "u", .job = "lag"}});
    for (const auto& row : bare.at(0).rows) {
        const auto& field = std::get<std::string>(row.at(0));
        EXPECT_FALSE(field == "error" || field == "freed" || field == "dry run") << field;
    }
}

TEST(HistoryView, ShowsTheChangeOfMetricsSinceTheRunBefore) {
    RunDetails details{.run = make_finished_run()};
    details.metrics = {
        {.name = "lag", .kind = "gauge", .label = "group=a", .value = 90, .previous = 100},
        {.name = "fetch", .kind = "timer", .unit = "ms", .value = 17}};
    const auto tables = format_run_details(details);
    const Table* metrics = find_table(tables, "Metrics");
    ASSERT_NE(metrics, nullptr);
    EXPECT_EQ(headings(*metrics), "METRIC LABEL VALUE CHANGE UNIT ");
    EXPECT_EQ(metrics->rows.at(0),
              (std::vector<Cell>{"lag", "group=a", 90.0, -10.0, Cell(), "gauge", 100.0}));
    EXPECT_EQ(metrics->rows.at(1),
              (std::vector<Cell>{"fetch", Cell(), 17.0, Cell(), "ms", "timer", Cell()}));
}

TEST(HistoryView, ShowsFindingsAndActionsWithTheirReasons) {
    RunDetails details{.run = make_finished_run()};
    details.findings = {{.id = 5,
                         .status = FindingStatus::added,
                         .first_seen = start,
                         .finding = {.code = "records_lost",
                                     .subject = "group a",
                                     .message = "12 records",
                                     .severity = Severity::high}}};
    details.actions = {{.seq = 1,
                        .kind = "delete",
                        .subject = "/x",
                        .state = "failed",
                        .reason = "34 d old",
                        .bytes = 9,
                        .error = "busy",
                        .started_at = start}};
    const auto tables = format_run_details(details);
    const Table* findings = find_table(tables, "Findings");
    const Table* actions = find_table(tables, "Actions");
    ASSERT_TRUE(findings != nullptr && actions != nullptr);
    EXPECT_EQ(findings->rows.at(0),
              (std::vector<Cell>{
                  std::int64_t{5}, "new", "high", "records_lost", "group a", start, "12 records"}));
    EXPECT_EQ(actions->rows.at(0),
              (std::vector<Cell>{std::int64_t{1},
                                 "delete",
                                 "/x",
                                 "failed",
                                 std::int64_t{9},
                                 "34 d old",
                                 "busy",
                                 start,
                                 Cell()}));
}

}  // namespace

}  // namespace caretaker
