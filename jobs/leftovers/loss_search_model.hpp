// SPDX-License-Identifier: Apache-2.0
// Whether instances that found no place in one order find one in another. Pure.
#pragma once

#include "jobs/leftovers/agent_load_model.hpp"
#include "jobs/leftovers/loss_ground_model.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace caretaker {

/// The least that is lost of some displaced instances.
struct LeastLoss {
    std::int64_t lost = 0;
    std::vector<std::pair<std::uint32_t, std::int64_t>> by_app{};  // in Workload::apps
    bool is_proven = false;                                        // every way was tried
};

/// Looks for a placing that loses fewer than `lost` of `displaced`, in at most `steps` looks at an
/// agent, which are taken off. The agents that are dead and the counts of constraints are those of
/// the ground as it stands, which is unchanged afterwards.
LeastLoss search_least_loss(LossGround& ground,
                            std::span<const AppLoad> displaced,
                            LeastLoss found,
                            std::int64_t& steps);

}  // namespace caretaker
