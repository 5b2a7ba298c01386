// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <limits>

namespace caretaker {
namespace {

Table groups() {
    return {
        .title = "",
        .columns = {{.key = "group", .heading = "GROUP"},
                    {.key = "lag", .heading = "LAG", .right = true},
                    {.key = "detail", .heading = "DETAIL", .shown = Shown::machine},
                    {.key = "state", .heading = "STATE"}},
        .rows = {
            {std::string("billing"), std::int64_t{1204}, std::string("x"), std::string("Stable")},
            {std::string("a"), Cell{}, std::string("y"), std::string("Empty")}}};
}

TEST(TableText, AlignsColumnsAndLeavesOutMachineColumns) {
    EXPECT_EQ(render_table(groups(), {}),
              "GROUP     LAG  STATE\n"
              "billing  1204  Stable\n"
              "a           -  Empty\n");
}

TEST(TableText, GroupsDigitsOnlyWhenAsked) {
    EXPECT_EQ(render_table(groups(), {.grouped_numbers = true}),
              "GROUP      LAG  STATE\n"
              "billing  1 204  Stable\n"
              "a            -  Empty\n");
}

TEST(TableText, FitsATerminalAndSaysWhatItHasNoRoomFor) {
    Table table = groups();
    table.rows[0][0] = std::string("a-group-name-of-some-length");
    EXPECT_EQ(render_table(table, {.max_width = 30}),
              "GROUP                      LAG\n"
              "a-group-name-of-some-le…  1204\n"
              "a                            -\n"
              "(1 column left out; -o csv has all)\n");
}

TEST(TableText, WrapsATextAtTheEndUnderItsHeading) {
    Table table = groups();
    table.rows[0][3] = std::string("12 345 records were deleted before they were read");
    EXPECT_EQ(render_table(table, {.max_width = 44}),
              "GROUP     LAG  STATE\n"
              "billing  1204  12 345 records were deleted\n"
              "               before they were read\n"
              "a           -  Empty\n");
}

TEST(TableText, NeverCutsNumbersAndStopsAtANarrowestColumn) {
    const std::string text = render_table(groups(), {.max_width = 3});
    EXPECT_NE(text.find("1204"), std::string::npos);
}

TEST(TableText, WithoutRowsStillShowsTheHeading) {
    Table table = groups();
    table.rows.clear();
    EXPECT_EQ(render_table(table, {}), "GROUP  LAG  STATE\n");
}

TEST(TableText, WithoutColumnsIsEmpty) {
    EXPECT_EQ(render_table(Table{}, {}), "");
}

TEST(TableText, EscapesControlBytesSoThatNamesCannotDriveTheTerminal) {
    EXPECT_EQ(format_cell(std::string("a\x1b[2Jb\n\x7f"), false), "a\\x1b[2Jb\\x0a\\x7f");
}

TEST(TableText, FormatsEveryKindOfCell) {
    EXPECT_EQ(format_cell(Cell{}, true), "-");
    EXPECT_EQ(format_cell(std::string(), true), "-");
    EXPECT_EQ(format_cell(true, true), "yes");
    EXPECT_EQ(format_cell(false, true), "no");
    EXPECT_EQ(format_cell(0.5, true), "0.5");
    EXPECT_EQ(format_cell(std::numeric_limits<std::int64_t>::min(), false), "-9223372036854775808");
}

TEST(TableText, ShowsTimesInTheZoneOfATerminalAndInUtcElsewhere) {
    const Table table{.columns = {{.key = "at", .heading = "AT"}},
                      .rows = {{WallTime{std::chrono::milliseconds{1'777'777'777'123}}}}};
    EXPECT_EQ(render_table(table, {}), "AT\n2026-05-03T03:09:37.123Z\n");
    ::setenv("TZ", "CET-1", 1);
    ::tzset();
    EXPECT_EQ(render_table(table, {.local_times = true}), "AT\n2026-05-03T04:09:37+01:00\n");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(TableText, ColoursWordsThatTellAStateWithoutMovingColumns) {
    const Table table{
        .columns = {{.key = "state", .heading = "STATE"}, {.key = "job", .heading = "JOB"}},
        .rows = {{"ok", "lag"}, {"critical", "failed"}}};
    EXPECT_EQ(render_table(table, {.colour = true}),
              "STATE     JOB\n"
              "\x1B[32mok\x1B[0m        lag\n"
              "\x1B[31mcritical\x1B[0m  failed\n");
}

TEST(TableText, CutsWithAsciiOutsideUtf8) {
    Table table = groups();
    table.rows[0][0] = std::string("a-group-name-of-some-length");
    const std::string text = render_table(table, {.max_width = 30, .ascii = true});
    EXPECT_NE(text.find("a-group-name-of-some-le~  1204\n"), std::string::npos) << text;
}

TEST(TableText, CountsDisplayColumnsNotBytes) {
    Table table = groups();
    table.rows[0][0] = std::string("größe");
    EXPECT_EQ(render_table(table, {}),
              "GROUP   LAG  STATE\n"
              "größe  1204  Stable\n"
              "a         -  Empty\n");
}

}  // namespace
}  // namespace caretaker
