// SPDX-License-Identifier: Apache-2.0
// Whether this host's clock can be trusted.
#pragma once

#include "common/base/clock_trouble.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

/// Asks the kernel by adjtimex(2), without changing anything.
std::optional<bool> fetch_clock_synchronised();

/// Failed where jobs that change things would stop (find_clock_trouble), else what the kernel says:
/// `synchronised` as fetch_clock_synchronised().
CheckRows judge_clock(const ClockFacts& facts, std::optional<bool> synchronised);

/// The clock of a service beside ours: nothing up to 30 s, which a slow answer may cost, failed
/// beyond five minutes, where jobs that change things stop.
CheckRows judge_service_clock(const std::string& service,
                              std::chrono::sys_seconds theirs,
                              WallTime ours);

}  // namespace caretaker
