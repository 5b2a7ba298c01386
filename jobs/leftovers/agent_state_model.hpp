// SPDX-License-Identifier: Apache-2.0
// Which agents a task can be placed on, and why not on the others. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {

struct AgentStateRules {
    WallTime now{};
    /// Marathon's --draining_seconds: so long before a window it refuses offers already.
    std::chrono::milliseconds draining{0};
    /// False for Marathons with --disable_maintenance_mode, and those before 1.7.
    bool heeds_windows = true;
};

/// Whether Marathon refuses an offer from a machine with that window: from `draining` before its
/// start on, both ends not included; without a duration for ever.
bool is_refused_for(const MaintenanceWindow& window, const AgentStateRules& rules);

/// Sets the state of each agent; recovered ones stay so. Returns the machines of windows and of the
/// down list that name no agent, for Mesos needs both the host name (without case) and the address:
/// "db1.example 10.0.0.7".
std::vector<std::string> judge_agents(ClusterFacts& facts, const AgentStateRules& rules);

}  // namespace caretaker
