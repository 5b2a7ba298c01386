// SPDX-License-Identifier: Apache-2.0
// Restarts of a plan, step by step: new instances start beside old ones as far as the strategy for
// upgrades and the room allow, and old ones stop. Pure.
#pragma once

#include "jobs/leftovers/plan_placing_model.hpp"
#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/plan_space_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// One old instance stops, or one new one starts.
struct RestartStep {
    std::size_t restart = 0;  // in PlanScene::restarts
    bool is_stop = false;
    std::size_t instance = 0;  // what stops, of PlannedRestart; what starts, of RestartWay::placed
};

/// How all restarts of a plan come to their end, or where they stand still.
struct RestartWay {
    bool is_complete = false;
    std::vector<PlacedInstance> placed{};  // new instances in the order of their start, no ports
    std::vector<RestartStep> steps{};      // as far as it goes
    std::vector<std::int64_t> rounds{};    // by restart: how often new ones start
    std::optional<std::uint32_t> stuck{};  // the first app that stands still
    std::int64_t stuck_after = 0;          // so many of its new instances
};

/// Each new instance goes where the policy says, beside all that is there at that time, or only to
/// an agent that one of `targets` is placed on, each used once. The space is as before afterwards,
/// with all old instances stopped and nothing placed.
RestartWay find_restart_way(PlanSpace& space, const PlanScene& scene, PlacingPolicy policy);
RestartWay find_restart_way(PlanSpace& space,
                            const PlanScene& scene,
                            std::span<const PlacedInstance> targets);

}  // namespace caretaker
