// SPDX-License-Identifier: Apache-2.0
#include "common/clients/marathon_app.hpp"

#include "common/clients/mesos_resource.hpp"
#include "common/json/json_members.hpp"
#include "common/text/ascii.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

Milli amount_in(JsonView object, std::string_view name, Milli otherwise) {
    const auto member = object.find(name);
    return member ? read_milli(*member) : otherwise;
}

std::optional<Milli> optional_amount(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::optional(read_milli(*member)) : std::nullopt;
}

std::optional<std::string> optional_text(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::optional(std::string(member->text())) : std::nullopt;
}

/// A number of a constraint may be written as one.
std::string text_of(JsonView value) {
    return value.is_number() ? format_milli(read_milli(value)) : std::string(value.text());
}

void add_static_port(JsonView port, MarathonApp& app) {
    const std::int64_t number = port.integer();
    if (number < 0 || !app.static_ports.add(static_cast<std::uint64_t>(number),
                                            static_cast<std::uint64_t>(number))) {
        port.fail("is no port");
    }
}

/// On the host; a mapping without hostPort, of container networks, needs none.
void add_mapping(JsonView mapping, MarathonApp& app) {
    const auto port = mapping.find("hostPort");
    if (!port) {
        return;
    }
    if (port->integer() == 0) {
        ++app.dynamic_ports;
    } else {
        add_static_port(*port, app);
    }
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

void read_volumes(JsonView object, MarathonApp& app) {
    const auto container = object.find("container");
    if (!container) {
        return;
    }
    for (const JsonView& volume : json_elements_of(*container, "volumes")) {
        const auto persistent = volume.find("persistent");
        if (!persistent) {
            continue;
        }
        const std::string type = json_text_or_empty(*persistent, "type");
        app.is_resident = true;
        if (type.empty() || type == "root") {
            app.disk += amount_in(*persistent, "size", 0);
        } else {
            app.has_disk_volumes = true;
        }
    }
}

void read_accepted_roles(JsonView object, MarathonApp& app) {
    for (const JsonView& role : json_elements_of(object, "acceptedResourceRoles")) {
        if (!app.accepted_roles) {
            app.accepted_roles.emplace();
        }
        app.accepted_roles->emplace_back(role.text());
    }
}

/// What a container of a pod or its executor takes.
void add_pod_resources(JsonView resources, MarathonApp& pod) {
    pod.cpus += amount_in(resources, "cpus", 0);
    pod.mem += amount_in(resources, "mem", 0);
    pod.disk += amount_in(resources, "disk", 0);
    pod.gpus += amount_in(resources, "gpus", 0);
}

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_in(JsonView object,
                                                                        std::string_view name) {
    return parse_rfc3339(json_text_or_empty(object, name));
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
    read_volumes(object, app);
    if (const auto labels = object.find("labels")) {
        app.gpu_behavior = optional_text(*labels, "GPU_SCHEDULING_BEHAVIOR");
    }
    if (const auto strategy = object.find("upgradeStrategy")) {
        app.min_health = optional_amount(*strategy, "minimumHealthCapacity");
        app.over_capacity = optional_amount(*strategy, "maximumOverCapacity");
    }
    if (const auto version = object.find("versionInfo")) {
        app.config_changed = time_in(*version, "lastConfigChangeAt");
    }
    return app;
}

MarathonApp read_marathon_pod(JsonView object) {
    constexpr Milli executor_cpus = 100;  // Marathon's defaults for the pod's executor
    constexpr Milli executor_mem = 32'000;
    constexpr Milli executor_disk = 10'000;
    MarathonApp pod{.id = std::string(object.at("id").text()), .cpus = 0, .mem = 0};
    if (const auto scaling = object.find("scaling")) {
        if (const auto instances = scaling->find("instances")) {
            pod.instances = std::max<std::int64_t>(0, instances->integer());
        }
    }
    if (const auto executor = object.find("executorResources")) {
        pod.cpus = amount_in(*executor, "cpus", executor_cpus);
        pod.mem = amount_in(*executor, "mem", executor_mem);
        pod.disk = amount_in(*executor, "disk", executor_disk);
    } else {
        pod.cpus = executor_cpus;
        pod.mem = executor_mem;
        pod.disk = executor_disk;
    }
    for (const JsonView& container : object.at("containers").elements()) {
        if (const auto resources = container.find("resources")) {
            add_pod_resources(*resources, pod);
        }
        for (const JsonView& endpoint : json_elements_of(container, "endpoints")) {
            add_mapping(endpoint, pod);
        }
    }
    pod.role = optional_text(object, "role");
    if (const auto scheduling = object.find("scheduling")) {
        if (const auto placement = scheduling->find("placement")) {
            read_accepted_roles(*placement, pod);
            for (const JsonView& constraint : json_elements_of(*placement, "constraints")) {
                pod.constraints.push_back(read_marathon_constraint(constraint));
            }
        }
    }
    return pod;
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
    for (const JsonView& port : json_elements_of(object, "ports")) {
        const std::int64_t number = port.integer();
        if (number > 0) {
            task.ports.add(static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number));
        }
    }
    return task;
}

bool is_placed_state(std::string_view state) {
    constexpr std::array<std::string_view, 5> elsewhere{
        "TASK_UNREACHABLE", "TASK_UNKNOWN", "TASK_GONE", "TASK_GONE_BY_OPERATOR", "TASK_DROPPED"};
    return std::ranges::find(elsewhere, state) == elsewhere.end();
}

}  // namespace caretaker
