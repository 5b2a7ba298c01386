// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_search_model.hpp"

#include <algorithm>
#include <set>

namespace caretaker {

namespace {

class Searcher {
 public:
    Searcher(PlanSpace& space, std::span<const WantedApp> wanted, std::int64_t most_steps)
        : space_(space), order_(wanted.begin(), wanted.end()), steps_left_(most_steps) {
        std::ranges::stable_sort(order_, std::ranges::greater{}, [&](const WantedApp& app) {
            return space_.plan(app.app).size;
        });
        for (const WantedApp& app : order_) {
            named_.add(space_.plan(app.app).needs.static_ports);
        }
        const std::size_t count = space_.ground().facts.cluster.agents.size();
        for (std::uint32_t agent = 0; agent < count; ++agent) {
            if (std::ranges::any_of(order_, [&](const WantedApp& app) {
                    return space_.has_room(app.app, agent);
                })) {
                agents_.push_back(agent);
            }
        }
    }

    PlanSearch search() {
        const bool is_found = place(0, 0, 0);
        PlanSearch result{.is_complete = is_found || steps_left_ > 0};
        if (is_found) {
            result.placed = placed_;
        }
        give_all_back(space_, placed_);
        return result;
    }

 private:
    /// All that an agent differs by from another one for the apps that are still to be placed.
    using Likeness = std::vector<std::int64_t>;

    /// Places the rest of the app at `index`, of which `done` are placed, and all after it. Where
    /// the order of its instances does not matter they go to agents from `first` on.
    bool place(std::size_t index, std::int64_t done, std::size_t first) {
        while (index < order_.size() && done == order_[index].instances) {
            ++index;
            done = 0;
            first = 0;
        }
        if (index == order_.size()) {
            return true;
        }
        const std::uint32_t app = order_[index].app;
        if (!space_.has_budget(app)) {
            return false;
        }
        const bool is_ordered = depends_on_order(app);
        std::set<Likeness> tried;
        for (std::size_t i = is_ordered ? 0 : first; i < agents_.size(); ++i) {
            const std::uint32_t agent = agents_[i];
            if (!space_.has_room(app, agent) || !space_.is_accepted(app, agent) ||
                !tried.insert(likeness(index, agent)).second) {
                continue;
            }
            if (--steps_left_ <= 0) {
                return false;
            }
            space_.take(app, agent);
            placed_.push_back({.app = app, .agent = agent});
            if (place(index, done + 1, i)) {
                return true;
            }
            space_.give_back(app, agent);
            placed_.pop_back();
        }
        return false;
    }

    bool depends_on_order(std::uint32_t app) {
        const auto& groupings = space_.plan(app).constraints->groupings;
        return std::ranges::any_of(groupings, [](const Grouping& grouping) {
            return grouping.kind == GroupingKind::group_by ||
                   grouping.kind == GroupingKind::cluster;
        });
    }

    Likeness likeness(std::size_t index, std::uint32_t agent) {
        const RoleView& view = *space_.plan(order_[0].app).view;
        const Taken& taken = space_.taken(agent);
        Likeness like;
        for (std::size_t r = 0; r < scalar_count; ++r) {
            like.push_back(view.free.at(r)[agent] - taken.scalars.at(r));
        }
        like.push_back(view.offered_gpus[agent]);
        like.push_back(view.ports[agent] - taken.ports);
        for (const PortRange& range : named_.ranges()) {
            for (std::uint32_t port = range.begin; port <= range.end; ++port) {
                const auto number = static_cast<std::uint16_t>(port);
                like.push_back(contains_port(view.ports_of(agent), number) &&
                                       !contains_port(taken.static_ports.ranges(), number)
                                   ? 1
                                   : 0);
            }
        }
        for (std::size_t i = index; i < order_.size(); ++i) {
            const CompiledConstraints& constraints = *space_.plan(order_[i].app).constraints;
            like.push_back(constraints.accepts.empty() || constraints.accepts[agent] != 0 ? 1 : 0);
            for (const Grouping& grouping : constraints.groupings) {
                like.push_back(grouping.column->values[agent]);
            }
        }
        return like;
    }

    PlanSpace& space_;
    std::vector<WantedApp> order_;
    std::int64_t steps_left_;
    PortSet named_{};
    std::vector<std::uint32_t> agents_{};  // with room for any of them
    std::vector<PlacedInstance> placed_{};
};

}  // namespace

PlanSearch search_placing(PlanSpace& space,
                          std::span<const WantedApp> wanted,
                          std::int64_t most_steps) {
    return Searcher(space, wanted, most_steps).search();
}

}  // namespace caretaker
