// SPDX-License-Identifier: Apache-2.0
// Takes what runs off a cluster, and puts agents into it. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/plan_file.hpp"

#include <array>
#include <cstdint>

namespace caretaker {

/// What a task gave back to its agent.
struct Released {
    std::array<Milli, scalar_count> scalars{};
    PortSet ports{};
};

/// What a task of the app used of an agent is left there: of the pools that the role of the app may
/// take, as far as something is in use. What was unreserved no longer counts for the quota.
Released release_task(ClusterFacts& facts,
                      std::uint32_t agent,
                      const MarathonTask& task,
                      const MarathonApp& app);

/// The reservations of an agent that is lost no longer count for the quotas of their roles.
void forget_reservations(ClusterFacts& facts, std::uint32_t agent);

/// Adds agents that have nothing in use, placeable.
void add_agents(ClusterFacts& facts, const AgentTemplate& agents);

}  // namespace caretaker
