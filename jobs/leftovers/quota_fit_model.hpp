// SPDX-License-Identifier: Apache-2.0
// What the quota of a role leaves of the room that agents have. Pure.
#pragma once

#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/fit_ground_model.hpp"
#include "jobs/leftovers/quota_model.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

class QuotaFit {
 public:
    explicit QuotaFit(const ClusterFacts& facts) : facts_(facts) {}

    /// Draws on unreserved resources of all agents together may not pass what the role has left.
    /// Nothing where that allows `most` instances anyhow. `room` is by place.
    std::optional<BudgetedFit> fit(const RoleChoice& choice,
                                   const Needs& needs,
                                   const RoleView& view,
                                   const FitGround& ground,
                                   std::span<const std::int32_t> room,
                                   std::int64_t most);

 private:
    void sum_unreserved();

    const ClusterFacts& facts_;
    bool is_summed_ = false;
    std::array<std::vector<Milli>, scalar_count> unreserved_{};  // left, by agent
    std::array<Milli, scalar_count> sums_{};                     // on placeable agents
};

}  // namespace caretaker
