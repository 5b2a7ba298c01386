// SPDX-License-Identifier: Apache-2.0
// The rows that a job shows, typed once and rendered as table, JSON or CSV by the output layer.
#pragma once

#include "common/base/clock.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace caretaker {

/// One value of a row; std::monostate stands for "none" (`-` in a table, null in JSON, empty in
/// CSV). A time is shown to a person in their own zone, and to programs in UTC.
using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string, WallTime>;

enum class Shown {
    always,
    machine,  // in JSON and CSV only: detail that would not fit a terminal
};

struct Column {
    std::string key{};      // in JSON and CSV: snake_case
    std::string heading{};  // in a table: the term of the field, in capitals
    bool right = false;     // numbers stand right
    Shown shown = Shown::always;
};

/// Is given one row after another; the cells live as long as the call.
using RowVisitor = std::function<void(std::span<const Cell> row)>;

struct Table {
    std::string title{};  // printed above the table when a report shows several
    std::vector<Column> columns{};
    std::vector<std::vector<Cell>> rows{};  // each as long as `columns`
    /// In the place of `rows` where these are too many to be held: makes them while they are shown,
    /// at least one, the same ones whenever it is called.
    std::function<void(const RowVisitor&)> row_source{};

    [[nodiscard]] bool is_empty() const { return rows.empty() && !row_source; }

    void for_each_row(const RowVisitor& visit) const {
        if (row_source) {
            row_source(visit);
            return;
        }
        for (const std::vector<Cell>& row : rows) {
            visit(row);
        }
    }
};

}  // namespace caretaker
