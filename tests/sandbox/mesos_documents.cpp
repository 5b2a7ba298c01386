// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_documents.hpp"

#include "tests/sandbox/mesos_agent_json.hpp"
#include "tests/sandbox/mesos_framework_json.hpp"
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

void write_build(Json& json, const MesosVersion& version) {
    json.text("version", version.text())
        .text("git_sha", "0000000000000000000000000000000000000000")
        .text("git_branch", "refs/heads/sandbox")
        .text("build_date", "2020-11-24 18:55:58")
        .number("build_time", 1606244158)
        .text("build_user", "sandbox");
}

double to_seconds(std::int64_t ms) {
    return static_cast<double>(ms) / 1'000.0;
}

std::map<std::string, std::size_t> count_task_states(const PlatformState& state) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [id, task] : state.tasks) {
        ++counts[std::string(shown_state(state, task))];
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
            write_agent_members(json, scene, index, i, AgentDetail::slaves);
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
    write_build(json, scene.version());
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
            write_agent_members(json, scene, index, i, AgentDetail::state);
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
        const std::string shown(shown_state(state, task));
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
            write_agent_members(json, scene, index, i, AgentDetail::summary);
            write_counts(of_agents[i], "framework_ids");
        }
    }
    json.end_array().begin_array("frameworks");
    for (std::size_t i = 0; i < state.frameworks.size() && scene.leads(); ++i) {
        if (!state.frameworks[i].is_completed) {
            write_framework_head(json, scene, i, tasks[i]);
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
        write_mesos_task(json, scene, task, shown_state(state, task));
    }
    json.end_array().end_object();
}

void write_flags(Json& json, const MesosScene& scene) {
    json.begin_object().texts("flags", master_flags(scene)).end_object();
}

void write_version(Json& json, const MesosScene& scene) {
    json.begin_object();
    write_build(json, scene.version());
    json.end_object();
}

}  // namespace caretaker::sandbox
