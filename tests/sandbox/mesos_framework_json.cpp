// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_framework_json.hpp"

#include "tests/sandbox/mesos_resource_json.hpp"

#include <fmt/format.h>

namespace caretaker::sandbox {

void write_task_status(Json& json, std::string_view state, std::int64_t ms, const FakeTask& task) {
    json.begin_object().text("state", state).number("timestamp", to_seconds(ms));
    json.begin_object("container_status");
    json.begin_object("container_id").text("value", task.container_id).end_object();
    json.begin_array("network_infos").begin_object().begin_array("ip_addresses");
    json.begin_object().text("protocol", "IPv4").text("ip_address", "127.0.0.1").end_object();
    json.end_array().end_object().end_array().end_object();
    if (state == "TASK_RUNNING" && !task.app.empty()) {
        json.flag("healthy", task.is_healthy);
    }
    json.end_object();
}

namespace {

/// Whether the framework's task shows among those that cannot be reached.
bool is_unreachable(const PlatformState& state, const FakeTask& task) {
    return state.agents[task.agent].state == AgentState::unreachable;
}

}  // namespace

std::string_view shown_state(const PlatformState& state, const FakeTask& task) {
    if (!is_unreachable(state, task)) {
        return task.state;
    }
    return state.frameworks[task.framework].can("PARTITION_AWARE") ? "TASK_UNREACHABLE"
                                                                   : "TASK_LOST";
}

void write_mesos_task(Json& json,
                      const MesosScene& scene,
                      const FakeTask& task,
                      std::string_view state) {
    const FakeAgent& agent = scene.state->agents[task.agent];
    json.begin_object()
        .text("id", task.id)
        .text("name", task.name)
        .text("framework_id", scene.state->frameworks[task.framework].id)
        .text("executor_id", task.executor_id)
        .text("slave_id", agent.id)
        .text("state", state);
    write_summed(json, "resources", resources_of(task, agent), scene.version());
    if (scene.version().since(1, 3)) {
        json.text("role", task.role);
    }
    json.begin_array("statuses");
    if (task.started_ms > 0) {
        write_task_status(json, "TASK_STARTING", task.started_ms - 50, task);
        write_task_status(json, "TASK_RUNNING", task.started_ms, task);
    }
    if (state != "TASK_RUNNING" && state != "TASK_STAGING") {
        write_task_status(json, state, scene.state->now_ms, task);
    }
    json.end_array().end_object();
}

namespace {

void write_executor(Json& json, const MesosScene& scene, const FakeExecutor& executor) {
    json.begin_object()
        .text("executor_id", executor.id)
        .text("name", executor.name)
        .text("framework_id", scene.state->frameworks[executor.framework].id)
        .begin_object("command")
        .text("value", "./run-executor")
        .end_object();
    write_summed(json,
                 "resources",
                 {make_scalar("cpus", executor.cpus),
                  make_scalar("mem", executor.mem),
                  make_scalar("disk", executor.disk)},
                 scene.version());
    json.text("role", executor.role)
        .text("slave_id", scene.state->agents[executor.agent].id)
        .end_object();
}

struct FrameworkSums {
    std::vector<FakeResource> used{};
    std::vector<FakeResource> offered{};
};

FrameworkSums sum_up(const PlatformState& state,
                     std::size_t number,
                     const std::vector<const FakeTask*>& tasks) {
    FrameworkSums sums;
    for (const FakeTask* const task : tasks) {
        if (!is_unreachable(state, *task)) {
            for (FakeResource& resource : resources_of(*task, state.agents[task->agent])) {
                add_resource(sums.used, std::move(resource));
            }
        }
    }
    for (const FakeExecutor& executor : state.executors) {
        if (executor.framework == number) {
            add_resource(sums.used, make_scalar("cpus", executor.cpus));
            add_resource(sums.used, make_scalar("mem", executor.mem));
            add_resource(sums.used, make_scalar("disk", executor.disk));
        }
    }
    for (const FakeOffer& offer : state.offers) {
        if (offer.framework == number) {
            for (const FakeResource& resource : offer.resources) {
                add_resource(sums.offered, resource);
            }
        }
    }
    return sums;
}

void write_head(Json& json,
                const MesosScene& scene,
                const FakeFramework& framework,
                const FrameworkSums& sums) {
    json.begin_object().text("id", framework.id).text("name", framework.name);
    write_summed(json, "used_resources", sums.used, scene.version());
    write_summed(json, "offered_resources", sums.offered, scene.version());
    json.begin_array("capabilities");
    for (const std::string& capability : framework.capabilities) {
        json.text(capability);
    }
    json.end_array()
        .text("hostname", framework.hostname)
        .text("webui_url", framework.webui_url)
        .flag("active", framework.is_active);
    if (scene.version().since(1, 2)) {
        json.flag("connected", framework.is_connected).flag("recovered", false);
    }
}

void write_offers(Json& json, const MesosScene& scene, std::size_t number) {
    const PlatformState& state = *scene.state;
    json.begin_array("offers");
    for (const FakeOffer& offer : state.offers) {
        if (offer.framework == number) {
            json.begin_object()
                .text("id", offer.id)
                .text("framework_id", state.frameworks[number].id)
                .begin_object("allocation_info")
                .text("role", offer.role)
                .end_object()
                .text("slave_id", state.agents[offer.agent].id);
            write_summed(json, "resources", offer.resources, scene.version());
            json.end_object();
        }
    }
    json.end_array();
}

void write_framework(Json& json,
                     const MesosScene& scene,
                     std::size_t number,
                     const std::vector<const FakeTask*>& tasks) {
    const PlatformState& state = *scene.state;
    const FakeFramework& framework = state.frameworks[number];
    const FrameworkSums sums = sum_up(state, number, tasks);
    write_head(json, scene, framework, sums);
    json.text("user", framework.user)
        .number("failover_timeout", framework.failover_timeout)
        .flag("checkpoint", framework.is_checkpointing)
        .number("registered_time", to_seconds(framework.registered_ms))
        .number("unregistered_time", 0);
    if (!framework.principal.empty()) {
        json.text("principal", framework.principal);
    }
    std::vector<FakeResource> both = sums.used;
    both.insert(both.end(), sums.offered.begin(), sums.offered.end());
    write_summed(json, "resources", both, scene.version());
    if (framework.can("MULTI_ROLE") && scene.version().since(1, 2)) {
        json.begin_array("roles");
        for (const std::string& role : framework.roles) {
            json.text(role);
        }
        json.end_array();
    } else {
        json.text("role", framework.roles.front());
    }
    json.begin_array("tasks");
    for (const FakeTask* const task : tasks) {
        if (!is_unreachable(state, *task) && json.is_open()) {
            write_mesos_task(json, scene, *task, task->state);
        }
    }
    json.end_array().begin_array("unreachable_tasks");
    for (const FakeTask* const task : tasks) {
        if (is_unreachable(state, *task)) {
            write_mesos_task(json, scene, *task, shown_state(state, *task));
        }
    }
    json.end_array().begin_array("completed_tasks");
    for (const FakeTask& task : state.completed_tasks) {
        if (task.framework == number) {
            write_mesos_task(json, scene, task, task.state);
        }
    }
    json.end_array();
    write_offers(json, scene, number);
    json.begin_array("executors");
    for (const FakeExecutor& executor : state.executors) {
        if (executor.framework == number) {
            write_executor(json, scene, executor);
        }
    }
    json.end_array();
    if (scene.version().since(1, 11)) {
        json.begin_object("offer_constraints").end_object();
    }
    json.end_object();
}

}  // namespace

void write_framework_head(Json& json,
                          const MesosScene& scene,
                          std::size_t number,
                          const std::vector<const FakeTask*>& tasks) {
    write_head(json, scene, scene.state->frameworks[number], sum_up(*scene.state, number, tasks));
}

std::vector<std::vector<const FakeTask*>> tasks_by_framework(const PlatformState& state) {
    std::vector<std::vector<const FakeTask*>> tasks(state.frameworks.size());
    for (const auto& [id, task] : state.tasks) {
        tasks[task.framework].push_back(&task);
    }
    return tasks;
}

void write_framework_lists(Json& json, const MesosScene& scene, std::string_view only_id) {
    const auto tasks = tasks_by_framework(*scene.state);
    for (const bool is_completed : {false, true}) {
        json.begin_array(is_completed ? "completed_frameworks" : "frameworks");
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const FakeFramework& framework = scene.state->frameworks[i];
            if (scene.leads() && framework.is_completed == is_completed && json.is_open() &&
                (only_id.empty() || framework.id == only_id)) {
                write_framework(json, scene, i, tasks[i]);
            }
        }
        json.end_array();
    }
}

}  // namespace caretaker::sandbox
