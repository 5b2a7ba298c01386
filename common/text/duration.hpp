// SPDX-License-Identifier: Apache-2.0
// Durations as people write and read them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Reads "90s", "15m", "36h", "7d", "2w", "250ms", and several units from large to small: "1h30m".
/// Strict: no sign, blank, fraction, bare number or repeated unit; nothing when the sum does not
/// fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// For people, in at most two units, rounded: "17 ms", "2.4 s", "3 min 20 s", "1 h 5 min", "5 d 3
/// h".
std::string format_duration(std::chrono::milliseconds duration);

/// The exact value as parse_duration() reads it: "1h30m", "250ms", "0s". Negative ones begin with
/// "-" and cannot be read back.
std::string format_exact_duration(std::chrono::milliseconds duration);

/// The same in one unit, days at the most, as people write settings: "400d", "36h", "90s".
std::string format_in_one_unit(std::chrono::milliseconds duration);

}  // namespace caretaker
