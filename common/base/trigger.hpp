// SPDX-License-Identifier: Apache-2.0
// Who started this run, read off the environment that each kind of caller leaves behind.
#pragma once

#include "common/base/clock.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

using EnvironmentMap = std::map<std::string, std::string, std::less<>>;

inline constexpr std::array<std::string_view, 4> trigger_names{
    "chronos", "jenkins", "cron", "manual"};

struct Trigger {
    std::string name{"manual"};  // one of trigger_names
    std::string ref{};           // Mesos task id or build URL, else empty
    int attempt = 0;             // of Chronos, from 0

    /// From queueing by Chronos to `now`; none when unknown or outside 0 to 24 h, where one of the
    /// two clocks must be wrong.
    std::optional<std::chrono::milliseconds> queue_delay{};
};

/// Chronos is known by CHRONOS_JOB_NAME (the task id holds time and attempt where the variables
/// of 3.0 are missing), Jenkins by BUILD_URL or JENKINS_URL, cron by the lack of a terminal.
Trigger detect_trigger(const EnvironmentMap& environment, bool stdin_is_terminal, WallTime now);

}  // namespace caretaker
