// SPDX-License-Identifier: Apache-2.0
#include "common/clients/marathon_members.hpp"

#include "common/clients/mesos_resource.hpp"
#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"

#include <cstdint>

namespace caretaker {

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

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_in(JsonView object,
                                                                        std::string_view name) {
    return parse_rfc3339(json_text_or_empty(object, name));
}

void add_static_port(JsonView port, MarathonApp& app) {
    const std::int64_t number = port.integer();
    if (number < 0 || !app.static_ports.add(static_cast<std::uint64_t>(number),
                                            static_cast<std::uint64_t>(number))) {
        port.fail("is no port");
    }
}

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

void add_host_port(JsonView port, MarathonTask& task) {
    const std::int64_t number = port.integer();
    if (number > 0) {
        task.ports.add(static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(number));
    }
}

void read_volumes(JsonView holder, MarathonApp& app) {
    for (const JsonView& volume : json_elements_of(holder, "volumes")) {
        const auto persistent = volume.find("persistent");
        if (!persistent) {
            continue;
        }
        const std::string type = json_text_or_empty(*persistent, "type");
        app.is_resident = true;
        if (type.empty() || type == "root") {
            const Milli size = amount_in(*persistent, "size", 0);
            app.disk += size;
            app.volume_disk += size;
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

void read_upgrade(JsonView strategy, MarathonApp& app) {
    app.min_health = optional_amount(strategy, "minimumHealthCapacity");
    app.over_capacity = optional_amount(strategy, "maximumOverCapacity");
}

void read_kill_selection(JsonView holder, MarathonApp& app) {
    app.kills_oldest_first = json_text_or_empty(holder, "killSelection") == "OLDEST_FIRST";
}

void read_gpu_behavior(JsonView object, MarathonApp& app) {
    if (const auto labels = object.find("labels")) {
        app.gpu_behavior = optional_text(*labels, "GPU_SCHEDULING_BEHAVIOR");
    }
}

}  // namespace caretaker
