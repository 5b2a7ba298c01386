// SPDX-License-Identifier: Apache-2.0
// One of the things that `caretaker cleanup` looks after on a host.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/report.hpp"
#include "common/base/upkeep_plan.hpp"

#include <cstddef>
#include <span>

namespace caretaker {

/// The indices of a part's own actions among all of the run.
struct ActionRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class CleanupPart {
 public:
    virtual ~CleanupPart() = default;

    /// Looks and decides; appends its actions to the plan, the parts that brakes go by, and those
    /// of `unsettled` that are its own and could be settled.
    virtual void plan(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) = 0;

    /// Carries out its actions.
    virtual void act(ActionExecutor& executor, ActionRange own) = 0;

    /// What it does beyond its plan, looked for once when all parts have acted; as
    /// UpkeepTask::plan_further().
    virtual void plan_further(UpkeepPlan& /*plan*/) {}

    /// Carries that out.
    virtual void act_further(ActionExecutor& /*executor*/, ActionRange /*own*/) {}

    /// Throws what kept some of it from being planned.
    virtual void conclude() {}

    /// Adds its rows, counts, findings and problems.
    virtual void report(const ActionList& actions, ActionRange own, Report& report) = 0;
};

}  // namespace caretaker
