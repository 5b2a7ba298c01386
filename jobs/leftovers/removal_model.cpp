// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/removal_model.hpp"

#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/loss_model.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace caretaker {

namespace {

/// What runs on each agent and is no instance of an app would not move anywhere: what is in use
/// beyond the needs of instances, without what is oversubscribed. Volumes are data that stay, too.
std::vector<char> find_foreign_use(const ClusterFacts& facts,
                                   const std::vector<Instances>& placed) {
    const Cluster& cluster = facts.cluster;
    std::vector<std::array<Milli, scalar_count>> known(cluster.agents.size());
    for (std::size_t app = 0; app < placed.size(); ++app) {
        const Needs needs = needs_of(facts.workload.apps[app]);
        for (const auto& [agent, number] : placed[app].everywhere) {
            for (std::size_t r = 0; r < scalar_count; ++r) {
                known[agent].at(r) += needs.scalars.at(r) * number;
            }
        }
    }
    std::vector<char> is_foreign(cluster.agents.size());
    for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
        std::array<Milli, scalar_count> used{};
        for (const Pool& pool : cluster.pools_of(cluster.agents[i])) {
            if (pool.is_revocable) {
                continue;
            }
            is_foreign[i] = static_cast<char>(is_foreign[i] != 0 || pool.is_volume);
            if (pool.resource < scalar_count) {
                used.at(pool.resource) += pool.used;
            }
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            is_foreign[i] = static_cast<char>(is_foreign[i] != 0 || used.at(r) > known[i].at(r));
        }
    }
    return is_foreign;
}

/// Placeable agents, those with the fewest instances first.
std::vector<std::uint32_t> order_candidates(const Cluster& cluster,
                                            const std::vector<LossCase>& losses) {
    std::map<std::uint32_t, std::int64_t> running;
    for (const LossCase& loss : losses) {
        running[loss.agents[0]] = loss.displaced + loss.bound;
    }
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
        if (cluster.agents[i].state == AgentState::placeable) {
            order.push_back(i);
        }
    }
    std::ranges::stable_sort(order, {}, [&](std::uint32_t agent) {
        const auto known = running.find(agent);
        return known == running.end() ? 0 : known->second;
    });
    return order;
}

}  // namespace

AgentRemovals find_removals(const ClusterFacts& facts, std::int64_t most_judged) {
    const std::vector<Instances> placed = collect_instances(facts.cluster, facts.workload);
    const std::vector<char> is_foreign = find_foreign_use(facts, placed);
    LossModel model(facts, facts.workload, placed);
    const std::vector<LossCase> losses = model.lose_each_agent();
    std::map<std::uint32_t, std::int64_t> now;  // unexpected losses by agent
    for (const LossCase& loss : losses) {
        now[loss.agents[0]] = loss.lost - loss.expected;
    }
    AgentRemovals removals;
    std::set<std::uint32_t> gone;
    for (const std::uint32_t agent : order_candidates(facts.cluster, losses)) {
        LossCase without{.agents = removals.agents};
        without.agents.push_back(agent);
        if (is_foreign[agent] != 0) {
            ++removals.bound;
            continue;
        }
        if (--most_judged < 0) {
            removals.is_complete = false;
            return removals;
        }
        model.judge(without);
        bool is_safe = without.lost == 0 && without.bound == 0;
        removals.bound += without.bound > 0 ? 1 : 0;
        for (const LossCase& loss : losses) {
            const std::uint32_t other = loss.agents[0];
            if (!is_safe || other == agent || gone.contains(other)) {
                continue;
            }
            if (--most_judged < 0) {
                removals.is_complete = false;
                return removals;
            }
            LossCase both{.agents = without.agents};
            both.agents.push_back(other);
            model.judge(both);
            is_safe = both.lost - both.expected <= now[other];
        }
        if (is_safe) {
            gone.insert(agent);
            removals.agents.push_back(agent);
            removals.displaced = without.displaced;
        }
    }
    return removals;
}

}  // namespace caretaker
