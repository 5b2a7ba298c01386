// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fragmentation_model.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace caretaker {

namespace {

constexpr WideMilli million = 1'000'000;

/// Of cpus and mem, by the index of Resource.
using Pair = std::array<Milli, 2>;

/// Without what is oversubscribed.
Pair totals_of(const Cluster& cluster, std::size_t agent) {
    Pair totals{};
    for (const Pool& pool : cluster.pools_of(cluster.agents[agent])) {
        if (!pool.is_revocable && pool.resource < totals.size()) {
            totals.at(pool.resource) += pool.total;
        }
    }
    return totals;
}

bool counts(const Cluster& cluster, const RoleView& view, std::size_t agent) {
    return cluster.agents[agent].state == AgentState::placeable && !view.is_dust[agent];
}

/// Rounded to the nearest, halves up.
std::optional<std::int64_t> millionths(WideMilli part, WideMilli whole) {
    return whole <= 0
               ? std::nullopt
               : std::optional(static_cast<std::int64_t>((part * million * 2 / whole + 1) / 2));
}

}  // namespace

std::optional<std::int64_t> imbalance_of(const Cluster& cluster,
                                         const RoleView& view,
                                         std::size_t agent) {
    const Pair total = totals_of(cluster, agent);
    if (total[cpus] == 0 || total[mem] == 0) {
        return std::nullopt;
    }
    const WideMilli difference = WideMilli{view.free[cpus][agent]} * total[mem] -
                                 WideMilli{view.free[mem][agent]} * total[cpus];
    return millionths(difference < 0 ? -difference : difference,
                      WideMilli{total[cpus]} * total[mem]);
}

Fragmentation measure_fragmentation(const Cluster& cluster,
                                    const RoleView& view,
                                    const Fits* fits) {
    Fragmentation made;
    std::array<WideMilli, 2> free_sums{};
    std::array<WideMilli, 2> beyond{};
    std::vector<std::int64_t> imbalances;
    for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
        if (!counts(cluster, view, i)) {
            continue;
        }
        if (fits != nullptr) {
            auto& agents = fits->fits_any[i] ? made.usable : made.fragmented;
            agents = agents.value_or(0) + 1;
        }
        const Pair total = totals_of(cluster, i);
        const Pair free{view.free[cpus][i], view.free[mem][i]};
        for (const Resource r : {cpus, mem}) {
            free_sums.at(r) += free.at(r);
            const Resource other = r == cpus ? mem : cpus;
            if (total.at(r) > 0 && total.at(other) > 0) {
                const WideMilli balanced =
                    WideMilli{total.at(r)} * free.at(other) / total.at(other);
                beyond.at(r) += std::max<WideMilli>(0, free.at(r) - balanced);
            }
        }
        if (const auto imbalance = imbalance_of(cluster, view, i)) {
            imbalances.push_back(*imbalance);
        }
    }
    if (fits != nullptr) {
        made.usable = made.usable.value_or(0);
        made.fragmented = made.fragmented.value_or(0);
    }
    made.cpus_skew = millionths(beyond[cpus], free_sums[cpus]);
    made.mem_skew = millionths(beyond[mem], free_sums[mem]);
    if (!imbalances.empty()) {
        std::ranges::sort(imbalances);
        std::int64_t sum = 0;
        for (const std::int64_t imbalance : imbalances) {
            sum += imbalance;
        }
        const std::size_t rank = (imbalances.size() * 95 + 99) / 100;
        made.imbalance_mean = sum / static_cast<std::int64_t>(imbalances.size());
        made.imbalance_p95 = imbalances[rank - 1];
        made.imbalance_max = imbalances.back();
    }
    return made;
}

void set_expected(const Cluster& cluster,
                  const RoleView& view,
                  const Fits& fits,
                  Leftovers& leftovers) {
    if (fits.weight == 0) {
        return;
    }
    for (std::size_t r = 0; r < scalar_count; ++r) {
        WideMilli sum = 0;
        for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
            if (counts(cluster, view, i)) {
                sum += WideMilli{view.free.at(r)[i]} * (fits.weight - fits.weight_there[i]);
            }
        }
        leftovers.resources[r].expected = static_cast<Milli>(sum / fits.weight);
    }
}

}  // namespace caretaker
