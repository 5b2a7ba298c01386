// SPDX-License-Identifier: Apache-2.0
#include "common/clients/marathon_pod.hpp"

#include "common/clients/marathon_members.hpp"
#include "common/clients/mesos_resource.hpp"
#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

/// What a container of a pod or its executor takes.
void add_pod_resources(JsonView resources, MarathonApp& pod) {
    pod.cpus += amount_in(resources, "cpus", 0);
    pod.mem += amount_in(resources, "mem", 0);
    pod.disk += amount_in(resources, "disk", 0);
    pod.gpus += amount_in(resources, "gpus", 0);
}

/// In Mesos' words, of a container that is there, then of one whose agent is away (up to 1.5 the
/// last one after a while).
constexpr std::array<std::string_view, 6> container_states{"TASK_RUNNING",
                                                           "TASK_STARTING",
                                                           "TASK_STAGING",
                                                           "TASK_KILLING",
                                                           "TASK_UNREACHABLE",
                                                           "TASK_LOST"};

/// States of instances, and the one that a task in the same place has.
struct InstanceState {
    std::string_view name{};
    std::string_view of_task{};     // empty: the first of container_states that a container has,
    std::size_t of_containers = 0;  // of so many
};

constexpr std::array instance_states{
    InstanceState{"STAGING", "TASK_STAGING"},
    InstanceState{"STABLE", "TASK_RUNNING"},
    InstanceState{"DEGRADED", {}, 6},  // not healthy, or its agent is away
    InstanceState{"TERMINAL", {}, 4},  // being killed, or over
};

/// Empty: all its containers are over.
std::string state_of(const InstanceState& state, const std::vector<JsonView>& containers) {
    std::size_t best = state.of_containers;
    for (const JsonView& container : containers) {
        const auto* const known =
            std::ranges::find(container_states, json_text_or_empty(container, "status"));
        best = std::min(best, static_cast<std::size_t>(known - container_states.begin()));
    }
    return std::string(best < state.of_containers ? container_states.at(best) : state.of_task);
}

/// "/v2/pods/web::versions/2019-05-21T10:43:34.737Z"
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> version_in(
    const std::string& reference) {
    return parse_rfc3339(std::string_view(reference).substr(reference.rfind('/') + 1));
}

}  // namespace

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
    read_volumes(object, pod);
    read_gpu_behavior(object, pod);
    if (const auto scheduling = object.find("scheduling")) {
        read_kill_selection(*scheduling, pod);
        if (const auto strategy = scheduling->find("upgrade")) {
            read_upgrade(*strategy, pod);
        }
        if (const auto placement = scheduling->find("placement")) {
            read_accepted_roles(*placement, pod);
            for (const JsonView& constraint : json_elements_of(*placement, "constraints")) {
                pod.constraints.push_back(read_marathon_constraint(constraint));
            }
        }
    }
    return pod;
}

std::optional<MarathonTask> read_marathon_pod_instance(JsonView object, const std::string& pod) {
    const JsonView status = object.at("status");
    if (status.text() == "PENDING") {
        return std::nullopt;
    }
    const auto* const state =
        std::ranges::find(instance_states, status.text(), &InstanceState::name);
    if (state == instance_states.end()) {
        status.fail("is no state of an instance of a pod");
    }
    const std::vector<JsonView> containers = json_elements_of(object, "containers");
    MarathonTask task{.id = std::string(object.at("id").text()),
                      .app = pod,
                      .host = json_text_or_empty(object, "agentHostname"),
                      .agent = json_text_or_empty(object, "agentId"),
                      .state = state_of(*state, containers),
                      .version = version_in(json_text_or_empty(object, "specReference"))};
    task.started = time_in(object, "statusSince").value_or(task.started);
    for (const JsonView& container : containers) {
        for (const JsonView& endpoint : json_elements_of(container, "endpoints")) {
            if (const auto port = endpoint.find("allocatedHostPort")) {
                add_host_port(*port, task);
            }
        }
    }
    return task.state.empty() ? std::nullopt : std::optional(std::move(task));
}

}  // namespace caretaker
