// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/app_definition_model.hpp"

#include "common/json/json_copy.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
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

/// Members of an app as a body that makes it anew.
class BodyWriter {
 public:
    BodyWriter(JsonWriter& json, ServicePorts ports) : json_(json), ports_(ports) {}

    void write(JsonView definition, std::int64_t instances) {
        has_fetch_ = definition.find("fetch").has_value();
        has_definitions_ = definition.find("portDefinitions").has_value();
        needs_ports_ = json_flag_or(definition, "requirePorts", false);
        json_.begin_object();
        for (const JsonMember& member : definition.members()) {
            if (!is_left_out(member)) {
                json_.key(member.name);
                write_member(member);
            }
        }
        json_.member("instances", instances);
        json_.end_object();
    }

 private:
    [[nodiscard]] bool is_left_out(const JsonMember& member) const {
        const bool is_second_form = (member.name == "uris" && has_fetch_) ||
                                    (member.name == "ports" && has_definitions_) ||
                                    (member.name == "args" && is_empty_list(member.value));
        return member.value.is_null() || is_second_form || member.name == "instances" ||
               is_made_by_marathon(member.name);
    }

    void write_member(const JsonMember& member) {
        // With requirePorts these are ports of the host too, and nobody else can choose them.
        const bool chooses = ports_ == ServicePorts::chosen_by_marathon && !needs_ports_;
        if (member.name == "container" && member.value.is_object()) {
            write_container(member.value);
        } else if (member.name == "portDefinitions" && chooses) {
            write_all_with(member.value, "port");
        } else if (member.name == "ports" && chooses) {
            json_.begin_array();
            for (std::size_t i = 0; i < member.value.elements().size(); ++i) {
                json_.value(std::int64_t{0});
            }
            json_.end_array();
        } else {
            copy_json(member.value, json_);
        }
    }

    /// Objects whose service port has that name.
    void write_all_with(JsonView list, std::string_view name) {
        json_.begin_array();
        for (const JsonView& element : list.elements()) {
            json_.begin_object();
            for (const JsonMember& member : element.members()) {
                json_.key(member.name);
                if (member.name == name) {
                    json_.value(std::int64_t{0});
                } else {
                    copy_json(member.value, json_);
                }
            }
            json_.end_object();
        }
        json_.end_array();
    }

    /// Without Docker's own list of ports, where the container has it too.
    void write_container(JsonView container) {
        json_.begin_object();
        const bool has_mappings = container.find("portMappings").has_value();
        for (const JsonMember& member : container.members()) {
            if (member.value.is_null()) {
                continue;
            }
            json_.key(member.name);
            if (member.name == "docker" && member.value.is_object()) {
                write_docker(member.value, has_mappings);
            } else {
                write_in_container(member);
            }
        }
        json_.end_object();
    }

    void write_docker(JsonView docker, bool has_mappings) {
        json_.begin_object();
        for (const JsonMember& member : docker.members()) {
            const bool is_second_form = member.name == "portMappings" && has_mappings;
            if (!is_second_form && !(member.value.is_null() && has_mappings)) {
                json_.key(member.name);
                write_in_container(member);
            }
        }
        json_.end_object();
    }

    void write_in_container(const JsonMember& member) {
        if (member.name == "portMappings" && member.value.is_array() &&
            ports_ == ServicePorts::chosen_by_marathon) {
            write_all_with(member.value, "servicePort");
        } else {
            copy_json(member.value, json_);
        }
    }

    JsonWriter& json_;
    ServicePorts ports_;
    bool has_fetch_ = false;
    bool has_definitions_ = false;
    bool needs_ports_ = false;
};

void append_ports(JsonView list, std::string_view name, std::vector<std::int64_t>& ports) {
    for (const JsonView& element : list.elements()) {
        if (const auto port = element.find(name); port && !port->is_null()) {
            ports.push_back(port->integer());
        }
    }
}

}  // namespace

std::string format_app_body(JsonView definition, std::int64_t instances, ServicePorts ports) {
    JsonWriter json;
    BodyWriter(json, ports).write(definition, instances);
    return std::string(json.text());
}

std::vector<std::int64_t> read_service_ports(JsonView app) {
    std::vector<std::int64_t> ports;
    const auto container = app.find("container");
    const auto docker =
        container && container->is_object() ? container->find("docker") : std::nullopt;
    for (const auto& holder : {container, docker}) {
        const auto mappings =
            holder && holder->is_object() ? holder->find("portMappings") : std::nullopt;
        if (mappings && mappings->is_array() && ports.empty()) {
            append_ports(*mappings, "servicePort", ports);
        }
    }
    const auto definitions = app.find("portDefinitions");
    if (ports.empty() && definitions && definitions->is_array()) {
        append_ports(*definitions, "port", ports);
    }
    const auto plain = app.find("ports");
    if (ports.empty() && plain && plain->is_array()) {
        for (const JsonView& port : plain->elements()) {
            ports.push_back(port.integer());
        }
    }
    return ports;
}

}  // namespace caretaker
