// SPDX-License-Identifier: Apache-2.0
// What of the leftovers an app may take, by its role. Pure.
#pragma once

#include "jobs/leftovers/accepted_roles.hpp"
#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/cluster_facts.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct RoleChoice {
    std::string role{"*"};
    AcceptedRoles accepted = AcceptedRoles::any;
};

/// Whether Mesos offers entries of that stack to a framework of that role: those unreserved,
/// reserved for the role itself or for one above it ("logs" for "logs/es"), at most refined.
bool is_offered_to(const ReservationStack& stack, std::string_view role);

/// Whether Marathon, which is offered them, takes them: those of the accepted roles by their exact
/// name, neither refined nor of another app's instance.
bool is_taken_by_marathon(const ReservationStack& stack, const RoleChoice& choice);

/// What Marathon's apps of one choice may take of each agent, an array per resource, so that all
/// agents are gone through quickly. Index: as Cluster::agents.
struct RoleView {
    RoleChoice choice{};
    std::array<std::vector<Milli>, scalar_count> free{};  // cpus, mem, root disk, gpus
    std::vector<Milli> offered_gpus{};                    // left for the role, accepted or not
    std::vector<std::uint32_t> first_range{};             // of the free ports, in `ranges`
    std::vector<std::uint32_t> range_count{};
    std::vector<std::int32_t> ports{};  // how many are free
    std::vector<PortRange> ranges{};
    std::vector<bool> is_dust{};      // what the role would get is too little to be offered
    std::vector<bool> takes_stack{};  // index: as Cluster::stacks

    [[nodiscard]] std::span<const PortRange> ports_of(std::size_t agent) const {
        return std::span(ranges).subspan(first_range[agent], range_count[agent]);
    }
};

/// Revocable resources, volumes and disks other than root are nobody's here. Agents in any state.
RoleView view_by_role(const Cluster& cluster, const MasterFlags& flags, const RoleChoice& choice);

}  // namespace caretaker
