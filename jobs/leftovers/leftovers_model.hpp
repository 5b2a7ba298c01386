// SPDX-License-Identifier: Apache-2.0
// What is left in the whole cluster, by resource: computed per agent and summed afterwards. Pure.
#pragma once

#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Of the agents that tasks can be placed on, oversubscribed amounts (revocable) apart. total =
/// used + free + reserved_free + dust + volumes, where nothing is in use that is not there. What
/// outstanding offers hold is part of all but `used`, unless it counts as taken.
struct ResourceSums {
    std::string name{};  // "cpus", "disk", "disk_mount"
    Milli total = 0;
    Milli used = 0;
    Milli offered = 0;
    Milli left = 0;           // not in use
    Milli reserved_free = 0;  // left, but not for the apps of the view
    Milli dust = 0;           // theirs, on agents with too little left for an offer
    Milli volumes = 0;        // persistent ones that no task uses
    Milli free = 0;
    Milli free_most = 0;  // above `free` where the source tells sums alone
    Milli largest = 0;    // of what is free on one agent, of disks other than root in one entry
    Milli revocable = 0;  // oversubscribed and not in use
    std::optional<Milli> stranded{};  // free on agents where nothing fits; where that is known
    std::optional<Milli> expected{};  // free and of no use to the next instance, on average
    std::array<Milli, all_agent_states.size()> unusable{};  // left on agents in other states
};

struct AgentCounts {
    std::array<std::int64_t, all_agent_states.size()> by_state{};
    std::int64_t registered = 0;  // without the recovered ones
    std::int64_t dust = 0;        // placeable, with something left that is no offer
    std::int64_t full = 0;        // placeable, with nothing left
    std::int64_t inexact = 0;
    std::int64_t hiding_roles = 0;
    std::int64_t negative = 0;

    [[nodiscard]] std::int64_t in_state(AgentState state) const {
        return by_state.at(static_cast<std::size_t>(state));
    }
};

struct Leftovers {
    AgentCounts agents{};
    std::vector<ResourceSums> resources{};  // cpus, mem, disk, gpus, ports, then others by name
};

/// Over `agents`, indexes into Cluster::agents; `view` is one of the cluster.
Leftovers sum_leftovers(const Cluster& cluster,
                        const RoleView& view,
                        std::span<const std::uint32_t> agents);

/// Over all agents.
Leftovers sum_leftovers(const Cluster& cluster, const RoleView& view);

/// Sets ResourceSums::stranded from what is free on those placeable agents, no dust, where nothing
/// fits. Index of `fits_any`: as Cluster::agents.
void set_stranded(const Cluster& cluster,
                  const RoleView& view,
                  const std::vector<bool>& fits_any,
                  Leftovers& leftovers);

/// The same over the agents of each value of an attribute, in byte order of the value; "(none)" for
/// agents without it. "@hostname", "@region", "@zone" and "@state" are no attributes but what they
/// say, and "@class" are agents with equal totals. "rack,kind" goes by the values of both.
struct LeftoversGroup {
    std::string value{};
    Leftovers leftovers{};
};

std::vector<LeftoversGroup> group_leftovers(const Cluster& cluster,
                                            const RoleView& view,
                                            const std::string& attribute);

/// Why agents cannot be grouped by it: none has one of its attributes, with the name that was
/// probably meant or those that there are. Nothing where some agent has it, where it is no
/// attribute, and without agents.
std::optional<std::string> find_missing_group(const Cluster& cluster, const std::string& attribute);

/// The value by which group_leftovers() groups.
std::string group_value(const Cluster& cluster,
                        const AgentRow& agent,
                        const std::string& attribute);

}  // namespace caretaker
