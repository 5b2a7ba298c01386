// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/agent_state_model.hpp"

#include "common/text/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace caretaker {

namespace {

using MachineKey = std::pair<std::string, std::string>;

MachineKey key_of(const Machine& machine) {
    return {ascii_lower(machine.hostname), machine.address};
}

AgentState state_of(const AgentRow& agent) {
    if (agent.is_draining && !agent.is_active) {
        return AgentState::draining;
    }
    if (agent.is_deactivated) {
        return AgentState::deactivated;
    }
    return agent.is_active ? AgentState::placeable : AgentState::inactive;
}

/// Adds a part that is empty as a dash.
std::string name_machine(const Machine& machine) {
    const auto part = [](const std::string& text) { return text.empty() ? "-" : text; };
    return part(machine.hostname) + ' ' + part(machine.address);
}

}  // namespace

bool is_refused_for(const MaintenanceWindow& window, const AgentStateRules& rules) {
    const std::chrono::nanoseconds now = rules.now.time_since_epoch();
    if (now <= window.start - rules.draining) {
        return false;
    }
    return !window.duration || now - window.start <= *window.duration;
}

std::vector<std::string> judge_agents(ClusterFacts& facts, const AgentStateRules& rules) {
    std::map<MachineKey, std::vector<std::size_t>> by_machine;
    std::vector<AgentRow>& agents = facts.cluster.agents;
    for (std::size_t i = 0; i < agents.size(); ++i) {
        AgentRow& agent = agents[i];
        if (agent.state == AgentState::recovered) {
            continue;
        }
        agent.state = state_of(agent);
        if (!facts.windows.empty() || !facts.down_machines.empty()) {
            by_machine[key_of({agent.hostname, agent.address})].push_back(i);
        }
    }
    std::vector<std::string> without_agent;
    const auto mark = [&](const Machine& machine, AgentState state) {
        const auto found = by_machine.find(key_of(machine));
        if (found == by_machine.end()) {
            return false;
        }
        for (const std::size_t i : found->second) {
            agents[i].state = std::min(agents[i].state, state);
        }
        return true;
    };
    // A machine that is down has no agent: the master has removed it.
    for (const Machine& machine : facts.down_machines) {
        mark(machine, AgentState::down);
    }
    for (const MaintenanceWindow& window : facts.windows) {
        const bool is_refused = rules.heeds_windows && is_refused_for(window, rules);
        for (const Machine& machine : window.machines) {
            const AgentState state = is_refused ? AgentState::maintenance : AgentState::placeable;
            const bool is_down = std::ranges::any_of(facts.down_machines, [&](const Machine& down) {
                return key_of(down) == key_of(machine);
            });
            if (!mark(machine, state) && !is_down) {
                without_agent.push_back(name_machine(machine));
            }
        }
    }
    std::ranges::sort(without_agent);
    without_agent.erase(std::unique(without_agent.begin(), without_agent.end()),
                        without_agent.end());
    return without_agent;
}

}  // namespace caretaker
