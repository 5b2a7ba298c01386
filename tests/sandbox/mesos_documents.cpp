// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_documents.hpp"

#include "tests/sandbox/mesos_resource_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace caretaker::sandbox {

namespace {

constexpr std::array<std::string_view, 10> counted_states{"TASK_STAGING",
                                                          "TASK_STARTING",
                                                          "TASK_RUNNING",
                                                          "TASK_KILLING",
                                                          "TASK_FINISHED",
                                                          "TASK_KILLED",
                                                          "TASK_FAILED",
                                                          "TASK_LOST",
                                                          "TASK_ERROR",
                                                          "TASK_UNREACHABLE"};

void write_drain(Json& json, const FakeAgent& agent) {
    if (agent.state != AgentState::draining && agent.state != AgentState::drained) {
        return;
    }
    json.begin_object("drain_info")
        .text("state", agent.state == AgentState::draining ? "DRAINING" : "DRAINED");
    json.begin_object("config").flag("mark_gone", false).end_object().end_object();
    json.number("estimated_drain_start_time_seconds", to_seconds(agent.drain_started_ms));
}

void write_agent_sums(Json& json,
                      const MesosScene& scene,
                      const FakeAgent& agent,
                      const std::vector<FakeResource>& used,
                      const std::vector<FakeResource>& offered) {
    const MesosVersion& version = scene.version();
    write_summed(json, "resources", agent.total, version);
    if (!version.since(0, 23)) {
        return;
    }
    write_summed(json, "used_resources", used, version);
    write_summed(json, "offered_resources", offered, version);
    json.begin_object("reserved_resources");
    for (const auto& [role, list] : by_role(visible_total(*scene.state, agent))) {
        write_summed(json, role, list, version);
    }
    json.end_object();
    write_summed(json, "unreserved_resources", unreserved(agent.total), version);
}

void write_agent_lists(Json& json,
                       const MesosScene& scene,
                       const FakeAgent& agent,
                       const std::vector<FakeResource>& used,
                       const std::vector<FakeResource>& offered) {
    const MesosVersion& version = scene.version();
    if (!version.since(0, 28)) {
        return;
    }
    const ReservationForm form = agent_form(version);
    json.begin_object("reserved_resources_full");
    for (const auto& [role, list] : by_role(visible_total(*scene.state, agent))) {
        write_typed_list(json.key(role), list, form);
    }
    json.end_object();
    if (version.since(1, 4)) {
        write_typed_list(json.key("unreserved_resources_full"), unreserved(agent.total), form);
    }
    write_typed_list(json.key("used_resources_full"), used, form);
    write_typed_list(json.key("offered_resources_full"), offered, form);
}

enum class AgentDetail { summary, state, slaves };

/// Everything of an agent but the end of its object.
void write_agent(Json& json,
                 const MesosScene& scene,
                 const PlatformIndex& index,
                 std::size_t number,
                 AgentDetail detail) {
    const MesosVersion& version = scene.version();
    const FakeAgent& agent = scene.state->agents[number];
    json.begin_object().text("id", agent.id).text("hostname", agent.hostname);
    if (version.since(1, 2)) {
        json.number("port", agent.port);
    }
    write_attributes(json, agent.attributes);
    if (version.since(1, 4)) {
        write_domain(json, agent.region, agent.zone);
    }
    json.text("pid", fmt::format("slave(1)@{}:{}", agent.ip, agent.port))
        .number("registered_time", to_seconds(agent.registered_ms));
    const auto used = index.used_on(number);
    const auto offered = index.offered_on(number);
    write_agent_sums(json, scene, agent, used, offered);
    if (version.since(0, 22)) {
        json.flag("active", agent.state == AgentState::active);
    }
    if (version.since(1, 9)) {
        json.flag("deactivated",
                  agent.state != AgentState::active && agent.state != AgentState::disconnected);
    }
    if (version.since(0, 26)) {
        json.text("version", version.text());
    }
    if (version.since(1, 3)) {
        json.begin_array("capabilities");
        for (const std::string_view capability : agent_capabilities(version)) {
            json.text(capability);
        }
        json.end_array();
    }
    if (version.since(1, 9)) {
        write_drain(json, agent);
    }
    if (detail == AgentDetail::slaves) {
        write_agent_lists(json, scene, agent, used, offered);
    }
}

void write_recovered(Json& json, const MesosScene& scene) {
    if (!scene.version().since(1, 2)) {
        return;
    }
    json.begin_array("recovered_slaves");
    for (const FakeAgent& agent : scene.state->agents) {
        if (scene.leads() && agent.state == AgentState::recovered) {
            json.begin_object()
                .text("id", agent.id)
                .text("hostname", agent.hostname)
                .number("port", agent.port);
            write_attributes(json, agent.attributes);
            json.end_object();
        }
    }
    json.end_array();
}

void write_status(Json& json, std::string_view state, std::int64_t ms, const FakeTask& task) {
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

void write_task(Json& json, const MesosScene& scene, const FakeTask& task, std::string_view state) {
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
        write_status(json, "TASK_STARTING", task.started_ms - 50, task);
        write_status(json, "TASK_RUNNING", task.started_ms, task);
    }
    if (state != "TASK_RUNNING" && state != "TASK_STAGING") {
        write_status(json, state, scene.state->now_ms, task);
    }
    json.end_array().end_object();
}

/// Whether the framework's task shows among those that cannot be reached.
bool is_unreachable(const PlatformState& state, const FakeTask& task) {
    return state.agents[task.agent].state == AgentState::unreachable;
}

std::string_view unreachable_state(const FakeFramework& framework) {
    return framework.can("PARTITION_AWARE") ? "TASK_UNREACHABLE" : "TASK_LOST";
}

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
                 {make_scalar("cpus", executor.cpus), make_scalar("mem", executor.mem)},
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

void write_framework_head(Json& json,
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
    write_framework_head(json, scene, framework, sums);
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
            write_task(json, scene, *task, task->state);
        }
    }
    json.end_array().begin_array("unreachable_tasks");
    for (const FakeTask* const task : tasks) {
        if (is_unreachable(state, *task)) {
            write_task(json, scene, *task, unreachable_state(framework));
        }
    }
    json.end_array().begin_array("completed_tasks");
    for (const FakeTask& task : state.completed_tasks) {
        if (task.framework == number) {
            write_task(json, scene, task, task.state);
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
    json.end_array().end_object();
}

/// Their tasks by framework.
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

void write_build(Json& json, const MesosScene& scene) {
    json.text("version", scene.version().text())
        .text("git_sha", "0000000000000000000000000000000000000000")
        .text("build_date", "2020-11-24 18:55:58")
        .number("build_time", 1606244158)
        .text("build_user", "sandbox");
}

std::string master_pid(const MesosScene& scene, std::size_t master) {
    return fmt::format("master@{}", scene.masters[master]);
}

std::string_view host_of(std::string_view address) {
    return address.substr(0, address.rfind(':'));
}

double port_of(std::string_view address) {
    return std::stod(std::string(address.substr(address.rfind(':') + 1)));
}

void write_leader(Json& json, const MesosScene& scene) {
    const auto& leader = scene.state->mesos.leader;
    if (!leader) {
        return;
    }
    const std::string pid = master_pid(scene, *leader);
    json.text("leader", pid);
    if (scene.version().since(1, 1)) {
        const std::string& address = scene.masters[*leader];
        json.begin_object("leader_info")
            .text("id", scene.state->mesos.master_id)
            .text("pid", pid)
            .number("port", port_of(address))
            .text("hostname", host_of(address));
        if (scene.version().since(1, 4)) {
            write_domain(json, scene.state->mesos.region, scene.state->mesos.zone);
        }
        json.end_object();
    }
}

std::size_t count_agents(const PlatformState& state, AgentState wanted) {
    return static_cast<std::size_t>(std::ranges::count(state.agents, wanted, &FakeAgent::state));
}

}  // namespace

double to_seconds(std::int64_t ms) {
    return static_cast<double>(ms) / 1'000.0;
}

std::vector<std::string_view> agent_capabilities(const MesosVersion& version) {
    std::vector<std::string_view> names{"MULTI_ROLE"};
    if (version.since(1, 4)) {
        names.insert(names.end(), {"HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT"});
    }
    if (version.since(1, 9)) {
        names.insert(names.end(), {"AGENT_OPERATION_FEEDBACK", "AGENT_DRAINING"});
    }
    return names;
}

std::vector<FakeResource> visible_total(const PlatformState& state, const FakeAgent& agent) {
    std::vector<FakeResource> list = agent.total;
    std::erase_if(list, [&](const FakeResource& resource) {
        return std::ranges::find(state.mesos.hidden_roles, resource.role()) !=
               state.mesos.hidden_roles.end();
    });
    return list;
}

std::map<std::string, std::size_t> count_task_states(const PlatformState& state) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [id, task] : state.tasks) {
        ++counts[is_unreachable(state, task)
                     ? std::string(unreachable_state(state.frameworks[task.framework]))
                     : task.state];
    }
    for (const FakeTask& task : state.completed_tasks) {
        ++counts[task.state];
    }
    return counts;
}

std::map<std::string, std::string> master_flags(const MesosScene& scene) {
    std::map<std::string, std::string> flags{{"agent_ping_timeout", "15secs"},
                                             {"agent_reregister_timeout", "10mins"},
                                             {"allocation_interval", "1secs"},
                                             {"authenticate_http_readonly", "false"},
                                             {"authenticate_http_readwrite", "false"},
                                             {"cluster", scene.state->mesos.cluster},
                                             {"filter_gpu_resources", "true"},
                                             {"hostname", "localhost"},
                                             {"max_agent_ping_timeouts", "5"},
                                             {"min_allocatable_resources", "cpus:0.01|mem:32"},
                                             {"quorum", "2"},
                                             {"registry", "replicated_log"},
                                             {"work_dir", "/var/lib/mesos"}};
    for (const auto& [name, value] : scene.state->mesos.flags) {
        flags[name] = value;
    }
    return flags;
}

void write_slaves(Json& json, const MesosScene& scene, std::string_view only_id) {
    const PlatformIndex index(*scene.state);
    json.begin_object().begin_array("slaves");
    for (std::size_t i = 0; i < scene.state->agents.size() && scene.leads(); ++i) {
        const FakeAgent& agent = scene.state->agents[i];
        if (agent.is_listed() && (only_id.empty() || agent.id == only_id) && json.is_open()) {
            write_agent(json, scene, index, i, AgentDetail::slaves);
            json.end_object();
        }
    }
    json.end_array();
    write_recovered(json, scene);
    json.end_object();
}

void write_state(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    const MesosVersion& version = scene.version();
    json.begin_object();
    write_build(json, scene);
    json.number("start_time", to_seconds(state.mesos.started_ms));
    if (scene.leads()) {
        json.number("elected_time", to_seconds(state.mesos.elected_ms));
    }
    json.text("id", state.mesos.master_id)
        .text("pid", master_pid(scene, scene.master))
        .text("hostname", host_of(scene.masters[scene.master]));
    if (version.since(1, 9)) {
        json.begin_array("capabilities");
        for (const std::string_view name : {"AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"}) {
            json.text(name);
        }
        json.end_array();
    }
    const auto listed = static_cast<std::size_t>(
        std::ranges::count_if(state.agents, [](const auto& agent) { return agent.is_listed(); }));
    const std::size_t active = count_agents(state, AgentState::active);
    json.number("activated_slaves", scene.leads() ? static_cast<double>(active) : 0)
        .number("deactivated_slaves", scene.leads() ? static_cast<double>(listed - active) : 0);
    if (version.since(1, 2)) {
        json.number("unreachable_slaves",
                    static_cast<double>(count_agents(state, AgentState::unreachable)));
    }
    if (version.since(1, 4)) {
        write_domain(json, state.mesos.region, state.mesos.zone);
    }
    write_leader(json, scene);
    json.text("cluster", state.mesos.cluster).texts("flags", master_flags(scene));
    const PlatformIndex index(state);
    json.begin_array("slaves");
    for (std::size_t i = 0; i < state.agents.size() && scene.leads() && json.is_open(); ++i) {
        if (state.agents[i].is_listed()) {
            write_agent(json, scene, index, i, AgentDetail::state);
            json.end_object();
        }
    }
    json.end_array();
    write_recovered(json, scene);
    write_framework_lists(json, scene, {});
    json.begin_array("orphan_tasks").end_array();
    json.begin_array("unregistered_frameworks").end_array().end_object();
}

namespace {

void write_counters(Json& json, const std::map<std::string, std::size_t>& counts) {
    for (const std::string_view state : counted_states) {
        const auto found = counts.find(std::string(state));
        json.integer(state, found == counts.end() ? 0 : static_cast<std::int64_t>(found->second));
    }
}

/// Counters and neighbours of agents or frameworks.
struct SummaryCounts {
    std::map<std::string, std::size_t> states{};
    std::set<std::string> others{};
};

}  // namespace

void write_state_summary(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    std::vector<SummaryCounts> of_agents(state.agents.size());
    std::vector<SummaryCounts> of_frameworks(state.frameworks.size());
    for (const auto& [id, task] : state.tasks) {
        const std::string shown =
            is_unreachable(state, task)
                ? std::string(unreachable_state(state.frameworks[task.framework]))
                : task.state;
        ++of_agents[task.agent].states[shown];
        ++of_frameworks[task.framework].states[shown];
        of_agents[task.agent].others.insert(state.frameworks[task.framework].id);
        of_frameworks[task.framework].others.insert(state.agents[task.agent].id);
    }
    const PlatformIndex index(state);
    const auto tasks = tasks_by_framework(state);
    json.begin_object()
        .text("hostname", host_of(scene.masters[scene.master]))
        .text("cluster", state.mesos.cluster)
        .begin_array("slaves");
    const auto write_counts = [&](const SummaryCounts& counts, std::string_view name) {
        write_counters(json, counts.states);
        json.begin_array(name);
        for (const std::string& id : counts.others) {
            json.text(id);
        }
        json.end_array().end_object();
    };
    for (std::size_t i = 0; i < state.agents.size() && scene.leads() && json.is_open(); ++i) {
        if (state.agents[i].is_listed()) {
            write_agent(json, scene, index, i, AgentDetail::summary);
            write_counts(of_agents[i], "framework_ids");
        }
    }
    json.end_array().begin_array("frameworks");
    for (std::size_t i = 0; i < state.frameworks.size() && scene.leads(); ++i) {
        if (!state.frameworks[i].is_completed) {
            write_framework_head(json, scene, state.frameworks[i], sum_up(state, i, tasks[i]));
            write_counts(of_frameworks[i], "slave_ids");
        }
    }
    json.end_array().end_object();
}

void write_frameworks(Json& json, const MesosScene& scene, std::string_view only_id) {
    json.begin_object();
    write_framework_lists(json, scene, only_id);
    json.begin_array("unregistered_frameworks").end_array().end_object();
}

void write_tasks(Json& json, const MesosScene& scene, const TaskListing& listing) {
    const PlatformState& state = *scene.state;
    std::vector<const FakeTask*> tasks;
    const auto take = [&](const FakeTask& task) {
        if ((listing.task_id.empty() || task.id == listing.task_id) &&
            (listing.framework_id.empty() ||
             state.frameworks[task.framework].id == listing.framework_id)) {
            tasks.push_back(&task);
        }
    };
    for (const auto& [id, task] : state.tasks) {
        take(task);
    }
    std::ranges::for_each(state.completed_tasks, take);
    std::ranges::stable_sort(tasks, [&](const FakeTask* a, const FakeTask* b) {
        return listing.is_ascending ? a->staged_ms < b->staged_ms : a->staged_ms > b->staged_ms;
    });
    json.begin_object().begin_array("tasks");
    const std::size_t begin = std::min(listing.offset, tasks.size());
    const std::size_t end = begin + std::min(listing.limit, tasks.size() - begin);
    for (std::size_t i = begin; i < end && scene.leads() && json.is_open(); ++i) {
        const FakeTask& task = *tasks[i];
        write_task(json,
                   scene,
                   task,
                   is_unreachable(state, task) ? unreachable_state(state.frameworks[task.framework])
                                               : std::string_view(task.state));
    }
    json.end_array().end_object();
}

void write_flags(Json& json, const MesosScene& scene) {
    json.begin_object().texts("flags", master_flags(scene)).end_object();
}

void write_version(Json& json, const MesosScene& scene) {
    json.begin_object();
    write_build(json, scene);
    json.end_object();
}

namespace {

void write_machine(Json& json, const FakeMachine& machine) {
    json.begin_object();
    if (!machine.hostname.empty()) {
        json.text("hostname", machine.hostname);
    }
    if (!machine.ip.empty()) {
        json.text("ip", machine.ip);
    }
    json.end_object();
}

bool is_down(const PlatformState& state, const FakeMachine& machine) {
    return std::ranges::any_of(state.agents, [&](const FakeAgent& agent) {
        return agent.state == AgentState::down && agent.hostname == machine.hostname;
    });
}

void write_machines(Json& json, const PlatformState& state, bool down) {
    for (const FakeWindow& window : state.mesos.windows) {
        for (const FakeMachine& machine : window.machines) {
            if (is_down(state, machine) != down) {
                continue;
            }
            if (down) {
                write_machine(json, machine);
            } else {
                json.begin_object().key("id");
                write_machine(json, machine);
                json.end_object();
            }
        }
    }
}

}  // namespace

void write_maintenance_schedule(Json& json, const MesosScene& scene) {
    json.begin_object();
    if (!scene.state->mesos.windows.empty()) {
        json.begin_array("windows");
        for (const FakeWindow& window : scene.state->mesos.windows) {
            json.begin_object().begin_array("machine_ids");
            for (const FakeMachine& machine : window.machines) {
                write_machine(json, machine);
            }
            json.end_array().begin_object("unavailability");
            if (window.duration_ns) {
                json.begin_object("duration")
                    .integer("nanoseconds", *window.duration_ns)
                    .end_object();
            }
            json.begin_object("start").integer("nanoseconds", window.start_ns).end_object();
            json.end_object().end_object();
        }
        json.end_array();
    }
    json.end_object();
}

void write_maintenance_status(Json& json, const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    json.begin_object();
    for (const bool down : {false, true}) {
        const bool is_there =
            std::ranges::any_of(state.mesos.windows, [&](const FakeWindow& window) {
                return std::ranges::any_of(window.machines, [&](const FakeMachine& machine) {
                    return is_down(state, machine) == down;
                });
            });
        if (is_there) {
            json.begin_array(down ? "down_machines" : "draining_machines");
            write_machines(json, state, down);
            json.end_array();
        }
    }
    json.end_object();
}

void write_weights(Json& json, const MesosScene& scene) {
    json.begin_array();
    for (const auto& [role, weight] : scene.state->mesos.weights) {
        json.begin_object().text("role", role).number("weight", weight).end_object();
    }
    json.end_array();
}

void write_quota_config(Json& json, const std::string& role, const FakeQuota& quota) {
    const auto write_amounts = [&](std::string_view name, const auto& amounts) {
        json.begin_object(name);
        for (const auto& [resource, milli] : amounts) {
            json.begin_object(resource).number("value", to_seconds(milli)).end_object();
        }
        json.end_object();
    };
    json.begin_object().text("role", role);
    write_amounts("guarantees", quota.guarantee);
    write_amounts("limits", quota.limit);
    json.end_object();
}

void write_quota(Json& json, const MesosScene& scene) {
    const auto& quotas = scene.state->mesos.quotas;
    json.begin_object();
    if (!quotas.empty()) {
        json.begin_array("infos");
        for (const auto& [role, quota] : quotas) {
            json.begin_object().text("role", role).begin_array("guarantee");
            for (const auto& [name, milli] : quota.guarantee) {
                write_typed(json, make_scalar(name, milli), ReservationForm::stack_only);
            }
            json.end_array().end_object();
        }
        json.end_array();
        if (scene.version().since(1, 9)) {
            json.begin_array("configs");
            for (const auto& [role, quota] : quotas) {
                write_quota_config(json, role, quota);
            }
            json.end_array();
        }
    }
    json.end_object();
}

}  // namespace caretaker::sandbox
