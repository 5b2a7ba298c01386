// SPDX-License-Identifier: Apache-2.0
// What is to be tried on a cluster, as a file says it.
#pragma once

#include "common/clients/marathon_app.hpp"
#include "jobs/leftovers/cluster.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Agents that do not exist yet, all alike.
struct AgentTemplate {
    std::int64_t count = 1;
    std::array<Milli, scalar_count> amounts{};
    PortSet ports{};
    std::vector<std::pair<std::string, std::string>> attributes{};
};

struct PlannedApp {
    MarathonApp app{};                 // with Marathon's defaults for what is not named
    bool is_whole = true;              // a pod, or in a group: what is not named has its default
    std::vector<std::string> named{};  // members that are, and are not null
    bool stops_first = false;          // its running instances end before new ones start
};

/// Applied in this order: what goes, then agents that go and come, then what is to be placed.
struct WhatIfPlan {
    std::vector<std::string> remove{};                          // apps
    std::vector<std::pair<std::string, std::int64_t>> scale{};  // app, instances
    std::vector<std::string> drain{};                           // host names
    std::vector<std::pair<std::string, std::string>> lose{};    // attribute, value
    std::vector<AgentTemplate> agents{};
    std::vector<PlannedApp> apps{};
};

/// Adds a file of JSON to a plan: an app as it is sent to Marathon, a list of apps, a group, a pod,
/// or an object of `apps`, `scale`, `remove`, `drain`, `lose` and `add_agents`. `what` begins
/// messages. Throws UsageError.
void add_plan(std::string_view text, const std::string& what, WhatIfPlan& plan);

/// "cpus=16,mem=65536,disk=500000,ports=1001,rack=r9": amounts, a number of ports from 31000 on or
/// ranges in brackets, and attributes. Throws UsageError.
AgentTemplate parse_agent_template(std::string_view text);

}  // namespace caretaker
