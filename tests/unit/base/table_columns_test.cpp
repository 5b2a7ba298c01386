// SPDX-License-Identifier: Apache-2.0
// Columns by their kind, and cells of values that may be missing.
#include "common/base/table_columns.hpp"

#include <gtest/gtest.h>

namespace caretaker {

namespace {

TEST(TableColumns, StandLeftOrRightOrAreForMachinesOnly) {
    EXPECT_FALSE(text_column("topic", "TOPIC").right);
    EXPECT_TRUE(number_column("lag", "LAG").right);
    EXPECT_EQ(text_column("topic", "TOPIC").shown, Shown::always);
    EXPECT_EQ(machine_column("backlog").shown, Shown::machine);
    EXPECT_EQ(machine_column("backlog").key, "backlog");
}

TEST(Cells, OfMissingValuesAreNone) {
    EXPECT_EQ(known(std::optional<std::int64_t>()), Cell());
    EXPECT_EQ(known(std::optional<std::int64_t>(0)), Cell(std::int64_t{0}));
    EXPECT_EQ(known(std::optional<double>(-1.5)), Cell(-1.5));
    EXPECT_EQ(non_empty(""), Cell());
    EXPECT_EQ(non_empty("a"), Cell("a"));
    EXPECT_EQ(non_negative(-1), Cell());
    EXPECT_EQ(non_negative(0), Cell(std::int64_t{0}));
    EXPECT_EQ(known_time(std::nullopt), Cell());
    EXPECT_EQ(known_time(WallTime{}), Cell(WallTime{}));
}

TEST(MakeTable, PutsUnderEachColumnWhatTheColumnSays) {
    struct Item {
        std::int64_t number = 0;
        std::string name{};
    };

    static const std::vector<ItemColumn<Item>> columns{
        {text_column("name", "NAME"), [](const Item& item) { return non_empty(item.name); }},
        {number_column("number", "N"), [](const Item& item) -> Cell { return item.number; }},
    };
    const std::vector<Item> items{{1, "a"}, {2, ""}};
    const Table table = make_table<Item>("Things", columns, items);
    EXPECT_EQ(table.title, "Things");
    ASSERT_EQ(table.columns.size(), 2U);
    EXPECT_EQ(table.columns[1].heading, "N");
    EXPECT_EQ(table.rows,
              (std::vector<std::vector<Cell>>{{"a", std::int64_t{1}}, {Cell(), std::int64_t{2}}}));
    EXPECT_TRUE(make_table<Item>("", columns, {}).rows.empty());
}

}  // namespace

}  // namespace caretaker
