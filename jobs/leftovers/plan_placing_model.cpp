// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_placing_model.hpp"

#include "jobs/leftovers/fragmentation_gradient_model.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace caretaker {

namespace {

constexpr std::int64_t most_of_an_offer = 5;  // Marathon's --max_instances_per_offer

bool is_decreasing(PlacingPolicy policy) {
    return policy == PlacingPolicy::best_fit_decreasing ||
           policy == PlacingPolicy::first_fit_decreasing;
}

/// How instances are placed; the gradient is there where the policy goes by it.
struct PlacingRule {
    PlacingPolicy policy = PlacingPolicy::best_fit;
    std::optional<FragmentationGradient> gradient{};
};

/// The instances of one app, which are all alike.
class AppPlacing {
 public:
    AppPlacing(PlanSpace& space, std::uint32_t app, PlacingRule& rule)
        : space_(space), app_(app), rule_(rule) {
        const std::size_t count = space_.ground().facts.cluster.agents.size();
        for (std::uint32_t agent = 0; agent < count; ++agent) {
            if (space_.has_room(app, agent)) {
                agents_.push_back({.key = key_of(agent), .agent = agent});
            }
        }
        std::ranges::sort(agents_);  // the best are tried first
    }

    bool place(std::vector<PlacedInstance>& placed) {
        if (!space_.has_budget(app_)) {
            return false;
        }
        for (std::size_t i = 0; i < agents_.size(); ++i) {
            const std::uint32_t agent = agents_[i].agent;
            if (!space_.is_accepted(app_, agent)) {
                continue;
            }
            space_.take(app_, agent);
            placed.push_back({.app = app_, .agent = agent});
            settle(i);
            return true;
        }
        return false;
    }

 private:
    struct Candidate {
        std::tuple<std::int64_t, std::int64_t> key{};
        std::uint32_t agent = 0;

        friend auto operator<=>(const Candidate&, const Candidate&) = default;
    };

    [[nodiscard]] std::tuple<std::int64_t, std::int64_t> key_of(std::uint32_t agent) const {
        switch (rule_.policy) {
            case PlacingPolicy::first_fit:
            case PlacingPolicy::first_fit_decreasing:
                return {0, 0};
            case PlacingPolicy::spread: {
                const auto known = here_.find(agent);
                return {known == here_.end() ? 0 : known->second, -space_.residual(app_, agent)};
            }
            case PlacingPolicy::fgd:
                return {rule_.gradient->of(app_, agent), space_.residual(app_, agent)};
            case PlacingPolicy::best_fit:
            case PlacingPolicy::best_fit_decreasing:
                break;
        }
        return {space_.residual(app_, agent), 0};
    }

    /// Moves the candidate to where it belongs now, or takes it out.
    void settle(std::size_t index) {
        const std::uint32_t agent = agents_[index].agent;
        ++here_[agent];
        if (rule_.gradient) {
            rule_.gradient->forget(agent);
        }
        if (!space_.has_room(app_, agent)) {
            agents_.erase(agents_.begin() + static_cast<std::ptrdiff_t>(index));
            return;
        }
        const Candidate moved{.key = key_of(agent), .agent = agent};
        agents_.erase(agents_.begin() + static_cast<std::ptrdiff_t>(index));
        agents_.insert(std::ranges::lower_bound(agents_, moved), moved);
    }

    PlanSpace& space_;
    std::uint32_t app_;
    PlacingRule& rule_;
    std::vector<Candidate> agents_{};
    std::map<std::uint32_t, std::int64_t> here_{};  // placed by agent
};

}  // namespace

std::string_view to_string(PlacingPolicy policy) {
    switch (policy) {
        case PlacingPolicy::best_fit_decreasing:
            return "best-fit-decreasing";
        case PlacingPolicy::best_fit:
            return "best-fit";
        case PlacingPolicy::first_fit_decreasing:
            return "first-fit-decreasing";
        case PlacingPolicy::first_fit:
            return "first-fit";
        case PlacingPolicy::fgd:
            return "fgd";
        case PlacingPolicy::spread:
            break;
    }
    return "spread";
}

std::vector<PlacedInstance> place_by(PlanSpace& space,
                                     std::span<const WantedApp> wanted,
                                     PlacingPolicy policy) {
    std::vector<WantedApp> order(wanted.begin(), wanted.end());
    if (is_decreasing(policy)) {
        std::ranges::stable_sort(order, std::ranges::greater{}, [&](const WantedApp& app) {
            return space.plan(app.app).size;
        });
    }
    PlacingRule rule{.policy = policy};
    if (policy == PlacingPolicy::fgd) {
        rule.gradient.emplace(space, wanted);
    }
    std::vector<PlacedInstance> placed;
    for (const WantedApp& app : order) {
        AppPlacing placing(space, app.app, rule);
        for (std::int64_t i = 0; i < app.instances && placing.place(placed); ++i) {
        }
    }
    return placed;
}

std::vector<PlacedInstance> place_as_marathon(PlanSpace& space,
                                              std::span<const WantedApp> wanted,
                                              std::uint64_t seed) {
    PlanRandom random(seed);
    std::vector<WantedApp> waiting(wanted.begin(), wanted.end());
    std::vector<PlacedInstance> placed;
    std::vector<std::uint32_t> agents(space.ground().facts.cluster.agents.size());
    std::iota(agents.begin(), agents.end(), 0U);
    bool goes_on = !waiting.empty();
    while (goes_on) {
        goes_on = false;
        std::ranges::sort(agents);
        random.shuffle(agents);
        for (const std::uint32_t agent : agents) {
            std::vector<std::size_t> order;
            for (std::size_t i = 0; i < waiting.size(); ++i) {
                if (waiting[i].instances > 0) {
                    order.push_back(i);
                }
            }
            random.shuffle(order);
            std::deque<std::size_t> queue(order.begin(), order.end());
            std::int64_t of_offer = 0;
            while (!queue.empty() && of_offer < most_of_an_offer) {
                WantedApp& app = waiting[queue.front()];
                const std::size_t index = queue.front();
                queue.pop_front();
                if (!space.has_room(app.app, agent) || !space.is_accepted(app.app, agent) ||
                    !space.has_budget(app.app)) {
                    continue;
                }
                space.take(app.app, agent);
                placed.push_back({.app = app.app, .agent = agent});
                ++of_offer;
                goes_on = true;
                if (--app.instances > 0) {
                    queue.push_back(index);
                }
            }
        }
    }
    return placed;
}

void give_all_back(PlanSpace& space, std::span<const PlacedInstance> placed) {
    for (std::size_t i = placed.size(); i-- > 0;) {
        space.give_back(placed[i].app, placed[i].agent);
    }
}

void assign_ports(PlanSpace& space, const PlanScene& scene, std::vector<PlacedInstance>& placed) {
    PortSet named;
    for (const PlacedInstance& instance : placed) {
        named.add(space.plan(instance.app).needs.static_ports);
    }
    std::map<std::uint32_t, PortSet> taken;  // by agent
    for (PlacedInstance& instance : placed) {
        instance.ports = space.plan(instance.app).needs.static_ports;
        taken[instance.agent].add(instance.ports);
    }
    std::map<std::uint32_t, PortSet> held;  // the same, by old instances
    for (const PlannedRestart& restart : scene.restarts) {
        for (const OldInstance& old : restart.instances) {
            held[old.agent].add(old.ports);
        }
    }
    for (PlacedInstance& instance : placed) {
        const AppPlan& plan = space.plan(instance.app);
        std::int32_t missing = plan.needs.dynamic_ports;
        PortSet& busy = taken[instance.agent];
        PortSet spared = held[instance.agent];
        spared.add(named);
        for (const PortSet& kept : {spared, held[instance.agent], PortSet{}}) {
            for (const PortRange& range : plan.view->ports_of(instance.agent)) {
                for (std::uint32_t port = range.begin; port <= range.end && missing > 0; ++port) {
                    const auto number = static_cast<std::uint16_t>(port);
                    if (!contains_port(busy.ranges(), number) &&
                        !contains_port(kept.ranges(), number)) {
                        busy.add(port, port);
                        instance.ports.add(port, port);
                        --missing;
                    }
                }
            }
        }
    }
}

}  // namespace caretaker
