// SPDX-License-Identifier: Apache-2.0
// Amounts of resources as Mesos counts them: fixed point, three decimals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Thousandths of a CPU, MB or GPU.
using Milli = std::int64_t;

/// Largest amount that is taken for one: two of them still add up below 2^53, so that quotients of
/// amounts are exact in double precision.
inline constexpr Milli max_milli = 1LL << 51;

/// For products of amounts and sums of many, which 64 bits may not hold.
__extension__ using WideMilli = __int128;

/// A scalar as it stands in JSON. Mesos (`common/values.cpp`) converts each operand on its own by
/// llround(value * 1000), the product in double precision, and then computes with integers; sums in
/// its answers are of doubles, so 0.30000000000000004 stands for 300. Nothing for a negative one,
/// for NaN, and beyond max_milli.
std::optional<Milli> to_milli(double value);

/// "4", "0.5", "12.125": no exponent, no trailing zeros.
std::string format_milli(Milli amount);

/// The number itself, for JSON and metrics.
constexpr double to_number(Milli amount) {
    return static_cast<double>(amount) / 1000.0;
}

/// Reads "4", "0.5", "16384.25": digits with at most three decimals.
std::optional<Milli> parse_milli(std::string_view text);

}  // namespace caretaker
