// SPDX-License-Identifier: Apache-2.0
// A job that changes things: plan, brake, act, verify.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/job.hpp"

#include <cstdint>
#include <optional>
#include <span>
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
};

/// What became of it, seen by looking at its subject again.
struct SettledAction {
    std::int64_t id = 0;
    bool done = false;  // false: the subject is there, and it is unchanged
};

/// All that a run is going to do, known before it does anything.
struct UpkeepPlan {
    ActionList actions{};  // over all steps of the run, in the order in which they will be done
    /// How many things there are that the job could act on, whatever their age: what
    /// --max-percent is a part of. Protected ones and the system's own do not count.
    std::int64_t universe = 0;
    std::vector<SettledAction> settled{};
};

/// When a plan is too much to be true.
struct BrakeLimits {
    std::optional<std::int64_t> max_actions{};
    std::optional<double> max_percent{20.0};
};

/// The runner calls the parts in their order: plan(), then, unless a brake holds, the run is dry or
/// a person says no, act() and verify(), and in any case report().
class UpkeepJob : public Job {
 public:
    /// Looks at the world, without changing it, and decides. `unsettled` are to be looked for among
    /// what is there: those that can be settled go into the plan's `settled`; what is still to be
    /// done with their subjects is planned as if they had never been tried.
    virtual UpkeepPlan plan(Context& context, std::span<const UnsettledAction> unsettled) = 0;

    /// Does what is planned, through `executor`. Not called with an empty plan.
    virtual void act(Context& context, ActionExecutor& executor) = 0;

    /// Looks again whether the world is as it should be. Called when act() returned.
    virtual void verify(Context& /*context*/, ActionExecutor& /*executor*/) {}

    /// Table, summary, findings and metrics, from `actions` as they stand and what plan() saw; the
    /// report's own `actions` and `outcome` are left alone. No IO. Also called when a later part
    /// failed; then the summary is replaced.
    virtual Report report(const ActionList& actions) = 0;

    /// What holds unless --max-actions and --max-percent say otherwise.
    [[nodiscard]] virtual BrakeLimits brake_limits() const { return {}; }

    /// Names of further locks on the target, beside the job's own, e.g. "indices" where another job
    /// destroys the same things. Not needed for a dry run.
    [[nodiscard]] virtual std::vector<std::string> further_locks() const { return {}; }

    /// Not for jobs of this kind: std::logic_error.
    Report run(Context& context) final;

    UpkeepJob* as_upkeep() final { return this; }
};

}  // namespace caretaker
