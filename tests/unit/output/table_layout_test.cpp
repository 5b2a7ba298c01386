// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_layout.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace caretaker {
namespace {

using Numbers = std::vector<std::size_t>;

constexpr ColumnShape name{.width = 30};
constexpr ColumnShape state{.width = 8};
constexpr ColumnShape number{.width = 10, .whole = true};
constexpr ColumnShape nothing{.width = 10, .whole = true, .blank = true};
constexpr ColumnShape message{.width = 90};

std::size_t line_width(const TableLayout& layout) {
    return std::accumulate(layout.widths.begin(), layout.widths.end(), std::size_t{0}) +
           column_gap * (layout.widths.size() - 1);
}

TEST(TableLayout, LeavesColumnsAsTheyAreWhereThereIsRoom) {
    const std::vector<ColumnShape> columns{name, number, nothing, message};
    for (const std::size_t room : {std::size_t{0}, std::size_t{146}, std::size_t{1000}}) {
        const TableLayout layout = lay_out_table(columns, room);
        EXPECT_EQ(layout.columns, (Numbers{0, 1, 2, 3})) << room;
        EXPECT_EQ(layout.widths, (Numbers{30, 10, 10, 90})) << room;
        EXPECT_FALSE(layout.wraps_last);
    }
}

TEST(TableLayout, LeavesOutFirstWhatSaysNothing) {
    const TableLayout layout =
        lay_out_table(std::vector<ColumnShape>{name, nothing, number, nothing}, 54);
    EXPECT_EQ(layout.columns, (Numbers{0, 1, 2})) << "one of them is enough";
    EXPECT_EQ(layout.left_out, 1U);
}

TEST(TableLayout, GivesATextAtTheEndWhatTheOthersLeave) {
    const TableLayout layout = lay_out_table(std::vector<ColumnShape>{name, number, message}, 80);
    EXPECT_TRUE(layout.wraps_last);
    EXPECT_EQ(layout.widths, (Numbers{30, 10, 36}));
}

TEST(TableLayout, CutsOtherTextsBeforeTheNameOfTheRow) {
    const ColumnShape text{.width = 40};
    const TableLayout layout = lay_out_table(std::vector<ColumnShape>{name, text, number}, 64);
    EXPECT_EQ(layout.widths, (Numbers{30, 20, 10}));
}

TEST(TableLayout, LeavesOutWhatTellsTheRowsApartLeastAndNoState) {
    const ColumnShape alike{.width = 10, .whole = true, .variety = 2};
    const ColumnShape outcome{.width = 10, .state = true, .variety = 1};
    const ColumnShape lag{.width = 10, .whole = true, .variety = 13};
    EXPECT_EQ(lay_out_table(std::vector<ColumnShape>{name, lag, outcome, alike, lag}, 70).columns,
              (Numbers{0, 1, 2, 4}));
    EXPECT_EQ(lay_out_table(std::vector<ColumnShape>{name, lag, outcome, alike, lag}, 54).columns,
              (Numbers{0, 1, 2}));
    EXPECT_EQ(lay_out_table(std::vector<ColumnShape>{name, lag, outcome, alike, lag}, 42).columns,
              (Numbers{0, 1}))
        << "the state goes last of all";
}

TEST(TableLayout, LeavesOutColumnsFromTheRightButNeverTheFirstTwo) {
    const std::vector<ColumnShape> columns{name, state, number, number, number};
    TableLayout layout = lay_out_table(columns, 60);
    EXPECT_EQ(layout.columns, (Numbers{0, 1, 2}));
    EXPECT_EQ(layout.left_out, 2U);
    layout = lay_out_table(columns, 34);
    EXPECT_EQ(layout.columns, (Numbers{0, 1}));
    EXPECT_EQ(layout.widths, (Numbers{24, 8}));
}

TEST(TableLayout, KeepsATextAtTheEndWhileNumbersGo) {
    const TableLayout layout =
        lay_out_table(std::vector<ColumnShape>{state, state, number, number, message}, 60);
    EXPECT_EQ(layout.columns, (Numbers{0, 1, 2, 4}));
    EXPECT_EQ(layout.widths, (Numbers{8, 8, 10, 28}));
}

TEST(TableLayout, FitsEveryWidthThatATerminalCanHave) {
    const std::vector<std::vector<ColumnShape>> tables{
        {name, state, state, number, number, number, number, nothing, number},
        {state, name, state, number, message},
        {name},
        {name, message}};
    for (const auto& columns : tables) {
        for (std::size_t room = 40; room < 200; ++room) {
            const TableLayout layout = lay_out_table(columns, room);
            EXPECT_LE(line_width(layout), room) << columns.size();
            EXPECT_EQ(layout.columns.size() + layout.left_out, columns.size());
        }
    }
}

TEST(TableLayout, OfNoColumnsIsEmpty) {
    EXPECT_TRUE(lay_out_table({}, 80).columns.empty());
}

}  // namespace
}  // namespace caretaker
