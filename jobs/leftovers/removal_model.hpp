// SPDX-License-Identifier: Apache-2.0
// Which agents could be given back. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"

#include <cstdint>
#include <vector>

namespace caretaker {

/// Agents without which everything that runs still has a place, and the loss of any other one
/// costs no more than now; the emptiest first. Agents with volumes, and those on which anything
/// runs that is no instance of an app, stay.
struct AgentRemovals {
    std::vector<std::uint32_t> agents{};  // in Cluster::agents
    std::int64_t displaced = 0;           // instances that would move
    std::int64_t bound = 0;               // placeable agents that stay for what cannot move
    bool is_complete = true;              // all candidates were looked at
};

AgentRemovals find_removals(const ClusterFacts& facts, std::int64_t most_judged);

}  // namespace caretaker
