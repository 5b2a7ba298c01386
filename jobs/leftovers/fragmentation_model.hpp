// SPDX-License-Identifier: Apache-2.0
// How scattered what is left is over the agents: measures beside the index of Fits. Pure.
#pragma once

#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace caretaker {

/// Of the placeable agents with enough left for an offer. Shares are in millionths.
struct Fragmentation {
    std::optional<std::int64_t> usable{};      // agents where something that runs fits once more
    std::optional<std::int64_t> fragmented{};  // agents where nothing does
    /// What is free beyond balance with the resource of the agent that is scarcer, of all free.
    std::optional<std::int64_t> cpus_skew{};
    std::optional<std::int64_t> mem_skew{};
    /// By how much the free shares of cpus and mem of an agent differ; none without such agents.
    std::optional<std::int64_t> imbalance_mean{};
    std::optional<std::int64_t> imbalance_p95{};  // nearest rank
    std::optional<std::int64_t> imbalance_max{};
};

/// `fits` is null where no apps are known, or none that run.
Fragmentation measure_fragmentation(const Cluster& cluster, const RoleView& view, const Fits* fits);

/// Of one agent; none where it has no cpus or no mem.
std::optional<std::int64_t> imbalance_of(const Cluster& cluster,
                                         const RoleView& view,
                                         std::size_t agent);

/// Sets ResourceSums::expected: what the next instance of the usual work cannot use, on average
/// (after Weng et al., USENIX ATC '23): of what is free on each agent the part of the weight of
/// Fits::weight_there that finds no room there.
void set_expected(const Cluster& cluster,
                  const RoleView& view,
                  const Fits& fits,
                  Leftovers& leftovers);

}  // namespace caretaker
