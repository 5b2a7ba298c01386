// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/cluster_change_model.hpp"

#include "jobs/leftovers/app_needs_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// Those that the pool has in use now, and has left then.
PortSet release_ports(Cluster& cluster, Pool& pool, const PortSet& ports) {
    PortSet before;
    for (const PortRange& range : cluster.ports_left(pool)) {
        before.add(range.begin, range.end);
    }
    PortSet left = before;
    left.add(ports);
    const Milli back = (left.count() - before.count()) * 1000;
    if (back > pool.used) {
        return {};  // not all of them are of this pool
    }
    pool.used -= back;
    pool.left += back;
    pool.first_range = static_cast<std::uint32_t>(cluster.port_ranges.size());
    pool.range_count = static_cast<std::uint32_t>(left.ranges().size());
    cluster.port_ranges.insert(
        cluster.port_ranges.end(), left.ranges().begin(), left.ranges().end());
    left.remove(before);
    return left;
}

/// Down to what the role consumes.
void consume_less(ClusterFacts& facts, std::string_view role, std::size_t resource, Milli amount) {
    const auto quota = std::ranges::find(facts.quotas, top_role(role), &RoleQuota::role);
    if (quota == facts.quotas.end()) {
        return;
    }
    for (auto& [name, consumed] : quota->consumed.scalars) {
        if (name == resource_names.at(resource)) {
            consumed -= std::min(consumed, amount);
        }
    }
}

}  // namespace

Released release_task(ClusterFacts& facts,
                      std::uint32_t agent,
                      const MarathonTask& task,
                      const MarathonApp& app) {
    Needs needs = needs_of(app);
    const RoleChoice choice = role_of(app, facts.workload.settings);
    Cluster& cluster = facts.cluster;
    const AgentRow& row = cluster.agents[agent];
    Released released;
    for (std::uint32_t i = row.first_pool; i < row.first_pool + row.pool_count; ++i) {
        Pool& pool = cluster.pools[i];
        if (!pool.is_plain() || !is_taken_by_marathon(cluster.stacks[pool.stack], choice)) {
            continue;
        }
        if (pool.resource < scalar_count) {
            Milli& amount = needs.scalars.at(pool.resource);
            const Milli back = std::min(amount, pool.used);
            pool.used -= back;
            pool.left += back;
            amount -= back;
            released.scalars.at(pool.resource) += back;
            if (pool.stack == 0) {
                consume_less(facts, choice.role, pool.resource, back);
            }
        } else if (pool.resource == Resource::ports && !task.ports.is_empty()) {
            released.ports.add(release_ports(cluster, pool, task.ports));
        }
    }
    return released;
}

void forget_reservations(ClusterFacts& facts, std::uint32_t agent) {
    const Cluster& cluster = facts.cluster;
    for (const Pool& pool : cluster.pools_of(cluster.agents[agent])) {
        const ReservationStack& stack = cluster.stacks[pool.stack];
        if (!stack.roles.empty() && pool.resource < scalar_count && !pool.is_revocable) {
            consume_less(facts, stack.role(), pool.resource, pool.total);
        }
    }
}

void add_agents(ClusterFacts& facts, const AgentTemplate& agents) {
    Cluster& cluster = facts.cluster;
    std::size_t number = 0;
    for (const AgentRow& row : cluster.agents) {
        number += row.id.starts_with("new-") ? 1 : 0;
    }
    for (std::int64_t i = 0; i < agents.count; ++i) {
        const std::string name = fmt::format("new-{:06}", ++number);
        AgentRow row{.hostname = name,
                     .id = name,
                     .first_pool = static_cast<std::uint32_t>(cluster.pools.size()),
                     .first_attribute = static_cast<std::uint32_t>(cluster.attributes.size()),
                     .attribute_count = static_cast<std::uint32_t>(agents.attributes.size())};
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (agents.amounts.at(r) > 0) {
                cluster.pools.push_back({.resource = static_cast<NameId>(r),
                                         .total = agents.amounts.at(r),
                                         .left = agents.amounts.at(r)});
            }
        }
        if (!agents.ports.is_empty()) {
            const auto ranges = agents.ports.ranges();
            cluster.pools.push_back(
                {.resource = Resource::ports,
                 .total = agents.ports.count() * 1000,
                 .left = agents.ports.count() * 1000,
                 .first_range = static_cast<std::uint32_t>(cluster.port_ranges.size()),
                 .range_count = static_cast<std::uint32_t>(ranges.size())});
            cluster.port_ranges.insert(cluster.port_ranges.end(), ranges.begin(), ranges.end());
        }
        row.pool_count = static_cast<std::uint32_t>(cluster.pools.size()) - row.first_pool;
        for (const auto& [attribute, value] : agents.attributes) {
            cluster.attributes.push_back(
                {cluster.attribute_names.add(attribute), cluster.attribute_values.add(value)});
        }
        cluster.agents.push_back(std::move(row));
    }
}

}  // namespace caretaker
