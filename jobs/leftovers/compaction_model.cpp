// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/compaction_model.hpp"

#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/plan_placing_model.hpp"
#include "jobs/leftovers/plan_scene_model.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t one_out_of = 500;  // instances may find no place

class Compactor {
 public:
    Compactor(const ClusterFacts& facts, const std::function<void()>& check) : check_(check) {
        const std::vector<Instances> placed = collect_instances(facts.cluster, facts.workload);
        const LossGround ground(facts, facts.workload, placed);
        WhatIfPlan all_end;
        for (std::uint32_t app = 0; app < placed.size(); ++app) {
            const AppPlan& plan = ground.plans[app];
            const auto instances = std::ssize(placed[app].everywhere);
            if (instances > 0 && !plan.app->is_resident && !plan.app->has_disk_volumes &&
                plan.constraints->unsupported.empty()) {
                all_end.remove.push_back(plan.app->id);
                wanted_.push_back({app, instances});
                instances_ += instances;
            }
        }
        allowed_out_ = instances_ / one_out_of;
        scene_ = apply_plan(facts, all_end);
        for (std::uint32_t i = 0; i < facts.cluster.agents.size(); ++i) {
            if (facts.cluster.agents[i].state == AgentState::placeable) {
                agents_.push_back(i);
            }
        }
    }

    Compaction compact(std::int64_t trials, std::uint64_t seed) {
        Compaction found{
            .agents = std::ssize(agents_), .instances = instances_, .allowed_out = allowed_out_};
        for (; found.trials < trials && instances_ > 0; ++found.trials) {
            PlanRandom random(seed + static_cast<std::uint64_t>(found.trials));
            std::vector<std::uint32_t> order = agents_;
            random.shuffle(order);
            if (const auto packed = pack(order); !is_enough(packed)) {
                found.left_out = find_left_out(packed);
            } else {
                found.needed.push_back(find_fewest(order));
            }
        }
        std::ranges::sort(found.needed);
        return found;
    }

 private:
    /// Of agents that do when they are all there.
    std::int64_t find_fewest(std::span<const std::uint32_t> order) {
        std::size_t too_few = 0;
        std::size_t enough = order.size();
        while (enough - too_few > 1) {
            const std::size_t half = too_few + (enough - too_few) / 2;
            (is_enough(pack(order.first(half))) ? enough : too_few) = half;
        }
        return static_cast<std::int64_t>(enough);
    }

    /// What these agents hold.
    std::vector<PlacedInstance> pack(std::span<const std::uint32_t> agents) {
        check_();
        for (const std::uint32_t agent : agents_) {
            scene_.facts.cluster.agents[agent].state = AgentState::down;
        }
        for (const std::uint32_t agent : agents) {
            scene_.facts.cluster.agents[agent].state = AgentState::placeable;
        }
        LossGround ground(scene_.facts,
                          scene_.facts.workload,
                          collect_instances(scene_.facts.cluster, scene_.facts.workload));
        PlanSpace space(ground);
        return place_by(space, wanted_, PlacingPolicy::best_fit_decreasing);
    }

    [[nodiscard]] bool is_enough(std::span<const PlacedInstance> packed) const {
        return std::ssize(packed) + allowed_out_ >= instances_;
    }

    /// The last app that did not get all its places.
    [[nodiscard]] std::string find_left_out(std::span<const PlacedInstance> packed) const {
        const auto lacks =
            std::find_if(wanted_.rbegin(), wanted_.rend(), [&](const WantedApp& app) {
                return std::ranges::count(packed, app.app, &PlacedInstance::app) < app.instances;
            });
        return scene_.facts.workload.apps[lacks->app].id;
    }

    const std::function<void()>& check_;
    PlanScene scene_{};
    std::vector<WantedApp> wanted_{};
    std::int64_t instances_ = 0;
    std::int64_t allowed_out_ = 0;         // of these
    std::vector<std::uint32_t> agents_{};  // placeable ones
};

}  // namespace

std::optional<std::int64_t> Compaction::percentile_90() const {
    const std::int64_t rank = (9 * trials + 9) / 10;
    return rank < 1 || rank > std::ssize(needed)
               ? std::nullopt
               : std::optional(needed[static_cast<std::size_t>(rank - 1)]);
}

Compaction compact(const ClusterFacts& facts,
                   std::int64_t trials,
                   std::uint64_t seed,
                   const std::function<void()>& check) {
    return Compactor(facts, check).compact(trials, seed);
}

}  // namespace caretaker
