// SPDX-License-Identifier: Apache-2.0
// Whether the wall clock can be trusted with decisions about the age of things; no IO.
#pragma once

#include "common/base/wall_time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// How far the clock may be from where it should be.
inline constexpr std::chrono::minutes clock_tolerance{5};

struct ClockFacts {
    WallTime now{};
    std::string_view build_date{};         // "2026-05-04"; anything else is no date
    std::optional<WallTime> newest_end{};  // of the runs of this host
    std::string service{};                 // whose clock is farthest from ours, with `ahead`
    std::optional<std::chrono::milliseconds> ahead{};  // of ours; negative: behind
};

/// Why the clock is wrong, with what to try; nothing when it may well be right. More than
/// clock_tolerance from the end of an earlier run or from a service's clock are too much.
std::optional<std::string> find_clock_trouble(const ClockFacts& facts);

}  // namespace caretaker
