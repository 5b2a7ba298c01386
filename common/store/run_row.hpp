// SPDX-License-Identifier: Apache-2.0
// The columns of `runs`, named once: what reads and writes whole rows follows from one table.
#pragma once

#include "common/store/run_records.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace caretaker {

class Database;
class Statement;

/// Where the value of a column stands in a RunRow. Times are milliseconds since 1970 in the file.
using RunField = std::variant<std::int64_t RunRow::*,
                              int RunRow::*,
                              bool RunRow::*,
                              std::string RunRow::*,
                              WallTime RunRow::*,
                              std::optional<WallTime> RunRow::*,
                              std::optional<std::chrono::milliseconds> RunRow::*,
                              std::optional<int> RunRow::*>;

struct RunColumn {
    std::string_view name{};
    RunField field{};
    bool null_when_empty = false;  // of a text: "" is NULL in the file
};

/// Every column, `id` first.
std::span<const RunColumn> run_column_table();

/// The columns of a SELECT that read_run() understands.
std::string_view run_columns();

/// The row that `statement` stands on.
RunRow read_run(const Statement& statement);

/// Adds a row with all its columns, within the caller's transaction.
void insert_run_row(const Database& database, const RunRow& run);

}  // namespace caretaker
