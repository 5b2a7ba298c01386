// SPDX-License-Identifier: Apache-2.0
// Rows on their way from one store to another: which there are, and what each of their values may
// be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace caretaker {

enum class RowValueKind { integer, real, text };

struct RowColumn {
    std::string_view name{};
    RowValueKind kind = RowValueKind::text;
    bool nullable = false;
    std::int64_t min = 0;  // of an integer
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::string_view choices{};  // of a text: "a|b", or any when empty
};

using RowValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// The parts of a store that travel. What belongs to a run comes after it and names it by its uid.
enum class RowType { run, action, metric, finding, sample, event, hold };

inline constexpr std::size_t row_types = 7;

/// "run", "action", …
std::string_view to_string(RowType type);

/// Nothing when there is no such word.
std::optional<RowType> parse_row_type(std::string_view word);

/// The columns of such a row. Times end with `_ms`: milliseconds since 1970, UTC.
std::span<const RowColumn> columns_of(RowType type);

struct StoreRow {
    RowType type = RowType::run;
    std::vector<RowValue> values{};  // one for each column

    /// A value of a column that exists and holds that kind; std::logic_error otherwise.
    [[nodiscard]] const std::string& text(std::string_view column) const;
    [[nodiscard]] std::int64_t integer(std::string_view column) const;
};

/// What is wrong with a value: "is no integer from 1 to 5"; empty when nothing.
std::string find_fault(const RowColumn& column, const RowValue& value);

}  // namespace caretaker
