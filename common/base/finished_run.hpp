// SPDX-License-Identifier: Apache-2.0
// A run after its end: what the output layer renders.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/report.hpp"
#include "common/base/run_info.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// A finding as it stands after this run.
struct FindingState {
    std::int64_t id = 0;  // 0: not stored
    Finding finding{};
    FindingStatus status = FindingStatus::added;
    WallTime first_seen_at{};
};

struct FinishedRun {
    RunInfo info{};
    WallTime ended_at{};
    std::chrono::milliseconds duration{0};
    Outcome outcome = Outcome::ok;
    ExitCode exit_code = ExitCode::ok;     // what the process returns, unless as a plugin
    NagiosState nagios = NagiosState::ok;  // the same for a monitoring plugin
    Report report{};
    std::vector<FindingState> findings{};  // those of the report, then those that this run resolved
};

}  // namespace caretaker
