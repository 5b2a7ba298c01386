// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_restart_model.hpp"

#include "jobs/leftovers/plan_blocked_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t few = 4;              // instances, for which looking is cheaper than sorting
constexpr std::int64_t most_rounds = 2'000;  // of one restart; a way that takes more is not known

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
        const PlacingPolicy policy =
            policy_ == PlacingPolicy::fgd ? PlacingPolicy::best_fit : policy_;
        const bool is_best_fit =
            policy == PlacingPolicy::best_fit || policy == PlacingPolicy::best_fit_decreasing;
        if (most > few || !is_best_fit) {
            return place_by(space_, std::span(&wanted, 1), policy);
        }
        std::vector<PlacedInstance> placed;
        while (std::ssize(placed) < most && space_.has_budget(app)) {
            const auto agent = find_best_fit(app);
            if (!agent) {
                break;
            }
            space_.take(app, *agent);
            placed.push_back({.app = app, .agent = *agent});
        }
        return placed;
    }

    /// As place_by() finds it, which puts all agents in order first.
    std::optional<std::uint32_t> find_best_fit(std::uint32_t app) {
        std::optional<std::uint32_t> best;
        std::int64_t least = 0;
        const std::size_t count = scene_.facts.cluster.agents.size();
        for (std::uint32_t agent = 0; agent < count; ++agent) {
            if (space_.has_room(app, agent) && space_.is_accepted(app, agent)) {
                const std::int64_t residual = space_.residual(app, agent);
                if (!best || residual < least) {
                    best = agent;
                    least = residual;
                }
            }
        }
        return best;
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
        for (auto& [agent, ones] : old_by_agent(restart, old)) {
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

}  // namespace caretaker
