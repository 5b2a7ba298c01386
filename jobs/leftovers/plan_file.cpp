// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_file.hpp"

#include "common/base/error.hpp"
#include "common/clients/marathon_pod.hpp"
#include "common/clients/mesos_resource.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "common/text/number.hpp"
#include "jobs/leftovers/plan_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

namespace caretaker {

namespace {

constexpr std::string_view advice = "write it as docs/leftovers.md shows under What if";
constexpr std::int64_t most_agents = 100'000;
constexpr std::int64_t most_instances = 1'000'000;
constexpr std::uint64_t first_port = 31'000;
constexpr std::array<std::string_view, 6> plan_names{
    "apps", "scale", "remove", "drain", "lose", "add_agents"};
constexpr std::array<std::string_view, 7> agent_names{
    "count", "cpus", "mem", "disk", "gpus", "ports", "attributes"};

std::int64_t read_count(JsonView value, std::int64_t least, std::int64_t most) {
    const std::int64_t number = value.integer();
    if (number < least || number > most) {
        value.fail(fmt::format("is not between {} and {}", least, most));
    }
    return number;
}

bool is_pod(JsonView object) {
    return object.find("containers").has_value();
}

std::size_t size_of(const WhatIfPlan& plan) {
    return plan.apps.size() + plan.scale.size() + plan.remove.size() + plan.drain.size() +
           plan.lose.size() + plan.agents.size();
}

class PlanReader {
 public:
    explicit PlanReader(WhatIfPlan& plan) : plan_(plan) {}

    void read(JsonView root) {
        const std::size_t before = size_of(plan_);
        if (root.is_array()) {
            for (const JsonView& app : root.elements()) {
                add_app(app);
            }
        } else if (!root.is_object()) {
            root.fail("is neither an object nor a list");
        } else if (root.find("groups") || (root.find("id") && root.find("apps"))) {
            add_group(root, {});
        } else if (root.find("id")) {
            add_app(root);
        } else {
            add_own(root);
        }
        if (size_of(plan_) == before) {
            root.fail("plans nothing");
        }
    }

 private:
    /// An id may be written from the root, or from the group that it stands in.
    static std::string full_id(std::string_view id, const std::string& group) {
        return id.starts_with('/') ? std::string(id) : fmt::format("{}/{}", group, id);
    }

    /// As it is sent by itself: an app that is there keeps what is not named.
    void add_app(JsonView object) {
        add_app_of_group(object, {});
        PlannedApp& planned = plan_.apps.back();
        if (!is_pod(object)) {
            planned.is_whole = false;
            for (const JsonMember& member : object.members()) {
                if (object.find(member.name)) {
                    planned.named.emplace_back(member.name);
                }
            }
        }
    }

    void add_app_of_group(JsonView object, const std::string& group) {
        if (is_pod(object)) {
            refuse_unknown_in_pod(object);
        } else {
            refuse_unknown_in_app(object);
        }
        PlannedApp planned{.app = is_pod(object) ? read_marathon_pod(object)
                                                 : read_marathon_app(object)};
        MarathonApp& app = planned.app;
        app.id = full_id(app.id, group);
        if (app.id == "/" || app.id.empty()) {
            object.at("id").fail("names no app");
        }
        // Marathon itself is read with what it tells; a plan that asks for less than none is a
        // mistake.
        const auto scaling = object.find("scaling");
        if (const auto asked = (scaling ? *scaling : object).find("instances");
            asked && asked->integer() < 0) {
            asked->fail("is less than 0");
        }
        if (app.instances > most_instances) {
            object.fail(fmt::format("asks for more than {} instances", most_instances));
        }
        if (app.cpus == 0 && app.mem == 0) {
            object.fail("asks for neither cpus nor mem, which Mesos refuses");
        }
        if (app.gpus % 1000 != 0) {
            object.at("gpus").fail("is no whole number, which Mesos refuses");
        }
        const bool is_repeated = std::ranges::any_of(
            plan_.apps, [&](const PlannedApp& known) { return known.app.id == app.id; });
        if (is_repeated) {
            object.at("id").fail("is planned twice");
        }
        if (const auto mode = object.find("mode")) {
            if (mode->text() != "stop-first") {
                mode->fail("is not stop-first, the only mode there is; leave it out otherwise");
            }
            planned.stops_first = true;
        }
        plan_.apps.push_back(std::move(planned));
    }

    void add_group(JsonView object, const std::string& above) {
        refuse_unknown_in_group(object);
        const std::string id = json_text_or_empty(object, "id");
        std::string group = id.empty() ? above : full_id(id, above);
        if (group == "/") {
            group.clear();
        }
        for (const JsonView& app : json_elements_of(object, "apps")) {
            add_app_of_group(app, group);
        }
        for (const JsonView& pod : json_elements_of(object, "pods")) {
            add_app_of_group(pod, group);
        }
        for (const JsonView& inner : json_elements_of(object, "groups")) {
            add_group(inner, group);
        }
    }

    void add_own(JsonView object) {
        refuse_unknown(object, plan_names);
        for (const JsonView& app : json_elements_of(object, "apps")) {
            add_app(app);
        }
        if (const auto scale = object.find("scale")) {
            for (const JsonMember& app : scale->members()) {
                plan_.scale.emplace_back(full_id(app.name, {}),
                                         read_count(app.value, 0, most_instances));
            }
        }
        for (const JsonView& app : json_elements_of(object, "remove")) {
            plan_.remove.push_back(full_id(app.text(), {}));
        }
        for (const JsonView& host : json_elements_of(object, "drain")) {
            plan_.drain.emplace_back(host.text());
        }
        for (const JsonView& group : json_elements_of(object, "lose")) {
            const std::string_view text = group.text();
            const std::size_t sign = text.find('=');
            if (sign == 0 || sign == std::string_view::npos) {
                group.fail("is not of the form ATTRIBUTE=VALUE");
            }
            plan_.lose.emplace_back(text.substr(0, sign), text.substr(sign + 1));
        }
        for (const JsonView& agents : json_elements_of(object, "add_agents")) {
            add_agents(agents);
        }
    }

    void add_agents(JsonView object) {
        refuse_unknown(object, agent_names);
        AgentTemplate added;
        if (const auto count = object.find("count")) {
            added.count = read_count(*count, 1, most_agents);
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (const auto amount = object.find(resource_names.at(r))) {
                added.amounts.at(r) = read_milli(*amount);
            }
        }
        if (added.amounts[cpus] == 0 && added.amounts[mem] == 0) {
            object.fail("has neither cpus nor mem");
        }
        if (const auto ports = object.find("ports")) {
            const auto ranges = PortSet::parse(ports->text());
            if (!ranges) {
                ports->fail("is no list of ports; write [31000-32000]");
            }
            added.ports = *ranges;
        }
        if (const auto attributes = object.find("attributes")) {
            for (const JsonMember& attribute : attributes->members()) {
                added.attributes.emplace_back(attribute.name, attribute.value.text());
            }
        }
        plan_.agents.push_back(std::move(added));
    }

    WhatIfPlan& plan_;
};

}  // namespace

void add_plan(std::string_view text, const std::string& what, WhatIfPlan& plan) {
    // Caught because a plan is part of the command line, whose mistakes end a run with 2.
    try {
        PlanReader(plan).read(JsonDocument::parse(text, what, std::string(advice)).root());
    } catch (const JsonError& error) {
        throw UsageError(error.what());
    }
}

AgentTemplate parse_agent_template(std::string_view text) {
    AgentTemplate made;
    const std::string_view whole = text;
    const auto refuse = [&](std::string_view part) {
        throw UsageError(
            fmt::format("--add: '{}' of '{}' is not understood; write cpus=16,mem=65536,ports=1001,"
                        "rack=r9",
                        part,
                        whole));
    };
    while (!text.empty()) {
        // Ranges of ports have commas of their own.
        std::size_t end = text.find(',');
        if (text.starts_with("ports=[")) {
            end = text.find(',', std::min(text.find(']'), text.size()));
        }
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::size_t sign = part.find('=');
        if (sign == 0 || sign == std::string_view::npos || sign + 1 == part.size()) {
            refuse(part);
        }
        const std::string_view name = part.substr(0, sign);
        const std::string_view value = part.substr(sign + 1);
        const auto resource = std::ranges::find(resource_names, name);
        if (resource == resource_names.end()) {
            made.attributes.emplace_back(name, value);
        } else if (name != "ports") {
            const auto amount = parse_milli(value);
            if (!amount) {
                refuse(part);
            }
            made.amounts.at(static_cast<std::size_t>(resource - resource_names.begin())) = *amount;
        } else if (value.starts_with('[')) {
            const auto ranges = PortSet::parse(value);
            if (!ranges) {
                refuse(part);
            }
            made.ports = *ranges;
        } else {
            const auto count = parse_milli(value);
            if (!count || *count % 1000 != 0 || *count == 0 ||
                !made.ports.add(first_port,
                                first_port + static_cast<std::uint64_t>(*count / 1000) - 1)) {
                refuse(part);
            }
        }
    }
    if (made.amounts[cpus] == 0 && made.amounts[mem] == 0) {
        throw UsageError("--add: an agent has cpus or mem; write cpus=16,mem=65536,ports=1001");
    }
    return made;
}

}  // namespace caretaker
