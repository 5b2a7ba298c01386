// SPDX-License-Identifier: Apache-2.0
// The two kinds of time as values; asking for them is the clock's, see clock.hpp.
#pragma once

#include <chrono>

namespace caretaker {

/// Wall time as caretaker stores and prints it: UTC, whole milliseconds.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// A point in time to measure durations from.
using SteadyTime = std::chrono::steady_clock::time_point;

}  // namespace caretaker
