// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_blocked_model.hpp"

#include "jobs/leftovers/rolling_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace caretaker {

namespace {

/// With nothing else of the plan in the way: its old instances alone are there.
bool can_begin(PlanSpace& space, const PlanScene& scene, const PlannedRestart& restart) {
    const MarathonApp& app = scene.facts.workload.apps[restart.app];
    const auto healthy = std::ssize(restart.instances);
    const RollingRestart limits = rolling_limits(app, healthy);
    if (limits.ceiling > healthy || limits.stop_first > 0) {
        for (std::uint32_t agent = 0; agent < scene.facts.cluster.agents.size(); ++agent) {
            if (space.has_room(restart.app, agent) && space.is_accepted(restart.app, agent)) {
                return true;
            }
        }
    }
    OldOnes all(restart.instances.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, limits.stop_first));
    for (const auto& [agent, old] : old_by_agent(restart, all)) {
        const std::span<const std::size_t> those(old.data(), std::min(most, old.size()));
        if (space.is_accepted(restart.app, agent) &&
            stops_needed(space, restart, agent, those) <= those.size()) {
            return true;
        }
    }
    return app.instances == 0;
}

}  // namespace

std::map<std::uint32_t, OldOnes> old_by_agent(const PlannedRestart& restart, const OldOnes& old) {
    std::map<std::uint32_t, OldOnes> agents;
    for (const std::size_t index : old) {
        agents[restart.instances[index].agent].push_back(index);
    }
    return agents;
}

std::size_t stops_needed(PlanSpace& space,
                         const PlannedRestart& restart,
                         std::uint32_t agent,
                         std::span<const std::size_t> old) {
    std::size_t stopped = 0;
    while (!space.has_room(restart.app, agent) && stopped < old.size()) {
        space.release(restart.app, restart.instances[old[stopped++]]);
    }
    const bool is_enough = space.has_room(restart.app, agent);
    for (std::size_t i = 0; i < stopped; ++i) {
        space.hold(restart.app, restart.instances[old[i]]);
    }
    return is_enough ? stopped : old.size() + 1;
}

std::vector<BlockedRestart> find_blocked_restarts(PlanSpace& space, const PlanScene& scene) {
    std::vector<BlockedRestart> blocked;
    if (!std::ranges::all_of(scene.facts.cluster.agents, &AgentRow::is_exact)) {
        return blocked;
    }
    // GPUs in the way may be taken by another app of the plan.
    const bool wants_gpus = std::ranges::any_of(scene.wanted, [&](const WantedApp& wanted) {
        return space.plan(wanted.app).needs.scalars[gpus] > 0;
    });
    for (const PlannedRestart& restart : scene.restarts) {
        const AppPlan& plan = space.plan(restart.app);
        const MarathonApp& app = *plan.app;
        if (!restart.keeps_roles || (wants_gpus && leaves_gpus_alone(app, plan.needs))) {
            continue;
        }
        for (const OldInstance& old : restart.instances) {
            space.hold(restart.app, old);
        }
        if (!can_begin(space, scene, restart)) {
            const RollingRestart limits = rolling_limits(app, std::ssize(restart.instances));
            blocked.push_back(
                {.app = restart.app,
                 .words = fmt::format("the restart of {} would stand still: no new instance fits "
                                      "beside the old ones, of which its upgradeStrategy keeps {}",
                                      app.id,
                                      std::ssize(restart.instances) - limits.stop_first)});
        }
        for (const OldInstance& old : restart.instances) {
            space.release(restart.app, old);
        }
    }
    return blocked;
}

}  // namespace caretaker
