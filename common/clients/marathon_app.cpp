// SPDX-License-Identifier: Apache-2.0
#include "common/clients/marathon_app.hpp"

#include "common/clients/marathon_members.hpp"
#include "common/clients/mesos_resource.hpp"
#include "common/json/json_members.hpp"
#include "common/text/ascii.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

/// A number of a constraint may be written as one.
std::string text_of(JsonView value) {
    return value.is_number() ? format_milli(read_milli(value)) : std::string(value.text());
}

/// Service ports, which are ports of the host only with requirePorts.
void add_port(JsonView port, bool is_required, MarathonApp& app) {
    if (!is_required) {
        ++app.dynamic_ports;
    } else if (port.integer() == 0) {
        app.wants_impossible_port = true;
    } else {
        add_static_port(port, app);
    }
}

std::vector<JsonView> port_mappings(JsonView object) {
    const auto container = object.find("container");
    if (!container) {
        return {};
    }
    std::vector<JsonView> mappings = json_elements_of(*container, "portMappings");
    if (mappings.empty()) {
        if (const auto docker = container->find("docker")) {
            mappings = json_elements_of(*docker, "portMappings");
        }
    }
    return mappings;
}

void read_ports(JsonView object, MarathonApp& app) {
    const std::vector<JsonView> mappings = port_mappings(object);
    if (!mappings.empty()) {
        for (const JsonView& mapping : mappings) {
            add_mapping(mapping, app);
        }
        return;
    }
    const bool is_required = json_flag_or(object, "requirePorts", false);
    const std::vector<JsonView> definitions = json_elements_of(object, "portDefinitions");
    for (const JsonView& definition : definitions) {
        add_port(definition.at("port"), is_required, app);
    }
    if (definitions.empty()) {
        for (const JsonView& port : json_elements_of(object, "ports")) {
            add_port(port, is_required, app);
        }
    }
}

}  // namespace

MarathonConstraint read_marathon_constraint(JsonView constraint) {
    if (constraint.is_object()) {
        MarathonConstraint read{.field = std::string(constraint.at("fieldName").text()),
                                .op = ascii_upper(constraint.at("operator").text())};
        if (const auto value = constraint.find("value")) {
            read.value = text_of(*value);
        }
        return read;
    }
    const std::vector<JsonView> parts = constraint.elements();
    if (parts.size() < 2 || parts.size() > 3) {
        constraint.fail("is no constraint of two or three parts");
    }
    MarathonConstraint read{.field = std::string(parts[0].text()),
                            .op = ascii_upper(parts[1].text())};
    if (parts.size() == 3) {
        read.value = text_of(parts[2]);
    }
    return read;
}

MarathonApp read_marathon_app(JsonView object) {
    MarathonApp app{.id = std::string(object.at("id").text())};
    if (const auto instances = object.find("instances")) {
        app.instances = std::max<std::int64_t>(0, instances->integer());
    }
    app.cpus = amount_in(object, "cpus", app.cpus);
    app.mem = amount_in(object, "mem", app.mem);
    app.disk = amount_in(object, "disk", app.disk);
    app.gpus = amount_in(object, "gpus", app.gpus);
    app.role = optional_text(object, "role");
    read_accepted_roles(object, app);
    for (const JsonView& constraint : json_elements_of(object, "constraints")) {
        app.constraints.push_back(read_marathon_constraint(constraint));
    }
    read_ports(object, app);
    app.is_resident = object.find("residency").has_value();
    if (const auto container = object.find("container")) {
        read_volumes(*container, app);
    }
    read_gpu_behavior(object, app);
    if (const auto strategy = object.find("upgradeStrategy")) {
        read_upgrade(*strategy, app);
    }
    read_kill_selection(object, app);
    if (const auto version = object.find("versionInfo")) {
        app.config_changed = time_in(*version, "lastConfigChangeAt");
    }
    return app;
}

MarathonTask read_marathon_task(JsonView object) {
    const auto text_in = [&](std::string_view name) {
        const auto member = object.find(name);
        return member ? SharedText(member->text()) : SharedText();
    };
    MarathonTask task{.id = text_in("id"),
                      .app = object.at("appId").text(),
                      .host = text_in("host"),
                      .agent = text_in("slaveId"),
                      .state = text_in("state"),
                      .version = time_in(object, "version")};
    if (const auto started = time_in(object, "startedAt")) {
        task.started = *started;
    } else {
        task.started = time_in(object, "stagedAt").value_or(task.started);
    }
    for (const JsonView& port : json_elements_of(object, "ports")) {
        add_host_port(port, task);
    }
    return task;
}

bool is_placed_state(std::string_view state) {
    constexpr std::array<std::string_view, 5> elsewhere{
        "TASK_UNREACHABLE", "TASK_UNKNOWN", "TASK_GONE", "TASK_GONE_BY_OPERATOR", "TASK_DROPPED"};
    return std::ranges::find(elsewhere, state) == elsewhere.end();
}

}  // namespace caretaker
