// SPDX-License-Identifier: Apache-2.0
// Amounts and shares as cells of a table.
#pragma once

#include "common/base/table.hpp"
#include "common/clients/milli.hpp"

#include <cstdint>
#include <optional>

namespace caretaker {

/// A whole number where it is one.
inline Cell amount_cell(Milli amount) {
    return amount % 1000 == 0 ? Cell(amount / 1000) : Cell(to_number(amount));
}

/// Thousandths of `whole` that `part` is, rounded half up; nothing of nothing.
inline std::optional<std::int64_t> permille(Milli part, Milli whole) {
    if (whole <= 0) {
        return std::nullopt;
    }
    // Sums over clusters may pass 2^53, so that a thousand times them would overflow.
    const auto exact = static_cast<WideMilli>(part) * 2000 / whole;
    return static_cast<std::int64_t>((exact + 1) / 2);
}

/// Percent with one decimal.
inline Cell percent_cell(Milli part, Milli whole) {
    const auto share = permille(part, whole);
    if (!share) {
        return {};
    }
    return *share % 10 == 0 ? Cell(*share / 10) : Cell(static_cast<double>(*share) / 10.0);
}

/// Whether part / whole is below percent / 100, exactly.
inline bool is_below_percent(Milli part, Milli whole, int percent) {
    return static_cast<WideMilli>(part) * 100 < static_cast<WideMilli>(whole) * percent;
}

}  // namespace caretaker
