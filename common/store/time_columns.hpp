// SPDX-License-Identifier: Apache-2.0
// Times as the tables hold them: milliseconds since 1970, UTC.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace caretaker {

inline std::int64_t to_milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

inline WallTime to_wall_time(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

inline std::optional<WallTime> to_wall_time(std::optional<std::int64_t> milliseconds) {
    return milliseconds ? std::optional(to_wall_time(*milliseconds)) : std::nullopt;
}

}  // namespace caretaker
