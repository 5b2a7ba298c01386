// SPDX-License-Identifier: Apache-2.0
// Every way to place a small plan, tried. Pure.
#pragma once

#include "jobs/leftovers/plan_placing_model.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

struct PlanSearch {
    bool is_complete = false;              // all ways were tried, or one was found
    std::vector<PlacedInstance> placed{};  // all instances, where one was found; else empty
};

/// Depth first, the largest apps first; agents that are alike in all that matters to the plan count
/// as one. Gives up after `most_steps`. The space is as before afterwards.
PlanSearch search_placing(PlanSpace& space,
                          std::span<const WantedApp> wanted,
                          std::int64_t most_steps);

}  // namespace caretaker
