// SPDX-License-Identifier: Apache-2.0
// Rows that a table makes while it is shown, held so that a test can look at them.
#pragma once

#include "common/base/table.hpp"

#include <utility>
#include <vector>

namespace caretaker {

/// The table with all its rows in `rows`.
inline Table hold_rows(Table table) {
    std::vector<std::vector<Cell>> rows;
    table.for_each_row(
        [&rows](std::span<const Cell> row) { rows.emplace_back(row.begin(), row.end()); });
    table.rows = std::move(rows);
    table.row_source = {};
    return table;
}

}  // namespace caretaker
