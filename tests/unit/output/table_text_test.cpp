// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_text.hpp"

#include <gtest/gtest.h>

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

TEST(TableText, CutsTheWidestTextColumnToFitATerminal) {
    Table table = groups();
    table.rows[0][0] = std::string("a-group-name-of-some-length");
    EXPECT_EQ(render_table(table, {.max_width = 30}),
              "GROUP              LAG  STATE\n"
              "a-group-name-of…  1204  Stable\n"
              "a                    -  Empty\n");
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
