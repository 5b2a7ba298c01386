// SPDX-License-Identifier: Apache-2.0
// Layout of an agent's --work_dir, the same from Mesos 0.20 to 1.11:
// slaves/AGENT/frameworks/FRAMEWORK/executors/EXECUTOR/runs/CONTAINER, with a symbolic link
// `latest` beside the agents and beside the runs.
#include "jobs/cleanup/mesos_sandboxes.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/settings.hpp"
#include "jobs/cleanup/path_text.hpp"
#include "jobs/cleanup/root_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace caretaker {

namespace {

constexpr auto answer_is_good_for = std::chrono::seconds(60);

/// The agent may be about to start a run in a directory that it has just made.
constexpr auto hollow_executors_older_than = std::chrono::hours(1);

RemoteError not_this_agent(const std::string& why) {
    return {RemoteFailure::unreachable,
            "agent_mismatch",
            fmt::format("mesos sandboxes: {}; none of them was touched; check "
                        "cleanup.mesos_sandboxes",
                        why)};
}

FileRule make_rule(std::string name, std::string root, std::chrono::milliseconds older_than) {
    return {.name = std::move(name),
            .roots = {std::move(root)},
            .match = {*PathPattern::parse("**").pattern},
            .older_than = older_than,
            .takes_trees = true};
}

std::string_view last_component(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<SandboxSettings> load_sandbox_settings(const Settings& settings,
                                                     const std::string& target) {
    const auto key = [](std::string_view name) {
        return fmt::format("cleanup.mesos_sandboxes.{}", name);
    };
    const std::string work_dir = settings.text(key("work_dir"));
    if (work_dir.empty()) {
        return std::nullopt;
    }
    if (const auto why = why_root_refused(work_dir, false, {})) {
        throw UsageError(fmt::format("{}: '{}' {}", key("work_dir"), work_dir, *why));
    }
    const std::string agent_key = key("agent");
    const std::vector<std::string> urls{settings.text(agent_key)};
    return SandboxSettings{
        .work_dir = work_dir,
        .agent = load_http_options(settings, target, "mesos", {.name = agent_key, .urls = urls}),
        .older_than = settings.duration(key("older_than")),
        .orphans_older_than = settings.duration(key("orphans_older_than")),
        .keep_newest = settings.integer(key("keep_newest_per_executor")),
        .dead_agents = settings.flag(key("dead_agents")),
        .truncate_over = settings.bytes(key("truncate_over"))};
}

MesosSandboxes::MesosSandboxes(const SandboxSettings& settings, Context& context)
    : settings_(settings), context_(context), http_(settings_.agent, context) {}

void MesosSandboxes::ask() {
    MesosAgentState state = agent_.fetch_state();
    while (state.work_dir.size() > 1 && state.work_dir.ends_with('/')) {
        state.work_dir.pop_back();
    }
    if (state.work_dir != settings_.work_dir) {
        throw not_this_agent(fmt::format(
            "the agent that answers works in {}, not in {}", state.work_dir, settings_.work_dir));
    }
    if (!state_.id.empty() && state.id != state_.id) {
        throw not_this_agent(fmt::format("the agent was {} and is {} by now", state_.id, state.id));
    }
    state_ = std::move(state);
}

bool MesosSandboxes::ask_again_when_due() {
    if (lost_) {
        return false;
    }
    const SteadyTime now = context_.clock.steady();
    if (asked_at_ && now - *asked_at_ < answer_is_good_for) {
        return true;
    }
    try {
        ask();
        asked_at_ = now;
    } catch (const RemoteError&) {  // other parts have their turn; rethrow_loss() tells
        lost_ = std::current_exception();
    }
    return !lost_;
}

void MesosSandboxes::rethrow_loss() const {
    if (lost_) {
        std::rethrow_exception(lost_);
    }
}

void MesosSandboxes::check_directory(DirectoryOpener& opener) const {
    const std::string own = fmt::format("{}/slaves/{}", settings_.work_dir, state_.id);
    const OpenedDirectory opened = opener.open_absolute(own);
    if (opened.error != 0) {
        throw not_this_agent(
            fmt::format("the agent that answers is {}, and {} cannot be opened: {}",
                        state_.id,
                        own,
                        describe_errno(opened.error)));
    }
}

bool MesosSandboxes::runs_container(std::string_view name) const {
    return lost_ || state_.containers.contains(std::string(name)) ||
           std::ranges::any_of(state_.executors, [&](const MesosAgentExecutor& executor) {
               return last_component(executor.directory) == name;
           });
}

bool MesosSandboxes::runs_executor(std::string_view name) const {
    return lost_ || std::ranges::find(state_.executors, name, &MesosAgentExecutor::id) !=
                        state_.executors.end();
}

std::vector<BoundRule> MesosSandboxes::make_rules(DirectoryOpener& opener) {
    ask();
    check_directory(opener);
    const std::string slaves = escape_pattern(settings_.work_dir) + "/slaves";
    const std::string executors =
        fmt::format("{}/{}/frameworks/*/executors", slaves, escape_pattern(state_.id));
    std::vector<BoundRule> rules;
    FileRule runs = make_rule("mesos-sandboxes", executors + "/*/runs", settings_.older_than);
    runs.keep_newest = settings_.keep_newest;
    rules.push_back({.rule = std::move(runs), .part = "mesos", .spares = [this](auto name) {
                         return runs_container(name);
                     }});
    rules.push_back({.rule = make_rule("mesos-executors", executors, hollow_executors_older_than),
                     .part = "mesos",
                     .spares = [this](auto name) { return runs_executor(name); },
                     .accepts = is_hollow_executor});
    if (settings_.dead_agents) {
        rules.push_back(
            {.rule = make_rule("mesos-dead-agents", slaves, settings_.orphans_older_than),
             .part = "mesos",
             .spares = [this](auto name) { return lost_ || name == state_.id; }});
    }
    if (settings_.truncate_over > 0 && !state_.executors.empty()) {
        rules.push_back({.rule = make_output_rule(), .part = "mesos"});
    }
    return rules;
}

/// What the agent itself names, and the files that it makes for a run's output: other ones may be
/// a task's data, though it appends to them. Containers in a run, as of a pod, have outputs of
/// their own.
FileRule MesosSandboxes::make_output_rule() const {
    FileRule rule{
        .name = "mesos-live-output",
        .match = {*PathPattern::parse("stdout").pattern, *PathPattern::parse("stderr").pattern},
        .types = {EntryType::file},
        .min_size = settings_.truncate_over + 1,
        .max_depth = 1,
        .open_files = OpenFiles::truncate,
        .truncate_over = settings_.truncate_over,
        .only_empties = true};
    for (const MesosAgentExecutor& executor : state_.executors) {
        const std::string run = fmt::format("{}/slaves/{}/frameworks/{}/executors/{}/runs/{}",
                                            escape_pattern(settings_.work_dir),
                                            escape_pattern(state_.id),
                                            escape_pattern(executor.framework),
                                            escape_pattern(executor.id),
                                            escape_pattern(executor.container));
        rule.roots.push_back(run);
        rule.roots.push_back(run + "/containers/*");
    }
    return rule;
}

bool is_hollow_executor(const FileTree& tree, const Unit& unit) {
    const std::uint32_t runs = unit.directory + 1;
    const bool has_runs_alone =
        unit.directories_end == unit.directory + 2 &&
        std::strcmp(tree.names.at(tree.directories[runs].name), "runs") == 0;
    const std::size_t entries = unit.entries_end - unit.entries_begin;
    if (!has_runs_alone || entries > 1) {
        return false;
    }
    if (entries == 0) {
        return true;
    }
    const TreeEntry& entry = tree.entries[unit.entries_begin];
    return entry.type == EntryType::symlink && entry.directory == runs &&
           std::strcmp(tree.name_of(entry), "latest") == 0;
}

}  // namespace caretaker
