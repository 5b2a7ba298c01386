// SPDX-License-Identifier: Apache-2.0
// A job that changes things: plan, brake, act, verify.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/job.hpp"
#include "common/base/upkeep_plan.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// One run of such a job, with its clients and with what it saw. Lives shorter than the context it
/// was begun with. The runner calls the parts in their order: plan(), then, unless a brake holds,
/// the run is dry or a person says no, act(), the further round and verify(), and in any case
/// report().
class UpkeepTask {
 public:
    virtual ~UpkeepTask() = default;

    /// Looks at the world, without changing it, and decides. `unsettled` are to be looked for among
    /// what is there: those that can be settled go into the plan's `settled`; what is still to be
    /// done with their subjects is planned as if they had never been tried.
    virtual UpkeepPlan plan(std::span<const UnsettledAction> unsettled) = 0;

    /// Does what is planned, through `executor`. Not called with an empty plan.
    virtual void act(ActionExecutor& executor) = 0;

    /// Called once, when act() returned: what is to be done beyond the plan because what it did was
    /// not enough. `actions` are further ones; the universe and the numbers of `parts` come on top
    /// of those of the plan, for the brakes count both. `settled` is not looked at.
    virtual UpkeepPlan plan_further() { return {}; }

    /// Does what plan_further() planned, which `executor` numbers on. Not called where that is
    /// nothing, a brake holds, or a person says no.
    virtual void act_further(ActionExecutor& /*executor*/) {}

    /// Looks again whether the world is as it should be. Called when all was done.
    virtual void verify(ActionExecutor& /*executor*/) {}

    /// Called last of all, also in a dry run and with an empty plan, unless a brake held: throws
    /// what kept a part of the plan from being made while the others could be carried out.
    virtual void conclude() {}

    /// Table, summary, findings and metrics, from `actions` as they stand and what plan() saw; the
    /// report's own `actions` and `outcome` are left alone. No IO. Also called when a later part
    /// failed; then the summary is replaced.
    virtual Report report(const ActionList& actions) = 0;
};

/// What keeps runs of a job on one target apart, and how long one waits for another.
struct UpkeepLock {
    std::vector<std::string> names{};  // on the target; none: it goes beside all others
    /// For a run in the way, unless --on-locked says otherwise; exit 6 when it is still there. 0:
    /// the run is skipped.
    std::chrono::milliseconds wait{0};
    /// What is changed is this host's own: no run of another host is in the way.
    bool is_of_host = false;
};

/// Options and settings of a job that changes things. Its JobInfo is of kind `upkeep`.
class UpkeepJob : public Job {
 public:
    /// Begins a run with what configure() has taken. Connects to nothing yet.
    virtual std::unique_ptr<UpkeepTask> begin(Context& context) = 0;

    /// Whether what was asked for is a plan alone, as with --dry-run.
    [[nodiscard]] virtual bool only_plans() const { return false; }

    /// Whether what was asked for may take something away, so that a person or --yes has to agree.
    [[nodiscard]] virtual bool needs_consent() const { return true; }

    /// Whether a service out of reach is how a run ends (exit 7) though it did something elsewhere,
    /// which else is partial (exit 3). What the job's summary says then stands.
    [[nodiscard]] virtual bool tells_unreachable_first() const { return false; }

    /// What holds unless --max-actions and --max-percent say otherwise.
    [[nodiscard]] virtual BrakeLimits brake_limits() const { return {}; }

    /// The locks of the form of the command that was given, of which the first is its own: that of
    /// the `job`, with others where another job destroys the same things ("the indices at
    /// HOST:PORT"). Not needed for a dry run.
    [[nodiscard]] virtual UpkeepLock lock_of_form(const std::string& job) const {
        return {.names = {job}};
    }

    /// Of a form that only shows (kind_of_form() says `inspect`), in the place of a task.
    virtual Report show(Context& context);

    /// Not for runs that change things, which the runner takes part by part.
    Report run(Context& context) final { return show(context); }

    UpkeepJob* as_upkeep() final { return this; }
};

}  // namespace caretaker
