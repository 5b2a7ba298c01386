// SPDX-License-Identifier: Apache-2.0
// How tables are put together: columns by their kind, cells of values that may be missing.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Stands left.
inline Column text_column(std::string key, std::string heading) {
    return {.key = std::move(key), .heading = std::move(heading)};
}

/// Stands right.
inline Column number_column(std::string key, std::string heading) {
    return {.key = std::move(key), .heading = std::move(heading), .right = true};
}

/// In JSON and CSV only.
inline Column machine_column(std::string key) {
    return {.key = std::move(key), .shown = Shown::machine};
}

/// None when the value is not known.
template <typename T>
Cell known(const std::optional<T>& value) {
    return value ? Cell(*value) : Cell();
}

/// None when the time is not known.
inline Cell known_time(const std::optional<WallTime>& time) {
    return known(time);
}

/// None when the text is empty.
inline Cell non_empty(std::string_view value) {
    return value.empty() ? Cell() : Cell(std::string(value));
}

/// None below zero, which is how wire formats say "unknown".
inline Cell non_negative(std::int64_t value) {
    return value >= 0 ? Cell(value) : Cell();
}

/// A column together with what stands in it, so that the two cannot drift apart.
template <typename Item>
struct ItemColumn {
    Column column{};
    Cell (*cell)(const Item&) = nullptr;
};

/// What makes the head of the table.
template <typename Item>
std::vector<Column> table_columns(std::span<const ItemColumn<Item>> columns) {
    std::vector<Column> result;
    result.reserve(columns.size());
    for (const ItemColumn<Item>& column : columns) {
        result.push_back(column.column);
    }
    return result;
}

/// Replaces the cells of `row` by those of `item`.
template <typename Item>
void fill_row(std::vector<Cell>& row, std::span<const ItemColumn<Item>> columns, const Item& item) {
    row.clear();
    row.reserve(columns.size());
    for (const ItemColumn<Item>& column : columns) {
        row.push_back(column.cell(item));
    }
}

/// One row for each item.
template <typename Item>
Table make_table(std::string_view title,
                 std::span<const ItemColumn<Item>> columns,
                 std::span<const Item> items) {
    Table table{.title = std::string(title), .columns = table_columns(columns)};
    table.rows.reserve(items.size());
    for (const Item& item : items) {
        fill_row(table.rows.emplace_back(), columns, item);
    }
    return table;
}

}  // namespace caretaker
