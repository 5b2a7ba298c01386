// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offered_kind_model.hpp"

#include "jobs/leftovers/role_view_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

std::string join_roles(const std::vector<std::string>& roles) {
    std::string text;
    for (const std::string& role : roles) {
        text += (text.empty() ? "" : " > ") + role;
    }
    return text;
}

OfferedKind kind_of(const Cluster& cluster, const Pool& pool) {
    return {.resource = std::string(cluster.resources.name(pool.resource)),
            .roles = join_roles(cluster.stacks[pool.stack].roles),
            .disk = pool.disk,
            .is_volume = pool.is_volume,
            .is_revocable = pool.is_revocable};
}

OfferedKind kind_of(const MesosResource& resource) {
    std::vector<std::string> roles;
    for (const MesosReservation& reservation : resource.reservations) {
        roles.push_back(reservation.role);
    }
    return {.resource = resource.name,
            .roles = join_roles(roles),
            .disk = resource.disk,
            .is_volume = !resource.volume.empty(),
            .is_revocable = resource.is_revocable};
}

void drop_empty(OfferedByKind& amounts) {
    std::erase_if(amounts, [](const auto& entry) { return entry.second.amount == 0; });
}

}  // namespace

std::string OfferedKind::text() const {
    static constexpr std::array<std::string_view, 5> disks{"", "path ", "mount ", "block ", "raw "};
    return fmt::format("{}{}{}{}{}",
                       is_revocable ? "revocable " : "",
                       disks.at(static_cast<std::size_t>(disk)),
                       resource,
                       is_volume ? " in volumes" : "",
                       roles.empty() ? std::string() : " for " + roles);
}

OfferedByKind sum_offers(std::span<const NotedOffer* const> offers) {
    struct Latest {
        std::uint32_t round = 0;
        OfferedAmount amount{};
    };

    std::map<OfferedKind, Latest> latest;
    for (const NotedOffer* noted : offers) {
        if (noted->is_rescinded) {
            continue;
        }
        for (const MesosResource& resource : noted->offer.resources) {
            Latest& known = latest[kind_of(resource)];
            if (known.round != noted->round) {
                known = {.round = noted->round};
            }
            known.amount.ports.add(resource.ranges);
            known.amount.amount +=
                resource.ranges.is_empty() ? resource.amount : resource.ranges.count() * 1000;
        }
    }
    OfferedByKind sums;
    for (auto& [kind, known] : latest) {
        sums.emplace(kind, std::move(known.amount));
    }
    drop_empty(sums);
    return sums;
}

OfferedByKind expect_offers(const Cluster& cluster,
                            const AgentRow& agent,
                            std::span<const std::string> roles) {
    OfferedByKind sums;
    for (const Pool& pool : cluster.pools_of(agent)) {
        const ReservationStack& stack = cluster.stacks[pool.stack];
        if (std::ranges::none_of(
                roles, [&](const std::string& role) { return is_offered_to(stack, role); })) {
            continue;
        }
        OfferedAmount& sum = sums[kind_of(cluster, pool)];
        sum.amount += pool.left;
        for (const PortRange& range : cluster.ports_left(pool)) {
            sum.ports.add(range.begin, range.end);
        }
    }
    drop_empty(sums);
    return sums;
}

OfferedByKind merge_disks(const OfferedByKind& amounts) {
    OfferedByKind merged;
    for (const auto& [kind, amount] : amounts) {
        OfferedKind summed = kind;
        summed.disk = DiskKind::root;
        summed.is_volume = false;
        OfferedAmount& sum = merged[summed];
        sum.amount += amount.amount;
        sum.ports.add(amount.ports);
    }
    return merged;
}

std::optional<OfferedByKind> find_missing(const OfferedByKind& expected,
                                          const OfferedByKind& offered) {
    OfferedByKind missing = expected;
    for (const auto& [kind, amount] : offered) {
        const auto known = missing.find(kind);
        if (known == missing.end() || known->second.amount < amount.amount) {
            return std::nullopt;
        }
        PortSet beyond = amount.ports;
        beyond.remove(known->second.ports);
        if (!beyond.is_empty()) {
            return std::nullopt;
        }
        known->second.amount -= amount.amount;
        known->second.ports.remove(amount.ports);
    }
    drop_empty(missing);
    return missing;
}

OfferedByKind held_by_offers(const Cluster& cluster, const AgentRow& agent) {
    OfferedByKind held;
    for (const Pool& pool : cluster.pools_of(agent)) {
        held[kind_of(cluster, pool)].amount += pool.offered;
    }
    return held;
}

bool is_covered(const OfferedByKind& missing, const OfferedByKind& held) {
    return std::ranges::all_of(missing, [&](const auto& entry) {
        const auto known = held.find(entry.first);
        return known != held.end() && entry.second.amount <= known->second.amount;
    });
}

}  // namespace caretaker
