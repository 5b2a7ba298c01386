// SPDX-License-Identifier: Apache-2.0
// Restarts of a plan that do not even begin. Pure.
#pragma once

#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/plan_space_model.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Old instances, as indices into PlannedRestart::instances.
using OldOnes = std::vector<std::size_t>;

std::map<std::uint32_t, OldOnes> old_by_agent(const PlannedRestart& restart, const OldOnes& old);

/// How many of these old ones, all on one agent and held there, have to stop for a new one; more
/// than there are: it does not fit even then. The space is as before afterwards.
std::size_t stops_needed(PlanSpace& space,
                         const PlannedRestart& restart,
                         std::uint32_t agent,
                         std::span<const std::size_t> old);

/// An app whose restart does not even begin, however much room other apps of the plan make; with
/// the reason.
struct BlockedRestart {
    std::uint32_t app = 0;
    std::string words{};
};

/// Only where it is certain.
std::vector<BlockedRestart> find_blocked_restarts(PlanSpace& space, const PlanScene& scene);

}  // namespace caretaker
