// SPDX-License-Identifier: Apache-2.0
// Points in time as they are typed on a command line.
#pragma once

#include "common/base/clock.hpp"

#include <optional>
#include <string_view>

namespace caretaker {

/// Reads how long ago something was ("7d", "1h30m"), an RFC 3339 time, or a date, which means its
/// first instant in UTC.
std::optional<WallTime> parse_past_time(std::string_view text, WallTime now);

/// The same, but a duration counts from now on.
std::optional<WallTime> parse_future_time(std::string_view text, WallTime now);

}  // namespace caretaker
