// SPDX-License-Identifier: Apache-2.0
// Points in time as they are typed for --since and --until.
#pragma once

#include "common/base/clock.hpp"

#include <optional>
#include <string_view>

namespace caretaker {

/// Reads how long ago something was ("7d", "1h30m"), an RFC 3339 time, or a date, which means its
/// first instant in UTC.
std::optional<WallTime> parse_time_or_age(std::string_view text, WallTime now);

}  // namespace caretaker
