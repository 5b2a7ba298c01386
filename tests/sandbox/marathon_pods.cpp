// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_pods.hpp"

#include "tests/sandbox/marathon_apps.hpp"
#include "tests/sandbox/marathon_documents.hpp"
#include "tests/sandbox/marathon_placement.hpp"
#include "tests/sandbox/marathon_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t unit = 1'000;  // thousandths
constexpr FakeAmounts executor_amounts{.cpus = 100, .mem = 32 * unit, .disk = 10 * unit};
constexpr std::string_view status_suffix = "::status";

FakeAmounts amounts_of(const FakePod& pod) {
    FakeAmounts sum = executor_amounts;
    for (const FakePodContainer& container : pod.containers) {
        sum.cpus += container.amounts.cpus;
        sum.mem += container.amounts.mem;
        sum.disk += container.amounts.disk;
        sum.gpus += container.amounts.gpus;
    }
    return sum;
}

void write_amounts(Json& json, const FakeAmounts& amounts) {
    json.begin_object("resources")
        .number("cpus", static_cast<double>(amounts.cpus) / unit)
        .number("mem", static_cast<double>(amounts.mem) / unit)
        .number("disk", static_cast<double>(amounts.disk) / unit)
        .integer("gpus", amounts.gpus / unit)
        .end_object();
}

std::string endpoint_name(std::size_t number) {
    return fmt::format("port-{}", number);
}

void write_spec(Json& json, const std::string& id, const FakePod& pod) {
    json.begin_object()
        .text("id", id)
        .begin_object("labels")
        .text("team", "platform")
        .end_object()
        .text("version", pod.version)
        .begin_object("environment")
        .text("LOG_LEVEL", "info")
        .end_object()
        .begin_array("containers");
    for (const FakePodContainer& container : pod.containers) {
        json.begin_object().text("name", container.name);
        write_amounts(json, container.amounts);
        if (container.endpoints > 0) {
            json.begin_array("endpoints");
            for (std::size_t i = 0; i < container.endpoints; ++i) {
                json.begin_object()
                    .text("name", endpoint_name(i))
                    .integer("containerPort", 8'080 + static_cast<std::int64_t>(i))
                    .integer("hostPort", 0)
                    .begin_array("protocol")
                    .text("tcp")
                    .end_array()
                    .end_object();
            }
            json.end_array();
        }
        json.begin_object("image")
            .text("kind", "DOCKER")
            .text("id", fmt::format("registry.example/{}:1", container.name))
            .end_object()
            .end_object();
    }
    json.end_array()
        .begin_array("networks")
        .begin_object()
        .text("mode", "container/bridge")
        .end_object()
        .end_array()
        .begin_object("scaling")
        .text("kind", "fixed")
        .integer("instances", static_cast<std::int64_t>(pod.instances))
        .end_object()
        .begin_object("scheduling")
        .begin_object("backoff")
        .integer("backoff", 1)
        .number("backoffFactor", 1.15)
        .integer("maxLaunchDelay", 300)
        .end_object()
        .begin_object("upgrade")
        .integer("minimumHealthCapacity", 1)
        .integer("maximumOverCapacity", 1)
        .end_object()
        .begin_object("placement")
        .begin_array("constraints");
    for (const FakeConstraint& constraint : parse_constraints(pod.constraints)) {
        json.begin_object().text("fieldName", constraint.field).text("operator", constraint.op);
        if (constraint.value) {
            json.text("value", *constraint.value);
        }
        json.end_object();
    }
    json.end_array()
        .begin_array("acceptedResourceRoles")
        .text("*")
        .end_array()
        .end_object()
        .text("killSelection", "YOUNGEST_FIRST")
        .end_object()
        .begin_object("executorResources")
        .number("cpus", static_cast<double>(executor_amounts.cpus) / unit)
        .number("mem", static_cast<double>(executor_amounts.mem) / unit)
        .number("disk", static_cast<double>(executor_amounts.disk) / unit)
        .end_object()
        .end_object();
}

/// Of a task as Marathon tells it of the container; empty when it is over.
std::string container_state(const PlatformState& state, const std::string& task) {
    const auto found = state.tasks.find(task);
    if (found == state.tasks.end()) {
        return {};
    }
    return state.agents[found->second.agent].state == AgentState::unreachable ? "TASK_UNREACHABLE"
                                                                              : found->second.state;
}

/// What the instance is, by the worst of its containers.
std::string_view instance_state(const std::vector<std::string>& containers) {
    const auto any = [&](std::string_view state) {
        return std::ranges::find(containers, state) != containers.end();
    };
    if (any("TASK_KILLING") || any("")) {
        return "TERMINAL";
    }
    if (any("TASK_UNREACHABLE")) {
        return "DEGRADED";
    }
    return any("TASK_STAGING") || any("TASK_STARTING") ? "STAGING" : "STABLE";
}

void write_times(Json& json, const std::string& since) {
    json.text("lastUpdated", since).text("lastChanged", since);
}

void write_container(Json& json,
                     const PlatformState& state,
                     const FakePodContainer& container,
                     const FakePodInstance& instance) {
    const std::string id = instance.id + "." + container.name;
    const std::string since = format_millis(instance.since_ms);
    const std::string is = container_state(state, id);
    json.begin_object()
        .text("name", container.name)
        .text("status", is.empty() ? "TASK_KILLED" : is)
        .text("statusSince", since)
        .begin_array("conditions")
        .end_array()
        .text("containerId", id)
        .begin_array("endpoints");
    if (!is.empty()) {
        const std::vector<std::int64_t>& ports = state.tasks.at(id).ports;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            json.begin_object()
                .text("name", endpoint_name(i))
                .integer("allocatedHostPort", ports[i])
                .end_object();
        }
    }
    json.end_array();
    if (!is.empty()) {
        write_amounts(json, container.amounts);
    }
    write_times(json, since);
    json.end_object();
}

void write_instance(Json& json,
                    const PlatformState& state,
                    const std::string& id,
                    const FakePod& pod,
                    const FakePodInstance& instance) {
    const FakeAgent& agent = state.agents[instance.agent];
    const std::string since = format_millis(instance.since_ms);
    std::vector<std::string> containers;
    for (const FakePodContainer& container : pod.containers) {
        containers.push_back(container_state(state, instance.id + "." + container.name));
    }
    json.begin_object()
        .text("id", instance.id)
        .text("status", instance_state(containers))
        .text("statusSince", since)
        .begin_array("conditions")
        .end_array()
        .text("agentHostname", agent.hostname);
    if (marathon_version(state) >= MarathonVersion{1, 6}) {
        json.text("agentId", agent.id);
        if (!agent.region.empty()) {
            json.text("agentRegion", agent.region).text("agentZone", agent.zone);
        }
    }
    write_amounts(json, amounts_of(pod));
    json.begin_array("networks")
        .begin_object()
        .begin_array("addresses")
        .text(agent.ip)
        .end_array()
        .end_object()
        .end_array()
        .begin_array("containers");
    for (const FakePodContainer& container : pod.containers) {
        write_container(json, state, container, instance);
    }
    json.end_array()
        .text("specReference", fmt::format("/v2/pods{}::versions/{}", id, instance.version))
        .begin_array("localVolumes")
        .end_array();
    write_times(json, since);
    json.end_object();
}

void write_status(Json& json,
                  const PlatformState& state,
                  const std::string& id,
                  const FakePod& pod) {
    const std::string now = format_millis(state.now_ms);
    json.begin_object().text("id", id).key("spec");
    write_spec(json, id, pod);
    json.text("status", pod.placed.size() < pod.instances ? "DEGRADED" : "STABLE")
        .text("statusSince", now)
        .begin_array("instances");
    for (const FakePodInstance& instance : pod.placed) {
        write_instance(json, state, id, pod, instance);
    }
    json.end_array().begin_array("terminationHistory").end_array();
    write_times(json, now);
    json.end_object();
}

}  // namespace

DemoPod make_demo_pod(std::size_t number, std::int64_t now_ms) {
    constexpr std::array<std::string_view, 3> names{"/logs/shipper", "/web/front", "/search/head"};
    DemoPod made{.id = fmt::format("{}-pod-{}", names[number % names.size()], number)};
    made.pod = {.containers = {{.name = "main",
                                .amounts = {.cpus = 300 + 100 * static_cast<int>(number % 4),
                                            .mem = 512 * unit},
                                .endpoints = 1},
                               {.name = "sidecar", .amounts = {.cpus = 100, .mem = 64 * unit}}},
                .instances = 2 + number % 3,
                .version = format_millis(now_ms - 86'400'000)};
    if (number % 3 == 0) {
        made.pod.constraints = R"([["hostname","UNIQUE"]])";
    }
    return made;
}

void start_pod(PlatformState& state, const std::string& id, FakePod pod) {
    PlacementNeeds needs{.amounts = amounts_of(pod),
                         .constraints = parse_constraints(pod.constraints)};
    for (const FakePodContainer& container : pod.containers) {
        needs.ports += container.endpoints;
    }
    std::vector<std::size_t> placed;
    while (placed.size() < pod.instances) {
        const auto place = find_place(state, needs, placed, placed.empty() ? 0 : placed.back() + 1);
        if (!place) {
            break;
        }
        placed.push_back(*place);
        const std::string uuid =
            fmt::format("{:08x}-7bb5-11e9-b931-{:012x}", id.size(), ++state.marathon.made);
        FakePodInstance instance{.id = fmt::format("{}.instance-{}", task_prefix(id), uuid),
                                 .agent = *place,
                                 .version = pod.version,
                                 .since_ms = state.now_ms - 3'600'000};
        for (const FakePodContainer& container : pod.containers) {
            FakeTask task{
                .id = instance.id + "." + container.name,
                .name = container.name,
                .executor_id = fmt::format("instance-{}.{}", task_prefix(id), uuid),
                .framework = state.marathon.framework,
                .agent = *place,
                .amounts = container.amounts,
                .ports = take_free_ports(state, state.agents[*place], container.endpoints),
                .container_id = uuid,
                .staged_ms = instance.since_ms - 3'000,
                .started_ms = instance.since_ms};
            state.add_task(std::move(task));
        }
        state.executors.push_back({.id = fmt::format("instance-{}.{}", task_prefix(id), uuid),
                                   .framework = state.marathon.framework,
                                   .agent = *place,
                                   .cpus = executor_amounts.cpus,
                                   .mem = executor_amounts.mem,
                                   .disk = executor_amounts.disk});
        FakeAmounts& free = state.agents[*place].free;
        free.cpus -= executor_amounts.cpus;
        free.mem -= executor_amounts.mem;
        free.disk -= executor_amounts.disk;
        pod.placed.push_back(std::move(instance));
    }
    state.marathon.pods[id] = std::move(pod);
}

ServedAnswer answer_pods(const std::shared_ptr<const PlatformState>& state,
                         const HttpRequest& request,
                         const RequestTarget& target) {
    if (request.method == HttpMethod::head) {
        return {};
    }
    if (request.method != HttpMethod::get) {
        throw MarathonRefusal{405, message_body("HTTP method not allowed")};
    }
    std::string id;
    for (std::size_t i = 2; i < target.segments.size(); ++i) {
        id += "/" + target.segments[i];
    }
    const bool wants_status = id.ends_with(status_suffix);
    if (wants_status) {
        id.resize(id.size() - status_suffix.size());
    }
    if (id == "/") {  // of "/v2/pods/::status"
        id.clear();
    }
    const auto write = [state, wants_status](Json& json, const std::string& name) {
        const FakePod& pod = state->marathon.pods.at(name);
        wants_status ? write_status(json, *state, name, pod) : write_spec(json, name, pod);
    };
    if (id.empty()) {
        return document_answer([state, write](Json& json) {
            json.begin_array();
            for (const auto& [name, pod] : state->marathon.pods) {
                write(json, name);
            }
            json.end_array();
        });
    }
    if (!state->marathon.pods.contains(id)) {
        throw MarathonRefusal{404, message_body(fmt::format("Pod '{}' does not exist", id))};
    }
    return document_answer([write, id](Json& json) { write(json, id); });
}

}  // namespace caretaker::sandbox
