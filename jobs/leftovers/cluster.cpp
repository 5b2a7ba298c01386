// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/cluster.hpp"

namespace caretaker {

std::string_view to_string(AgentState state) {
    switch (state) {
        case AgentState::recovered:
            return "recovered";
        case AgentState::draining:
            return "draining";
        case AgentState::deactivated:
            return "deactivated";
        case AgentState::inactive:
            return "inactive";
        case AgentState::down:
            return "down";
        case AgentState::maintenance:
            return "maintenance";
        case AgentState::placeable:
            break;
    }
    return "placeable";
}

const std::string* Cluster::attribute(const AgentRow& agent, std::string_view name) const {
    const auto id = attribute_names.find(name);
    if (id) {
        for (const AgentAttribute& attribute : attributes_of(agent)) {
            if (attribute.name == *id) {
                return &attribute_values.name(attribute.value);
            }
        }
    }
    return nullptr;
}

}  // namespace caretaker
