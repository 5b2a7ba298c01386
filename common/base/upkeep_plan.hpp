// SPDX-License-Identifier: Apache-2.0
// What a job that changes things is going to do, as values: no seam, no IO.
#pragma once

#include "common/base/action_list.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// An action of an earlier run of this job and target whose end is not known: the process died, or
/// was stopped, between its request and its answer.
struct UnsettledAction {
    std::int64_t id = 0;
    std::string kind{};
    std::string subject{};
    std::string identity{};  // as Action::identity
    std::string run{};       // uid of that run
};

/// What became of it, seen by looking at its subject again.
struct SettledAction {
    std::int64_t id = 0;
    bool done = false;  // false: the subject is there, and it is unchanged
};

/// A part of a plan with a brake of its own.
struct PlanPart {
    std::string name{};            // as messages call it: "rule app-logs"
    std::int64_t destructive = 0;  // things that go, of which one action may take many
    std::int64_t universe = 0;     // as UpkeepPlan::universe
    std::optional<double> max_percent{};
};

/// All that a run is going to do, known before it does anything.
struct UpkeepPlan {
    ActionList actions{};  // over all steps of the run, in the order in which they will be done
    /// How many things there are that the job could act on, whatever their age: what
    /// --max-percent is a part of. Protected ones and the system's own do not count.
    std::int64_t universe = 0;
    /// Where there are any, the brakes go by them instead of actions and universe: --max-actions by
    /// their sum, --max-percent by each.
    std::vector<PlanPart> parts{};
    std::vector<SettledAction> settled{};
};

/// When a plan is too much to be true.
struct BrakeLimits {
    std::optional<std::int64_t> max_actions{};
    std::optional<double> max_percent{20.0};
};

}  // namespace caretaker
