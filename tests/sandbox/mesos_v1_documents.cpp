// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_v1_documents.hpp"

#include "tests/sandbox/mesos_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace caretaker::sandbox {

namespace {

using Writer = void (*)(Json&, const MesosScene&);

void write_id(Json& json, std::string_view name, std::string_view id) {
    json.begin_object(name).text("value", id).end_object();
}

void write_time(Json& json, std::string_view name, std::int64_t ms) {
    json.begin_object(name).integer("nanoseconds", ms * 1'000'000).end_object();
}

/// Agents do not say "*" of their own resources.
void write_plain_list(Json& json, std::string_view name, const std::vector<FakeResource>& list) {
    if (!list.empty()) {
        write_typed_list(json.key(name), list, ReservationForm::stack_only);
    }
}

void write_agent_list(Json& json,
                      std::string_view name,
                      const MesosScene& scene,
                      const std::vector<FakeResource>& list) {
    if (!list.empty()) {
        write_typed_list(json.key(name), list, agent_form(scene.version()));
    }
}

void write_agent_info(Json& json, const MesosScene& scene, const FakeAgent& agent) {
    json.begin_object("agent_info").text("hostname", agent.hostname).integer("port", agent.port);
    write_plain_list(json, "resources", visible_total(*scene.state, agent));
    if (!agent.attributes.empty()) {
        write_typed_attributes(json, agent.attributes);
    }
    write_id(json, "id", agent.id);
    write_domain(json, agent.region, agent.zone);
    json.flag("checkpoint", true).end_object();
}

void write_agent(Json& json,
                 const MesosScene& scene,
                 const PlatformIndex& index,
                 std::size_t number) {
    const FakeAgent& agent = scene.state->agents[number];
    json.begin_object();
    write_agent_info(json, scene, agent);
    json.flag("active", agent.state == AgentState::active);
    if (scene.version().since(1, 9)) {
        json.flag("deactivated",
                  agent.state != AgentState::active && agent.state != AgentState::disconnected);
    }
    json.text("version", scene.version().text())
        .text("pid", fmt::format("slave(1)@{}:{}", agent.ip, agent.port));
    write_time(json, "registered_time", agent.registered_ms);
    write_agent_list(json, "total_resources", scene, visible_total(*scene.state, agent));
    write_agent_list(json, "allocated_resources", scene, index.used_on(number));
    write_agent_list(json, "offered_resources", scene, index.offered_on(number));
    json.begin_array("capabilities");
    for (const std::string_view capability : agent_capabilities(scene.version())) {
        json.begin_object().text("type", capability).end_object();
    }
    json.end_array();
    if (agent.state == AgentState::draining || agent.state == AgentState::drained) {
        json.begin_object("drain_info")
            .text("state", agent.state == AgentState::draining ? "DRAINING" : "DRAINED")
            .begin_object("config")
            .flag("mark_gone", false)
            .end_object()
            .end_object();
        write_time(json, "estimated_drain_start_time", agent.drain_started_ms);
    }
    json.end_object();
}

void write_agents(Json& json, const MesosScene& scene) {
    const PlatformIndex index(*scene.state);
    json.begin_array("agents");
    for (std::size_t i = 0; i < scene.state->agents.size() && json.is_open(); ++i) {
        if (scene.state->agents[i].is_listed()) {
            write_agent(json, scene, index, i);
        }
    }
    json.end_array();
    json.begin_array("recovered_agents");
    for (const FakeAgent& agent : scene.state->agents) {
        if (agent.state == AgentState::recovered) {
            json.begin_object();
            write_agent_info(json, scene, agent);
            json.end_object();
        }
    }
    json.end_array();
}

void write_task(Json& json, const MesosScene& scene, const FakeTask& task, std::string_view state) {
    const FakeAgent& agent = scene.state->agents[task.agent];
    json.begin_object().text("name", task.name);
    write_id(json, "task_id", task.id);
    write_id(json, "framework_id", scene.state->frameworks[task.framework].id);
    if (!task.executor_id.empty()) {
        write_id(json, "executor_id", task.executor_id);
    }
    write_id(json, "agent_id", agent.id);
    json.text("state", state);
    write_plain_list(json, "resources", resources_of(task, agent));
    if (task.started_ms > 0) {
        json.begin_array("statuses").begin_object();
        write_id(json, "task_id", task.id);
        json.text("state", "TASK_RUNNING").text("source", "SOURCE_EXECUTOR");
        write_id(json, "agent_id", agent.id);
        json.number("timestamp", to_seconds(task.started_ms));
        if (!task.app.empty()) {
            json.flag("healthy", task.is_healthy);
        }
        json.end_object().end_array();
    }
    json.text("status_update_state", state).end_object();
}

void write_tasks_of(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    for (const bool wanted : {false, true}) {
        bool has_begun = false;
        for (const auto& [id, task] : state.tasks) {
            const bool is_unreachable = state.agents[task.agent].state == AgentState::unreachable;
            if (is_unreachable != wanted || !json.is_open()) {
                continue;
            }
            if (!has_begun) {
                json.begin_array(wanted ? "unreachable_tasks" : "tasks");
                has_begun = true;
            }
            const bool is_aware = state.frameworks[task.framework].can("PARTITION_AWARE");
            write_task(json,
                       scene,
                       task,
                       !wanted    ? std::string_view(task.state)
                       : is_aware ? "TASK_UNREACHABLE"
                                  : "TASK_LOST");
        }
        if (has_begun) {
            json.end_array();
        }
    }
    if (!state.completed_tasks.empty()) {
        json.begin_array("completed_tasks");
        for (const FakeTask& task : state.completed_tasks) {
            write_task(json, scene, task, task.state);
        }
        json.end_array();
    }
}

void write_framework(Json& json, const MesosScene& scene, std::size_t number) {
    const PlatformState& state = *scene.state;
    const FakeFramework& framework = state.frameworks[number];
    json.begin_object()
        .begin_object("framework_info")
        .text("user", framework.user)
        .text("name", framework.name);
    write_id(json, "id", framework.id);
    json.number("failover_timeout", framework.failover_timeout)
        .flag("checkpoint", framework.is_checkpointing);
    if (framework.can("MULTI_ROLE")) {
        json.begin_array("roles");
        for (const std::string& role : framework.roles) {
            json.text(role);
        }
        json.end_array();
    } else {
        json.text("role", framework.roles.front());
    }
    json.text("hostname", framework.hostname);
    if (!framework.principal.empty()) {
        json.text("principal", framework.principal);
    }
    if (!framework.capabilities.empty()) {
        json.begin_array("capabilities");
        for (const std::string& capability : framework.capabilities) {
            json.begin_object().text("type", capability).end_object();
        }
        json.end_array();
    }
    json.end_object()
        .flag("active", framework.is_active)
        .flag("connected", framework.is_connected)
        .flag("recovered", false);
    write_time(json, "registered_time", framework.registered_ms);
    const auto is_own = [&](const FakeOffer& offer) { return offer.framework == number; };
    if (std::ranges::any_of(state.offers, is_own)) {
        json.begin_array("offers");
        for (const FakeOffer& offer : state.offers) {
            if (is_own(offer)) {
                write_v1_offer(json, state, offer);
            }
        }
        json.end_array();
    }
    json.end_object();
}

void write_frameworks_of(Json& json, const MesosScene& scene) {
    for (const bool is_completed : {false, true}) {
        const auto wanted = [&](const FakeFramework& framework) {
            return framework.is_completed == is_completed;
        };
        if (std::ranges::none_of(scene.state->frameworks, wanted)) {
            continue;
        }
        json.begin_array(is_completed ? "completed_frameworks" : "frameworks");
        for (std::size_t i = 0; i < scene.state->frameworks.size(); ++i) {
            if (wanted(scene.state->frameworks[i])) {
                write_framework(json, scene, i);
            }
        }
        json.end_array();
    }
}

void write_executors_of(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    if (state.executors.empty()) {
        return;
    }
    json.begin_array("executors");
    for (const FakeExecutor& executor : state.executors) {
        json.begin_object().begin_object("executor_info");
        write_id(json, "executor_id", executor.id);
        write_id(json, "framework_id", state.frameworks[executor.framework].id);
        std::vector<FakeResource> list{make_scalar("cpus", executor.cpus),
                                       make_scalar("mem", executor.mem)};
        for (FakeResource& resource : list) {
            resource.allocated_to = executor.role;
            if (!executor.from_role.empty()) {
                resource.reservations = {{.role = executor.from_role}};
            }
        }
        write_plain_list(json, "resources", list);
        json.text("name", executor.name).end_object();
        write_id(json, "agent_id", state.agents[executor.agent].id);
        json.end_object();
    }
    json.end_array();
}

void write_state_of(Json& json, const MesosScene& scene) {
    const auto write_part = [&](std::string_view name, Writer write) {
        json.begin_object(name);
        write(json, scene);
        json.end_object();
    };
    write_part("get_tasks", write_tasks_of);
    write_part("get_executors", write_executors_of);
    write_part("get_frameworks", write_frameworks_of);
    write_part("get_agents", write_agents);
}

void write_master_of(Json& json, const MesosScene& scene) {
    json.key("master_info");
    write_master_info(json, scene);
    json.number("start_time", to_seconds(scene.state->mesos.started_ms))
        .number("elected_time", to_seconds(scene.state->mesos.elected_ms));
}

void write_flags_of(Json& json, const MesosScene& scene) {
    json.begin_array("flags");
    for (const auto& [name, value] : master_flags(scene)) {
        json.begin_object().text("name", name).text("value", value).end_object();
    }
    json.end_array();
}

void write_metrics_of(Json& json, const MesosScene& scene) {
    json.begin_array("metrics");
    for (const auto& [name, value] : master_metrics(scene)) {
        json.begin_object().text("name", name).number("value", value).end_object();
    }
    json.end_array();
}

void write_quota_of(Json& json, const MesosScene& scene) {
    json.key("status");
    write_quota(json, scene);
}

struct V1Call {
    std::string_view type{};
    Writer write = nullptr;  // the members of its object
};

void write_members(Json& json, const std::function<void(Json&)>& whole, std::string_view name) {
    json.key(name);
    whole(json);
}

constexpr std::array calls{
    V1Call{"GET_AGENTS", write_agents},
    V1Call{"GET_TASKS", write_tasks_of},
    V1Call{"GET_FRAMEWORKS", write_frameworks_of},
    V1Call{"GET_EXECUTORS", write_executors_of},
    V1Call{"GET_STATE", write_state_of},
    V1Call{"GET_MASTER", write_master_of},
    V1Call{"GET_FLAGS", write_flags_of},
    V1Call{"GET_METRICS", write_metrics_of},
    V1Call{"GET_QUOTA", write_quota_of},
    V1Call{"GET_OPERATIONS", [](Json&, const MesosScene&) {}},
    V1Call{"GET_HEALTH", [](Json& json, const MesosScene&) { json.flag("healthy", true); }},
    V1Call{"GET_LOGGING_LEVEL", [](Json& json, const MesosScene&) { json.integer("level", 0); }},
    V1Call{"GET_VERSION",
           [](Json& json, const MesosScene& scene) {
               write_members(
                   json, [&](Json& inner) { write_version(inner, scene); }, "version_info");
           }},
    V1Call{
        "GET_MAINTENANCE_SCHEDULE",
        [](Json& json, const MesosScene& scene) {
            write_members(
                json, [&](Json& inner) { write_maintenance_schedule(inner, scene); }, "schedule");
        }},
    V1Call{"GET_MAINTENANCE_STATUS",
           [](Json& json, const MesosScene& scene) {
               write_members(
                   json, [&](Json& inner) { write_maintenance_status(inner, scene); }, "status");
           }},
};

}  // namespace

void write_v1(Json& json,
              std::string_view type,
              const std::function<void(Json&)>& write_members_of) {
    std::string name(type);
    std::ranges::transform(
        name, name.begin(), [](unsigned char letter) { return std::tolower(letter); });
    json.begin_object().text("type", type).begin_object(name);
    write_members_of(json);
    json.end_object().end_object();
}

std::function<void(Json&, const MesosScene&)> find_v1_call(std::string_view type) {
    if (type == "GET_ROLES") {
        return [](Json& json, const MesosScene& scene) {
            json.begin_object().text("type", "GET_ROLES").key("get_roles");
            write_v1_roles(json, scene);
            json.end_object();
        };
    }
    if (type == "GET_WEIGHTS") {
        return [](Json& json, const MesosScene& scene) {
            json.begin_object().text("type", "GET_WEIGHTS");
            if (!scene.state->mesos.weights.empty()) {
                json.begin_object("get_weights").key("weight_infos");
                write_weights(json, scene);
                json.end_object();
            }
            json.end_object();
        };
    }
    const auto* const found = std::ranges::find(calls, type, &V1Call::type);
    if (found == calls.end()) {
        return {};
    }
    return [call = *found](Json& json, const MesosScene& scene) {
        write_v1(json, call.type, [&](Json& members) { call.write(members, scene); });
    };
}

void write_v1_offer(Json& json, const PlatformState& state, const FakeOffer& offer) {
    const FakeAgent& agent = state.agents[offer.agent];
    json.begin_object();
    write_id(json, "id", offer.id);
    write_id(json, "framework_id", state.frameworks[offer.framework].id);
    write_id(json, "agent_id", agent.id);
    json.text("hostname", agent.hostname)
        .begin_object("url")
        .text("scheme", "http")
        .begin_object("address")
        .text("hostname", agent.hostname)
        .text("ip", agent.ip)
        .integer("port", agent.port)
        .end_object()
        .text("path", "/slave(1)")
        .end_object();
    write_domain(json, agent.region, agent.zone);
    const FakeFramework& framework = state.frameworks[offer.framework];
    write_typed_list(json.key("resources"),
                     offer.resources,
                     framework.can("RESERVATION_REFINEMENT") ? ReservationForm::stack_only
                                                             : ReservationForm::role_only);
    if (!agent.attributes.empty()) {
        write_typed_attributes(json, agent.attributes);
    }
    for (const FakeWindow& window : state.mesos.windows) {
        const bool is_in = std::ranges::any_of(window.machines, [&](const FakeMachine& machine) {
            return machine.hostname == agent.hostname;
        });
        if (is_in) {
            json.begin_object("unavailability")
                .begin_object("start")
                .integer("nanoseconds", window.start_ns)
                .end_object();
            if (window.duration_ns) {
                json.begin_object("duration")
                    .integer("nanoseconds", *window.duration_ns)
                    .end_object();
            }
            json.end_object();
            break;
        }
    }
    json.begin_object("allocation_info").text("role", offer.role).end_object().end_object();
}

void write_master_info(Json& json, const MesosScene& scene) {
    const std::string& address = scene.masters[scene.master];
    const std::size_t colon = address.rfind(':');
    const std::string host = address.substr(0, colon);
    const std::int64_t port = std::stoll(address.substr(colon + 1));
    json.begin_object()
        .text("id", scene.state->mesos.master_id)
        .integer("ip", 16'777'343)  // 127.0.0.1, little endian
        .integer("port", port)
        .text("pid", fmt::format("master@{}", address))
        .text("hostname", host)
        .text("version", scene.version().text());
    json.begin_object("address")
        .text("hostname", host)
        .text("ip", "127.0.0.1")
        .integer("port", port)
        .end_object();
    write_domain(json, scene.state->mesos.region, scene.state->mesos.zone);
    json.begin_array("capabilities");
    for (const std::string_view name : {"AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"}) {
        json.begin_object().text("type", name).end_object();
    }
    json.end_array().end_object();
}

}  // namespace caretaker::sandbox
