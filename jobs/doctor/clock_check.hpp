// SPDX-License-Identifier: Apache-2.0
// Whether this host's clock can be trusted.
#pragma once

#include "common/base/clock.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

struct ClockFacts {
    WallTime now{};
    std::optional<bool> synchronised{};    // as the kernel was told by NTP; none: it does not say
    std::optional<WallTime> newest_end{};  // of a run on this host
};

/// Asks the kernel by adjtimex(2), without changing anything.
std::optional<bool> fetch_clock_synchronised();

/// A clock before the end of an earlier run has gone back; five minutes are let pass.
CheckRows judge_clock(const ClockFacts& facts);

/// The clock of a service beside ours: nothing up to 30 s, which a slow answer may cost, failed
/// beyond five minutes, where jobs that change things stop.
CheckRows judge_service_clock(const std::string& service,
                              std::chrono::sys_seconds theirs,
                              WallTime ours);

}  // namespace caretaker
