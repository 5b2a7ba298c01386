// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/loss_search_model.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class LossSearcher {
 public:
    LossSearcher(LossGround& ground,
                 std::span<const AppLoad> displaced,
                 LeastLoss found,
                 std::int64_t& steps)
        : ground_(ground), displaced_(displaced), best_(std::move(found)), steps_(steps) {}

    LeastLoss search() {
        collect_agents();
        if (steps_ > 0) {
            place(0, 0, 0, 0);
        }
        best_.is_proven = steps_ > 0;
        return std::move(best_);
    }

 private:
    /// An agent with room for some of them.
    struct Site {
        std::uint32_t agent = 0;
        std::size_t kind = 0;  // the same for agents that differ in nothing
        std::int64_t placed = 0;
        Taken taken{};
    };

    void collect_agents() {
        std::map<std::vector<std::int64_t>, std::size_t> kinds;
        for (const std::uint32_t agent : agents_to_look_at()) {
            if (--steps_ <= 0) {
                return;
            }
            const auto has_room = [&](const AppLoad& load) {
                return ground_.has_room(ground_.plans[load.app], agent, nullptr);
            };
            if (ground_.is_dead[agent] != 0 || std::ranges::none_of(displaced_, has_room)) {
                continue;
            }
            Site& site = sites_.emplace_back(Site{.agent = agent});
            if (const Taken* const kept = ground_.kept(agent)) {
                site.taken = *kept;
            }
            site.kind = kinds.try_emplace(likeness(agent), kinds.size()).first->second;
        }
        alike_.resize(kinds.size());
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            alike_[sites_[i].kind].push_back(i);
        }
    }

    /// The candidates, where there are no others.
    [[nodiscard]] std::vector<std::uint32_t> agents_to_look_at() const {
        std::vector<std::uint32_t> agents;
        for (const AppLoad& load : displaced_) {
            const AppPlan& plan = ground_.plans[load.app];
            if (std::ranges::find(plan.has_more, 1) != plan.has_more.end()) {
                return ground_.order;
            }
            agents.insert(agents.end(), plan.candidates.begin(), plan.candidates.end());
        }
        std::ranges::sort(agents);
        agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
        return agents;
    }

    /// All that an agent differs by from another one, before anything is placed.
    [[nodiscard]] std::vector<std::int64_t> likeness(std::uint32_t agent) const {
        std::vector<std::int64_t> like;
        for (const AppLoad& load : displaced_) {
            const AppPlan& plan = ground_.plans[load.app];
            like.push_back(ground_.has_room(plan, agent, nullptr) ? 1 : 0);
            for (const auto& free : plan.view->free) {
                like.push_back(free[agent]);
            }
            like.push_back(plan.view->ports[agent]);
            for (const Grouping& grouping : plan.constraints->groupings) {
                like.push_back(grouping.column->values[agent]);
            }
        }
        if (ground_.kept(agent) != nullptr) {
            like.push_back(agent);  // like no other
        }
        return like;
    }

    static bool depends_on_order(const AppPlan& plan) {
        return std::ranges::any_of(plan.constraints->groupings, [](const Grouping& grouping) {
            return grouping.kind == GroupingKind::group_by ||
                   grouping.kind == GroupingKind::cluster;
        });
    }

    /// Places the rest of the app at `index`, of which `done` are, and all after it. Where the
    /// order of its instances does not matter they go to sites from `first` on.
    void place(std::size_t index, std::int64_t done, std::size_t first, std::int64_t lost) {
        if (lost >= best_.lost) {
            return;
        }
        if (index == displaced_.size()) {
            best_.lost = lost;
            best_.by_app = lost_;
            return;
        }
        const AppLoad& load = displaced_[index];
        if (done == load.number) {
            place(index + 1, 0, 0, lost);
            return;
        }
        AppPlan& plan = ground_.plans[load.app];
        for (std::size_t i = depends_on_order(plan) ? 0 : first; i < sites_.size(); ++i) {
            Site& site = sites_[i];
            if (--steps_ <= 0 || best_.lost == 0) {
                return;
            }
            if (site.placed == 0 && is_like_an_earlier_one(i)) {
                continue;
            }
            if (!ground_.has_room(plan, site.agent, &site.taken) ||
                !LossGround::is_accepted(plan, site.agent)) {
                continue;
            }
            change(plan, site, 1);
            place(index, done + 1, i, lost);
            change(plan, site, -1);
        }
        lost_.emplace_back(load.app, load.number - done);
        place(index + 1, 0, 0, lost + load.number - done);
        lost_.pop_back();
    }

    /// Of sites that are alike and empty the first one is enough.
    [[nodiscard]] bool is_like_an_earlier_one(std::size_t index) const {
        const std::vector<std::size_t>& alike = alike_[sites_[index].kind];
        const auto first =
            std::ranges::find_if(alike, [&](std::size_t i) { return sites_[i].placed == 0; });
        return first != alike.end() && *first < index;
    }

    static void change(AppPlan& plan, Site& site, std::int64_t sign) {
        site.placed += sign;
        if (sign > 0) {
            site.taken.add(plan);
        } else {
            site.taken.remove(plan);
        }
        for (std::size_t g = 0; g < plan.counts.size(); ++g) {
            plan.counts[g].add(plan.constraints->groupings[g].column->values[site.agent], sign);
        }
    }

    LossGround& ground_;
    std::span<const AppLoad> displaced_;
    LeastLoss best_;
    std::int64_t& steps_;
    std::vector<Site> sites_{};
    std::vector<std::vector<std::size_t>> alike_{};  // sites by kind
    std::vector<std::pair<std::uint32_t, std::int64_t>> lost_{};
};

}  // namespace

LeastLoss search_least_loss(LossGround& ground,
                            std::span<const AppLoad> displaced,
                            LeastLoss found,
                            std::int64_t& steps) {
    return LossSearcher(ground, displaced, std::move(found), steps).search();
}

}  // namespace caretaker
