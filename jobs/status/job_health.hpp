// SPDX-License-Identifier: Apache-2.0
// Judges how one job stands on one target. Pure.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/store/holds.hpp"
#include "common/store/status_records.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// What is known of a job on a target.
struct HealthFacts {
    JobStanding standing{};
    std::vector<RunUnderWay> under_way{};  // of this job and target, oldest first
    std::optional<Hold> hold{};
    std::optional<std::chrono::milliseconds> configured_every{};
    std::string host{};  // this one; only its processes can be seen
    WallTime now{};
    double max_age = 2;  // overdue when the last start is older than so many intervals
};

/// When a job should run.
struct Expectation {
    std::chrono::milliseconds every{0};
    bool configured = false;         // else learnt from the runs before
    std::optional<WallTime> next{};  // unset before the first run
    bool overdue = false;
};

struct JobHealth {
    JobStanding standing{};
    NagiosState state = NagiosState::ok;
    std::vector<std::string> reasons{};  // in words, what made the state first; may be empty
    std::optional<Expectation> expected{};
    std::optional<std::chrono::milliseconds> median{};  // how long good runs took
    std::optional<RunUnderWay> running{};               // the newest that may have a process
    std::optional<Hold> hold{};
};

/// The median gap between the starts of runs that a scheduler began, retries left out; nothing for
/// fewer than three gaps. `marks` are newest first.
std::optional<std::chrono::milliseconds> learn_interval(std::span<const RunMark> marks);

/// Critical: overdue, died, failed, timeout, braked or lost, or ended by findings that are high
/// or worse. Warning: partial, interrupted, ended by lesser findings, or three times in a row
/// kept away by a lock. A job on hold is not overdue.
JobHealth judge_job(const HealthFacts& facts);

/// Of two states the worse one: critical, warning, unknown, ok.
NagiosState worse_state(NagiosState one, NagiosState other);

}  // namespace caretaker
