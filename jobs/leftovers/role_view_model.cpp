// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/role_view_model.hpp"

#include <algorithm>
#include <cstddef>

namespace caretaker {

namespace {

/// What Mesos' allocator would hand out of one agent, by resource id.
using OfferedAmounts = std::vector<Milli>;

bool is_allocatable(const std::vector<std::vector<std::pair<NameId, Milli>>>& alternatives,
                    const OfferedAmounts& amounts) {
    if (alternatives.empty()) {
        return true;  // the flag is empty: everything is offered
    }
    return std::ranges::any_of(alternatives, [&](const auto& alternative) {
        return std::ranges::all_of(
            alternative, [&](const auto& least) { return amounts[least.first] >= least.second; });
    });
}

/// The flag's names as ids; one that no agent has gets the id behind all others, whose amount is 0.
std::vector<std::vector<std::pair<NameId, Milli>>> resolve(const MasterFlags& flags,
                                                           const Cluster& cluster) {
    std::vector<std::vector<std::pair<NameId, Milli>>> alternatives;
    const auto unknown = static_cast<NameId>(cluster.resources.size());
    for (const AllocatableAmounts& amounts : flags.min_allocatable) {
        auto& alternative = alternatives.emplace_back();
        for (const auto& [name, least] : amounts) {
            alternative.emplace_back(cluster.resources.find(name).value_or(unknown), least);
        }
    }
    return alternatives;
}

/// By stack, computed once.
struct StackUse {
    bool is_offered = false;
    bool is_taken = false;
};

std::vector<StackUse> judge_stacks(const Cluster& cluster, const RoleChoice& choice) {
    std::vector<StackUse> uses;
    uses.reserve(cluster.stacks.size());
    for (const ReservationStack& stack : cluster.stacks) {
        const bool is_offered = is_offered_to(stack, choice.role);
        uses.push_back({is_offered, is_offered && is_taken_by_marathon(stack, choice)});
    }
    return uses;
}

}  // namespace

bool is_offered_to(const ReservationStack& stack, std::string_view role) {
    if (stack.roles.empty()) {
        return true;
    }
    const std::string_view owner = stack.role();
    return !stack.is_hidden && (role == owner || (role.starts_with(owner) &&
                                                  role.substr(owner.size()).starts_with('/')));
}

bool is_taken_by_marathon(const ReservationStack& stack, const RoleChoice& choice) {
    if (choice.accepted == AcceptedRoles::none) {
        return false;
    }
    if (stack.roles.empty()) {
        return choice.accepted != AcceptedRoles::reserved || choice.role == "*";
    }
    return choice.accepted != AcceptedRoles::unreserved && stack.role() == choice.role &&
           !stack.is_refined && !stack.is_of_instance && !stack.is_hidden;
}

RoleView view_by_role(const Cluster& cluster, const MasterFlags& flags, const RoleChoice& choice) {
    const std::vector<StackUse> uses = judge_stacks(cluster, choice);
    const auto alternatives = resolve(flags, cluster);
    const std::size_t count = cluster.agents.size();
    RoleView view{.choice = choice};
    for (const StackUse& use : uses) {
        view.takes_stack.push_back(use.is_taken);
    }
    for (std::vector<Milli>& amounts : view.free) {
        amounts.assign(count, 0);
    }
    view.offered_gpus.assign(count, 0);
    view.first_range.assign(count, 0);
    view.range_count.assign(count, 0);
    view.ports.assign(count, 0);
    view.is_dust.assign(count, false);
    OfferedAmounts offered;
    PortSet free_ports;
    for (std::size_t i = 0; i < count; ++i) {
        offered.assign(cluster.resources.size() + 1, 0);
        free_ports = {};
        for (const Pool& pool : cluster.pools_of(cluster.agents[i])) {
            const StackUse use = uses[pool.stack];
            if (pool.is_revocable || !use.is_offered) {
                continue;
            }
            offered[pool.resource] += pool.left;
            if (!use.is_taken || !pool.is_plain()) {
                continue;
            }
            if (pool.resource < scalar_count) {
                view.free.at(pool.resource)[i] += pool.left;
            } else if (pool.resource == Resource::ports) {
                for (const PortRange& range : cluster.ports_left(pool)) {
                    free_ports.add(range.begin, range.end);
                }
            }
        }
        view.first_range[i] = static_cast<std::uint32_t>(view.ranges.size());
        view.range_count[i] = static_cast<std::uint32_t>(free_ports.ranges().size());
        view.ports[i] = static_cast<std::int32_t>(free_ports.count());
        view.ranges.insert(
            view.ranges.end(), free_ports.ranges().begin(), free_ports.ranges().end());
        view.offered_gpus[i] = offered[Resource::gpus];
        view.is_dust[i] = !is_allocatable(alternatives, offered);
    }
    return view;
}

}  // namespace caretaker
