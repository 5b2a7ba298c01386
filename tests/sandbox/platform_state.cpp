// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/platform_state.hpp"

#include "common/text/timestamp.hpp"
#include "tests/sandbox/version_numbers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace caretaker::sandbox {

std::string MesosVersion::text() const {
    return fmt::format("{}.{}.{}", major, minor, patch);
}

std::optional<MesosVersion> parse_mesos_version(std::string_view text) {
    const auto numbers = parse_version_numbers(text, 2);
    return numbers ? std::optional(MesosVersion{(*numbers)[0], (*numbers)[1], (*numbers)[2]})
                   : std::nullopt;
}

std::string format_attribute(const FakeAttribute& attribute) {
    switch (attribute.kind) {
        case FakeAttribute::Kind::ranges:
            return format_ranges(attribute.ranges);
        case FakeAttribute::Kind::set:
            return fmt::format("{{{}}}", fmt::join(attribute.items, ", "));
        default:
            return attribute.text;
    }
}

bool FakeAgent::is_listed() const {
    return state != AgentState::unreachable && state != AgentState::recovered &&
           state != AgentState::down;
}

bool FakeFramework::can(std::string_view capability) const {
    return std::ranges::find(capabilities, capability) != capabilities.end();
}

namespace {

/// The agent's entry of that name which belongs to the role, without its amount: what is taken of
/// it looks alike.
FakeResource entry_like(const FakeAgent& agent, const std::string& name, std::string_view role) {
    for (const FakeResource& resource : agent.total) {
        if (resource.name == name && resource.role() == role && resource.source.empty() &&
            resource.volume_id.empty() && !resource.is_revocable) {
            FakeResource like = resource;
            like.milli = 0;
            like.ranges.clear();
            return like;
        }
    }
    return {.name = name};
}

void add_scalar(std::vector<FakeResource>& list,
                const FakeAgent& agent,
                const std::string& name,
                std::string_view from_role,
                const std::string& role,
                std::int64_t milli) {
    FakeResource resource =
        entry_like(agent, name, from_role.empty() ? std::string_view("*") : from_role);
    resource.milli = milli;
    resource.allocated_to = role;
    add_resource(list, std::move(resource));
}

void change_free(FakeAmounts& free, const FakeAmounts& amounts, std::int64_t sign) {
    free.cpus += sign * amounts.cpus;
    free.mem += sign * amounts.mem;
    free.disk += sign * amounts.disk;
    free.gpus += sign * amounts.gpus;
}

}  // namespace

std::vector<FakeResource> resources_of(const FakeTask& task, const FakeAgent& agent) {
    std::vector<FakeResource> list;
    add_scalar(list, agent, "cpus", task.from_role, task.role, task.amounts.cpus);
    add_scalar(list, agent, "mem", task.from_role, task.role, task.amounts.mem);
    add_scalar(list, agent, "disk", task.from_role, task.role, task.amounts.disk);
    add_scalar(list, agent, "gpus", task.from_role, task.role, task.amounts.gpus);
    if (!task.ports.empty()) {
        FakeResource ports{.name = "ports", .allocated_to = task.role};
        for (const std::int64_t port : task.ports) {
            ports.ranges.push_back({port, port});
        }
        add_resource(list, std::move(ports));
    }
    return list;
}

FakeTask& PlatformState::add_task(FakeTask task) {
    const std::string id = task.id;
    FakeAgent& agent = agents[task.agent];
    agent.tasks.push_back(id);
    if (task.from_role.empty()) {
        change_free(agent.free, task.amounts, -1);
    }
    return tasks[id] = std::move(task);
}

void PlatformState::end_task(const std::string& id, std::string state) {
    const auto found = tasks.find(id);
    if (found == tasks.end()) {
        return;
    }
    FakeTask task = std::move(found->second);
    tasks.erase(found);
    FakeAgent& agent = agents[task.agent];
    std::erase(agent.tasks, id);
    if (task.from_role.empty()) {
        change_free(agent.free, task.amounts, 1);
    }
    task.state = std::move(state);
    completed_tasks.push_back(std::move(task));
    constexpr std::size_t kept = 1'000;  // as --max_completed_tasks_per_framework
    if (completed_tasks.size() > kept) {
        completed_tasks.erase(completed_tasks.begin());
    }
}

void PlatformState::set_due(FakeTask& task, std::int64_t due_ms) {
    task.due_ms = due_ms;
    due.emplace(due_ms, task.id);
}

PlatformIndex::PlatformIndex(const PlatformState& state) : state_(&state) {
    for (const FakeExecutor& executor : state.executors) {
        executors_.emplace(executor.agent, &executor);
    }
    for (const FakeOffer& offer : state.offers) {
        offers_.emplace(offer.agent, &offer);
    }
}

std::vector<FakeResource> PlatformIndex::used_on(std::size_t agent) const {
    const FakeAgent& host = state_->agents[agent];
    std::vector<FakeResource> list;
    for (const std::string& id : host.tasks) {
        for (FakeResource& resource : resources_of(state_->tasks.at(id), host)) {
            add_resource(list, std::move(resource));
        }
    }
    const auto [begin, end] = executors_.equal_range(agent);
    for (auto entry = begin; entry != end; ++entry) {
        const FakeExecutor& executor = *entry->second;
        add_scalar(list, host, "cpus", executor.from_role, executor.role, executor.cpus);
        add_scalar(list, host, "mem", executor.from_role, executor.role, executor.mem);
        add_scalar(list, host, "disk", executor.from_role, executor.role, executor.disk);
    }
    return list;
}

std::vector<FakeResource> PlatformIndex::offered_on(std::size_t agent) const {
    std::vector<FakeResource> list;
    const auto [begin, end] = offers_.equal_range(agent);
    for (auto entry = begin; entry != end; ++entry) {
        for (const FakeResource& resource : entry->second->resources) {
            add_resource(list, resource);
        }
    }
    return list;
}

std::vector<FakeResource> PlatformIndex::idle_on(std::size_t agent) const {
    std::vector<FakeResource> idle = state_->agents[agent].total;
    for (const auto& list : {used_on(agent), offered_on(agent)}) {
        for (FakeResource resource : list) {
            resource.allocated_to.clear();
            subtract_resource(idle, resource);
        }
    }
    return idle;
}

std::string format_millis(std::int64_t ms) {
    return format_rfc3339(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms)));
}

}  // namespace caretaker::sandbox
