// SPDX-License-Identifier: Apache-2.0
// The codes of strftime that stand for dates in names. All times are UTC.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Seconds since 1970, UTC.
using UnixSeconds = std::chrono::sys_seconds;

/// How many digits stand for a code, one of Y G y m W U V d H M S j; 0: it is none.
std::size_t date_code_digits(char code);

/// The time that `text` as a whole is by `form`; nothing when it is none.
std::optional<UnixSeconds> parse_whole_date(std::string_view text, std::string_view form);

/// Fills the codes of `form` from `now`: "logs-%Y.%m.%d". A `%` before anything else is dropped.
std::string format_timestring(std::string_view form, UnixSeconds now);

/// Seconds from a number that may be milli-, micro- or nanoseconds, told by its number of
/// characters: up to 10 as it is, 11 to 13 by 1000, longer ones cut to 10 digits.
std::int64_t normalise_epoch(std::int64_t value);

}  // namespace caretaker
