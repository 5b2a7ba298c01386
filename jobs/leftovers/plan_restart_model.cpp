// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_restart_model.hpp"

#include "jobs/leftovers/rolling_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t most_rounds = 2'000;  // of one restart; a way that takes more is not known

/// The old instances that run still, as indices into PlannedRestart::instances.
using OldOnes = std::vector<std::size_t>;

std::map<std::uint32_t, OldOnes> by_agent(const PlannedRestart& restart, const OldOnes& old) {
    std::map<std::uint32_t, OldOnes> agents;
    for (const std::size_t index : old) {
        agents[restart.instances[index].agent].push_back(index);
    }
    return agents;
}

/// How many of these old ones, all on one agent, have to stop there for a new one; more than there
/// are: it does not fit even then.
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

class Restarter {
 public:
    Restarter(PlanSpace& space, const PlanScene& scene, PlacingPolicy policy)
        : space_(space), scene_(scene), policy_(policy) {
        way_.rounds.resize(scene.restarts.size());
        for (const PlannedRestart& restart : scene.restarts) {
            State& state = states_.emplace_back();
            const MarathonApp& app = scene.facts.workload.apps[restart.app];
            const auto healthy = std::ssize(restart.instances);
            const RollingRestart limits = rolling_limits(app, healthy);
            state.wanted = app.instances;
            state.ceiling = limits.ceiling;
            state.least = healthy - limits.stop_first;
            for (std::size_t i = 0; i < restart.instances.size(); ++i) {
                state.old.push_back(i);
                space_.hold(restart.app, restart.instances[i]);
            }
        }
    }

    void restrict_to(std::span<const PlacedInstance> targets) {
        targets_.emplace();
        for (const PlacedInstance& target : targets) {
            (*targets_)[target.app].push_back(target.agent);
        }
    }

    RestartWay find() {
        bool goes_on = true;
        while (goes_on) {
            goes_on = false;
            for (std::size_t i = 0; i < states_.size(); ++i) {
                while (advance(i)) {
                    goes_on = true;
                }
            }
        }
        way_.is_complete = std::ranges::all_of(states_, &State::is_done);
        for (std::size_t i = 0; i < states_.size(); ++i) {
            if (!states_[i].is_done() && !way_.stuck) {
                way_.stuck = scene_.restarts[i].app;
                way_.stuck_after = states_[i].started;
            }
            for (const std::size_t index : states_[i].old) {
                space_.release(scene_.restarts[i].app, scene_.restarts[i].instances[index]);
            }
        }
        give_all_back(space_, way_.placed);
        return std::move(way_);
    }

 private:
    struct State {
        std::int64_t wanted = 0;
        std::int64_t ceiling = 0;  // of old and new ones together
        std::int64_t least = 0;    // the same
        std::int64_t started = 0;
        OldOnes old{};

        [[nodiscard]] bool is_done() const { return started == wanted && old.empty(); }
    };

    bool advance(std::size_t index) {
        if (way_.rounds[index] == most_rounds && states_[index].started < states_[index].wanted) {
            return false;
        }
        const bool has_stopped = stop_some(index);
        return start_some(index) || has_stopped;
    }

    bool start_some(std::size_t index) {
        State& state = states_[index];
        const std::uint32_t app = scene_.restarts[index].app;
        const std::int64_t most = std::min(state.wanted - state.started,
                                           state.ceiling - state.started - std::ssize(state.old));
        if (most <= 0) {
            return false;
        }
        const std::vector<PlacedInstance> placed =
            targets_ ? start_on_targets(app, most) : start_anywhere(app, most);
        for (const PlacedInstance& instance : placed) {
            way_.steps.push_back({.restart = index, .instance = way_.placed.size()});
            way_.placed.push_back(instance);
        }
        state.started += std::ssize(placed);
        way_.rounds[index] += placed.empty() ? 0 : 1;
        return !placed.empty();
    }

    std::vector<PlacedInstance> start_anywhere(std::uint32_t app, std::int64_t most) {
        const WantedApp wanted{.app = app, .instances = most};
        // A gradient is dear to begin anew each time.
        return place_by(space_,
                        std::span(&wanted, 1),
                        policy_ == PlacingPolicy::fgd ? PlacingPolicy::best_fit : policy_);
    }

    std::vector<PlacedInstance> start_on_targets(std::uint32_t app, std::int64_t most) {
        std::vector<PlacedInstance> placed;
        std::vector<std::uint32_t>& targets = (*targets_)[app];
        const bool depends_on_order = !space_.plan(app).counts.empty();
        bool goes_on = true;
        while (goes_on) {
            const std::size_t before = placed.size();
            std::erase_if(targets, [&](std::uint32_t agent) {
                const bool starts = std::ssize(placed) < most && space_.has_room(app, agent) &&
                                    space_.is_accepted(app, agent) && space_.has_budget(app);
                if (starts) {
                    space_.take(app, agent);
                    placed.push_back({.app = app, .agent = agent});
                }
                return starts;
            });
            goes_on = depends_on_order && placed.size() > before;
        }
        return placed;
    }

    /// Where it makes room for a new one first.
    bool stop_some(std::size_t index) {
        State& state = states_[index];
        const PlannedRestart& restart = scene_.restarts[index];
        const std::int64_t running = state.started + std::ssize(state.old);
        const std::int64_t most =
            state.started == state.wanted
                ? std::ssize(state.old)
                : std::min<std::int64_t>(std::ssize(state.old), running - state.least);
        if (most <= 0) {
            return false;
        }
        if (most < std::ssize(state.old)) {
            sort_by_stops_needed(restart, state.old);
        }
        // From the end on, so that the others keep their places.
        for (std::int64_t i = 0; i < most; ++i) {
            const std::size_t old = state.old.back();
            state.old.pop_back();
            space_.release(restart.app, restart.instances[old]);
            way_.steps.push_back({.restart = index, .is_stop = true, .instance = old});
        }
        return true;
    }

    /// The last ones are on the agents where the fewest have to stop for a new one.
    void sort_by_stops_needed(const PlannedRestart& restart, OldOnes& old) {
        std::vector<std::pair<std::size_t, OldOnes>> groups;
        for (auto& [agent, ones] : by_agent(restart, old)) {
            const std::size_t needed = stops_needed(space_, restart, agent, ones);
            groups.emplace_back(needed, std::move(ones));
        }
        std::ranges::stable_sort(
            groups, std::ranges::greater{}, [](const auto& group) { return group.first; });
        old.clear();
        for (const auto& [needed, ones] : groups) {
            old.insert(old.end(), ones.begin(), ones.end());
        }
    }

    PlanSpace& space_;
    const PlanScene& scene_;
    PlacingPolicy policy_;
    std::vector<State> states_{};
    std::optional<std::map<std::uint32_t, std::vector<std::uint32_t>>> targets_{};  // by app
    RestartWay way_{};
};

/// With nothing else of the plan in the way: its old instances alone are there.
bool can_begin(PlanSpace& space, const PlanScene& scene, const PlannedRestart& restart) {
    const MarathonApp& app = scene.facts.workload.apps[restart.app];
    const auto healthy = std::ssize(restart.instances);
    const RollingRestart limits = rolling_limits(app, healthy);
    if (limits.ceiling > healthy) {
        for (std::uint32_t agent = 0; agent < scene.facts.cluster.agents.size(); ++agent) {
            if (space.has_room(restart.app, agent) && space.is_accepted(restart.app, agent)) {
                return true;
            }
        }
    }
    OldOnes all(restart.instances.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = i;
    }
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, limits.stop_first));
    for (const auto& [agent, old] : by_agent(restart, all)) {
        const std::span<const std::size_t> those(old.data(), std::min(most, old.size()));
        if (space.is_accepted(restart.app, agent) &&
            stops_needed(space, restart, agent, those) <= those.size()) {
            return true;
        }
    }
    return app.instances == 0;
}

}  // namespace

RestartWay find_restart_way(PlanSpace& space, const PlanScene& scene, PlacingPolicy policy) {
    return Restarter(space, scene, policy).find();
}

RestartWay find_restart_way(PlanSpace& space,
                            const PlanScene& scene,
                            std::span<const PlacedInstance> targets) {
    Restarter restarter(space, scene, PlacingPolicy::best_fit);
    restarter.restrict_to(targets);
    return restarter.find();
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
