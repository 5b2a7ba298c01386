// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/app_definition_model.hpp"

#include "common/json/json_copy.hpp"
#include "common/output/json_writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace caretaker {

namespace {

/// What Marathon adds to a definition by itself.
bool is_made_by_marathon(std::string_view name) {
    constexpr std::array<std::string_view, 11> names{"version",
                                                     "versionInfo",
                                                     "tasks",
                                                     "tasksStaged",
                                                     "tasksRunning",
                                                     "tasksHealthy",
                                                     "tasksUnhealthy",
                                                     "deployments",
                                                     "lastTaskFailure",
                                                     "readinessCheckResults",
                                                     "storeUrls"};
    return std::ranges::find(names, name) != names.end();
}

bool is_empty_list(JsonView value) {
    return value.is_array() && value.elements().empty();
}

/// Docker's own list of ports, where the container has it too.
void write_container(JsonView container, JsonWriter& json) {
    json.begin_object();
    const bool has_mappings = container.find("portMappings").has_value();
    for (const JsonMember& member : container.members()) {
        if (member.value.is_null()) {
            continue;
        }
        json.key(member.name);
        if (member.name != "docker" || !member.value.is_object() || !has_mappings) {
            copy_json(member.value, json);
            continue;
        }
        json.begin_object();
        for (const JsonMember& inner : member.value.members()) {
            if (inner.name != "portMappings" && !inner.value.is_null()) {
                json.key(inner.name);
                copy_json(inner.value, json);
            }
        }
        json.end_object();
    }
    json.end_object();
}

}  // namespace

std::string format_app_body(JsonView definition, std::int64_t instances) {
    JsonWriter json;
    json.begin_object();
    const bool has_fetch = definition.find("fetch").has_value();
    const bool has_definitions = definition.find("portDefinitions").has_value();
    for (const JsonMember& member : definition.members()) {
        const bool is_second_form = (member.name == "uris" && has_fetch) ||
                                    (member.name == "ports" && has_definitions) ||
                                    (member.name == "args" && is_empty_list(member.value));
        if (member.value.is_null() || is_second_form || member.name == "instances" ||
            is_made_by_marathon(member.name)) {
            continue;
        }
        json.key(member.name);
        member.name == "container" && member.value.is_object() ? write_container(member.value, json)
                                                               : copy_json(member.value, json);
    }
    json.member("instances", instances);
    json.end_object();
    return std::string(json.text());
}

}  // namespace caretaker
