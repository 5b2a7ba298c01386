// SPDX-License-Identifier: Apache-2.0
// The reports of `store` whose commands need no file.
#include "jobs/store/check_command.hpp"
#include "jobs/store/info_command.hpp"
#include "jobs/store/prune_command.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::hours;

Cell cell(const Report& report, const std::string& key, std::size_t row = 0) {
    const auto& columns = report.table.columns;
    const auto found = std::ranges::find(columns, key, &Column::key);
    return report.table.rows.at(row).at(static_cast<std::size_t>(found - columns.begin()));
}

std::string text_of(const Table& table) {
    std::string text;
    for (const auto& row : table.rows) {
        for (const Cell& one : row) {
            if (const auto* word = std::get_if<std::string>(&one)) {
                text += *word + "|";
            }
        }
    }
    return text;
}

TEST(StorePrune, TakesTheLimitsOfItsOptionsBeforeThoseOfTheSettings) {
    const Retention settings{.runs = days(10), .findings = days(20)};
    const Retention both = apply_options(settings, {.runs = days(3), .snapshots = 5});
    EXPECT_EQ(both.runs, days(3));
    EXPECT_EQ(both.snapshots, 5);
    EXPECT_EQ(both.findings, days(20));
    EXPECT_EQ(apply_options(settings, {}).runs, days(10));
}

TEST(StorePrune, SaysWhatIsGone) {
    const Report report = format_prune(
        {.counts = {{"runs", 2}, {"events", 3}}, .bytes_before = 4096, .bytes_after = 2048}, false);
    EXPECT_EQ(report.summary, "5 rows are gone, 4.0 KiB before, 2.0 KiB after");
    EXPECT_EQ(report.table.columns[1].heading, "GONE");
    EXPECT_EQ(cell(report, "rows", 1), Cell(std::int64_t{3}));
    EXPECT_EQ(text_of(report.details.at(0)), "gone|5 rows|before|4.0 KiB|after|2.0 KiB|");
}

TEST(StorePrune, SaysWhatWouldGo) {
    const Report report = format_prune({.counts = {{"runs", 2}}, .bytes_before = 4096}, true);
    EXPECT_EQ(report.summary, "2 rows would go; nothing was changed");
    EXPECT_EQ(report.table.columns[1].heading, "WOULD GO");
    EXPECT_EQ(text_of(report.details.at(0)), "would go|2 rows|before|4.0 KiB|");
}

TEST(StorePrune, SaysWhenTheFileIsStillFull) {
    const std::string text =
        text_of(format_prune({.level = 3, .nearly_full = true}, false).details.at(0));
    EXPECT_NE(text.find("kept shorter|8 times"), std::string::npos) << text;
    EXPECT_NE(text.find("nearly full|yes"), std::string::npos) << text;
}

TEST(StoreCheck, HasOneRowForEachSoundPart) {
    const Report report = format_store_check("/c.db", {});
    EXPECT_EQ(report.outcome, Outcome::ok);
    EXPECT_EQ(report.summary, "/c.db is sound");
    EXPECT_EQ(report.nagios, NagiosState::ok);
    ASSERT_EQ(report.metrics.size(), 1U);
    EXPECT_EQ(report.metrics[0].value, 0);
    EXPECT_EQ(text_of(report.table), "integrity|ok|foreign keys|ok|schema|ok|");
}

TEST(StoreCheck, HasARowForEachFaultAndSaysWhatToDo) {
    const Report report = format_store_check("/c.db", {.integrity = {"page 3", "page 4"}});
    EXPECT_EQ(report.outcome, Outcome::failed);
    EXPECT_EQ(report.nagios, NagiosState::critical);
    EXPECT_EQ(report.metrics.at(0).value, 2);
    ASSERT_EQ(report.table.rows.size(), 4U);
    EXPECT_EQ(cell(report, "found", 1), Cell(std::string("page 4")));
    EXPECT_NE(std::get<std::string>(cell(report, "advice", 0)).find("caretaker store reset"),
              std::string::npos);
}

TEST(StoreInfo, TellsWhatItKnows) {
    const Report report = format_store_info(
        {.health = {.path = "/c.db",
                    .schema_version = 3,
                    .journal_mode = "wal",
                    .bytes = 8192,
                    .file_system = "local",
                    .free_bytes = 1'000'000},
         .facts = {.pages = {.page_size = 4096, .pages = 2, .free_pages = 1},
                   .counts = {{"runs", 12}, {"actions", std::nullopt}},
                   .newest_run = WallTime(std::chrono::milliseconds(1'777'777'777'123)),
                   .last_check = LastCheck{WallTime(), "ok"}},
         .wal_bytes = 100,
         .max_bytes = 1'048'576});
    EXPECT_EQ(report.summary, "/c.db, 8.0 KiB of 1.0 MiB");
    EXPECT_EQ(cell(report, "runs"), Cell(std::int64_t{12}));
    EXPECT_EQ(cell(report, "actions"), Cell()) << "counting took too long";
    EXPECT_EQ(cell(report, "samples"), Cell());
    EXPECT_EQ(cell(report, "used_bytes"), Cell(std::int64_t{4096}));
    EXPECT_EQ(cell(report, "disk_free_bytes"), Cell(std::int64_t{1'000'000}));
    EXPECT_EQ(cell(report, "oldest_run_at"), Cell());
    EXPECT_EQ(cell(report, "last_check"), Cell(std::string("ok")));
    EXPECT_EQ(cell(report, "last_prune_at"), Cell());
    EXPECT_NE(text_of(report.details.at(1)).find("last prune|none yet|"), std::string::npos);
}

}  // namespace

}  // namespace caretaker
