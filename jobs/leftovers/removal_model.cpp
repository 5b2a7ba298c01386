// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/removal_model.hpp"

#include "jobs/leftovers/loss_model.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace caretaker {

AgentRemovals find_removals(const ClusterFacts& facts, std::int64_t most_judged) {
    LossModel model(facts, facts.workload);
    const std::vector<LossCase> losses = model.lose_each_agent();
    std::map<std::uint32_t, std::int64_t> now;  // unexpected losses by agent
    for (const LossCase& loss : losses) {
        now[loss.agents[0]] = loss.lost - loss.expected;
    }
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < facts.cluster.agents.size(); ++i) {
        if (facts.cluster.agents[i].state == AgentState::placeable) {
            order.push_back(i);
        }
    }
    std::map<std::uint32_t, std::int64_t> running;
    for (const LossCase& loss : losses) {
        running[loss.agents[0]] = loss.displaced + loss.bound;
    }
    std::ranges::stable_sort(order, {}, [&](std::uint32_t agent) {
        const auto known = running.find(agent);
        return known == running.end() ? 0 : known->second;
    });
    AgentRemovals removals;
    std::set<std::uint32_t> gone;
    for (const std::uint32_t agent : order) {
        LossCase without{.agents = removals.agents};
        without.agents.push_back(agent);
        model.judge(without);
        bool is_safe = without.lost == 0 && without.bound == 0;
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
        if (!is_safe) {
            break;  // fuller ones are no easier to do without
        }
        gone.insert(agent);
        removals.agents.push_back(agent);
        removals.displaced = without.displaced;
    }
    return removals;
}

}  // namespace caretaker
