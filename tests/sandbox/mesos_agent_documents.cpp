// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_agent_documents.hpp"

#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/mesos_documents.hpp"
#include "tests/sandbox/mesos_framework_json.hpp"
#include "tests/sandbox/mesos_resource_json.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t unit = 1'000;

std::string executor_of(const FakeTask& task) {
    return task.executor_id.empty() ? task.id : task.executor_id;
}

std::string executor_name(const FakeTask& task) {
    return task.executor_id.empty()
               ? fmt::format("Command Executor (Task: {}) (Command: sh -c 'exec run')", task.id)
               : "logstash";
}

/// A command executor's own share comes on top of its task's.
std::vector<FakeResource> executor_resources(const FakeTask& task, const FakeAgent& agent) {
    std::vector<FakeResource> list = resources_of(task, agent);
    for (FakeResource added : {make_scalar("cpus", 100), make_scalar("mem", 32 * unit)}) {
        added.allocated_to = task.role;
        add_resource(list, std::move(added));
    }
    return list;
}

void write_task(Json& json, const PlatformState& state, const FakeTask& task) {
    json.begin_object()
        .text("id", task.id)
        .text("name", task.name)
        .text("framework_id", state.frameworks[task.framework].id)
        .text("executor_id", task.executor_id)
        .text("slave_id", state.agents[task.agent].id)
        .text("state", task.state);
    write_summed(
        json, "resources", resources_of(task, state.agents[task.agent]), state.mesos.version);
    json.text("role", task.role).begin_array("statuses");
    if (task.started_ms > 0) {
        write_task_status(json, "TASK_RUNNING", task.started_ms, task);
    }
    json.end_array().end_object();
}

void write_executor(Json& json, const PlatformState& state, const FakeTask& task, bool is_over) {
    const FakeAgent& agent = state.agents[task.agent];
    json.begin_object()
        .text("id", executor_of(task))
        .text("name", executor_name(task))
        .text("source", task.executor_id.empty() ? task.id : "")
        .text("container", task.container_id)
        .text("directory", sandbox_directory(state, task));
    write_summed(json, "resources", executor_resources(task, agent), state.mesos.version);
    json.text("role", task.role);
    for (const bool completed : {false, true}) {
        json.begin_array(completed ? "completed_tasks" : "tasks");
        if (completed == is_over) {
            write_task(json, state, task);
        }
        json.end_array();
    }
    json.begin_array("queued_tasks").end_array().end_object();
}

using TasksOf = std::map<std::size_t, std::vector<const FakeTask*>>;  // by framework

void write_framework(Json& json,
                     const PlatformState& state,
                     std::size_t number,
                     const std::vector<const FakeTask*>& running,
                     const std::vector<const FakeTask*>& over) {
    const FakeFramework& framework = state.frameworks[number];
    json.begin_object()
        .text("id", framework.id)
        .text("name", framework.name)
        .text("user", framework.user)
        .number("failover_timeout", framework.failover_timeout)
        .flag("checkpoint", framework.is_checkpointing)
        .text("hostname", framework.hostname);
    if (framework.can("MULTI_ROLE")) {
        json.begin_array("roles");
        for (const std::string& role : framework.roles) {
            json.text(role);
        }
        json.end_array();
    } else {
        json.text("role", framework.roles.front());
    }
    json.begin_array("executors");
    for (const FakeTask* const task : running) {
        write_executor(json, state, *task, false);
    }
    json.end_array().begin_array("completed_executors");
    for (const FakeTask* const task : over) {
        write_executor(json, state, *task, true);
    }
    json.end_array().end_object();
}

void write_frameworks(Json& json, const PlatformState& state, std::size_t number) {
    TasksOf running;
    TasksOf over;
    for (const std::string& id : state.agents[number].tasks) {
        const FakeTask& task = state.tasks.at(id);
        running[task.framework].push_back(&task);
    }
    for (const FakeTask& task : state.completed_tasks) {
        if (task.agent == number) {
            over[task.framework].push_back(&task);
        }
    }
    for (const bool is_completed : {false, true}) {
        json.begin_array(is_completed ? "completed_frameworks" : "frameworks");
        for (std::size_t i = 0; i < state.frameworks.size(); ++i) {
            const bool has_any = running.contains(i) || over.contains(i);
            if (has_any && running.contains(i) != is_completed) {
                write_framework(json, state, i, running[i], over[i]);
            }
        }
        json.end_array();
    }
}

void write_allocated(Json& json, const PlatformState& state, std::size_t number) {
    const auto used = PlatformIndex(state).used_on(number);
    json.begin_object("reserved_resources_allocated");
    for (const auto& [role, list] : by_role(used)) {
        write_summed(json, role, list, state.mesos.version);
    }
    json.end_object();
    write_summed(json, "unreserved_resources_allocated", unreserved(used), state.mesos.version);
}

}  // namespace

std::string sandbox_directory(const PlatformState& state, const FakeTask& task) {
    return fmt::format("{}/slaves/{}/frameworks/{}/executors/{}/runs/{}",
                       state.mesos.agent_work_dir,
                       state.agents[task.agent].id,
                       state.frameworks[task.framework].id,
                       executor_of(task),
                       task.container_id);
}

void write_agent_state(Json& json, const PlatformState& state, std::size_t number) {
    const FakeAgent& agent = state.agents[number];
    const MesosVersion& version = state.mesos.version;
    const std::string pid = fmt::format("slave(1)@{}:{}", agent.ip, agent.port);
    json.begin_object();
    write_build(json, version);
    json.number("start_time", to_seconds(agent.registered_ms))
        .text("id", agent.id)
        .text("pid", pid)
        .text("hostname", agent.hostname);
    if (version.since(1, 3)) {
        json.begin_array("capabilities");
        for (const std::string_view capability : agent_capabilities(version)) {
            json.text(capability);
        }
        json.end_array();
    }
    write_domain(json, agent.region, agent.zone);
    write_summed(json, "resources", agent.total, version);
    if (version.since(1, 0)) {
        json.begin_object("reserved_resources");
        for (const auto& [role, list] : by_role(agent.total)) {
            write_summed(json, role, list, version);
        }
        json.end_object();
        write_summed(json, "unreserved_resources", unreserved(agent.total), version);
        const ReservationForm form = agent_form(version);
        json.begin_object("reserved_resources_full");
        for (const auto& [role, list] : by_role(agent.total)) {
            write_typed_list(json.key(role), list, form);
        }
        json.end_object();
        write_typed_list(json.key("unreserved_resources_full"), unreserved(agent.total), form);
        write_allocated(json, state, number);
        json.begin_array("resource_providers").end_array();
    }
    write_attributes(json, agent.attributes);
    json.text("master_hostname", "localhost")
        .texts("flags",
               {{"work_dir", state.mesos.agent_work_dir},
                {"gc_delay", "1weeks"},
                {"gc_disk_headroom", "0.1"},
                {"executor_shutdown_grace_period", "5secs"},
                {"hostname", agent.hostname}});
    write_frameworks(json, state, number);
    json.end_object();
}

void write_agent_statistics(Json& json,
                            const PlatformState& state,
                            std::size_t number,
                            bool with_containers) {
    const FakeAgent& agent = state.agents[number];
    json.begin_array();
    for (const std::string& id : agent.tasks) {
        const FakeTask& task = state.tasks.at(id);
        json.begin_object();
        if (with_containers) {
            json.text("container_id", task.container_id);
        }
        const double seconds = task.started_ms > 0 ? to_seconds(state.now_ms - task.started_ms) : 0;
        const double cpus = to_seconds(task.amounts.cpus);
        const std::int64_t memory = task.amounts.mem / unit * 1024 * 1024;
        json.text("executor_id", executor_of(task))
            .text("executor_name", executor_name(task))
            .text("framework_id", state.frameworks[task.framework].id)
            .text("source", task.executor_id.empty() ? task.id : "")
            .begin_object("statistics")
            .number("cpus_limit", cpus + 0.1)
            .number("cpus_system_time_secs", seconds * cpus * 0.05)
            .number("cpus_user_time_secs", seconds * cpus * 0.4)
            .integer("mem_limit_bytes", memory + 33'554'432)
            .integer("mem_rss_bytes", memory / 2)
            .number("timestamp", to_seconds(state.now_ms))
            .end_object();
        if (with_containers) {
            json.begin_object("status")
                .begin_object("container_id")
                .text("value", task.container_id)
                .end_object()
                .end_object();
        }
        json.end_object();
    }
    json.end_array();
}

ServedAnswer answer_mesos_agent(const std::shared_ptr<const PlatformState>& state,
                                std::size_t agent,
                                const HttpRequest& request) {
    const RequestTarget target = parse_request_target(request.url);
    std::string path;
    for (const std::string& segment : target.segments) {
        if (segment != "slave(1)") {
            path += "/" + segment;
        }
    }
    const bool has_points = state->mesos.version.since(1, 0);
    if (path.ends_with(".json") && !state->mesos.version.since(1, 9)) {
        path.resize(path.size() - std::string_view(".json").size());
    } else if (path == "/state" && !state->mesos.version.since(0, 25)) {
        return text_answer(404, "404 Not Found.");
    }
    if (path == "/state") {
        return document_answer(
            [state, agent](Json& json) { write_agent_state(json, *state, agent); }, has_points);
    }
    const bool is_containers = path == "/containers";
    if (path == "/monitor/statistics" || (is_containers && state->mesos.version.since(1, 0))) {
        return document_answer(
            [state, agent, is_containers](Json& json) {
                write_agent_statistics(json, *state, agent, is_containers);
            },
            has_points);
    }
    if (path == "/health") {
        return {};
    }
    if (path == "/version") {
        return document_answer([state](Json& json) {
            json.begin_object().text("version", state->mesos.version.text()).end_object();
        });
    }
    return text_answer(404, "404 Not Found.");
}

}  // namespace caretaker::sandbox
