// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_deployments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

/// A number that looks random (the finaliser of SplitMix64).
std::uint64_t scatter(std::uint64_t number) {
    number += 0x9E3779B97F4A7C15ULL;
    number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    number = (number ^ (number >> 27U)) * 0x94D049BB133111EBULL;
    return number ^ (number >> 31U);
}

/// Later than every version before.
std::string next_version(PlatformState& state, const FakeApp* app) {
    std::int64_t ms = state.now_ms;
    while (app != nullptr && app->versions.contains(format_millis(ms))) {
        ++ms;
    }
    return format_millis(ms);
}

std::vector<std::size_t> agents_of(const PlatformState& state,
                                   const std::vector<std::string>& tasks) {
    std::vector<std::size_t> agents;
    for (const std::string& id : tasks) {
        agents.push_back(state.tasks.at(id).agent);
    }
    return agents;
}

/// Starts instances up to `target`; those that find no place wait in the queue.
void start_missing(PlatformState& state, const std::string& id, std::size_t target) {
    const FakeApp& app = state.marathon.apps.at(id);
    // Instances of an older definition do not stand in the way of constraints.
    std::vector<std::string> counted;
    for (const std::string& task : live_tasks(state, id)) {
        if (state.tasks.at(task).app_version >= app.last_config_change_at) {
            counted.push_back(task);
        }
    }
    std::vector<std::size_t> placed = agents_of(state, counted);
    const PlacementNeeds needs = needs_of(app.fields);
    for (std::size_t count = counted.size(); count < target; ++count) {
        const auto place = state.now_ms < app.backoff_until_ms
                               ? std::nullopt
                               : find_place(state, needs, placed, state.marathon.made);
        if (!place) {
            state.marathon.queued_since.try_emplace(id, format_millis(state.now_ms));
            return;
        }
        FakeTask task = make_app_task(state, id, app.fields, *place, next_uuid(state));
        task.state = "TASK_STAGING";
        task.container_id = next_uuid(state);
        task.staged_ms = state.now_ms;
        task.app_version = app.version;
        placed.push_back(*place);
        state.set_due(state.add_task(std::move(task)),
                      state.now_ms + state.marathon.pace.staging_ms);
    }
    state.marathon.queued_since.erase(id);
}

/// The youngest go first.
void kill_surplus(PlatformState& state, const std::string& id, std::size_t target) {
    std::vector<std::string> tasks = live_tasks(state, id);
    while (tasks.size() > target) {
        kill_task(state, tasks.back());
        tasks.pop_back();
    }
}

/// Running, all of them, and none on its way.
bool is_scaled(const PlatformState& state, const std::string& app, std::size_t target) {
    const auto tasks = tasks_of(state, app);
    return tasks.size() == target && std::ranges::all_of(tasks, [&](const std::string& id) {
               return state.tasks.at(id).state == "TASK_RUNNING";
           });
}

bool scale(PlatformState& state, const std::string& app) {
    const std::size_t target = instances_of(state.marathon.apps.at(app).fields);
    kill_surplus(state, app, target);
    start_missing(state, app, target);
    return is_scaled(state, app, target);
}

/// New ones start first, then the old ones go.
bool restart(PlatformState& state, const std::string& id) {
    const FakeApp& app = state.marathon.apps.at(id);
    const std::size_t target = instances_of(app.fields);
    const auto is_new = [&](const std::string& task) {
        return state.tasks.at(task).app_version >= app.last_config_change_at;
    };
    start_missing(state, id, target);
    const auto tasks = live_tasks(state, id);
    const auto started =
        static_cast<std::size_t>(std::ranges::count_if(tasks, [&](const std::string& task) {
            return is_new(task) && state.tasks.at(task).state == "TASK_RUNNING";
        }));
    if (started == target) {
        for (const std::string& task : tasks) {
            if (!is_new(task)) {
                kill_task(state, task);
            }
        }
    }
    return is_scaled(state, id, target);
}

bool stop(PlatformState& state, const std::string& app) {
    kill_surplus(state, app, 0);
    if (!tasks_of(state, app).empty()) {
        return false;
    }
    state.marathon.apps.erase(app);
    state.marathon.queued_since.erase(app);
    return true;
}

bool carry_out(PlatformState& state, const FakeDeploymentStep& step) {
    if (!state.marathon.apps.contains(step.app) || step.action == "StartApplication") {
        return true;
    }
    if (step.action == "ScaleApplication") {
        return scale(state, step.app);
    }
    return step.action == "RestartApplication" ? restart(state, step.app) : stop(state, step.app);
}

bool carry_on(PlatformState& state, FakeDeployment& deployment) {
    while (deployment.current_step < deployment.steps.size()) {
        bool is_done = true;
        for (const FakeDeploymentStep& step : deployment.steps[deployment.current_step]) {
            is_done = carry_out(state, step) && is_done;
        }
        if (!is_done) {
            return false;
        }
        ++deployment.current_step;
    }
    return true;
}

/// Deployments go on, and apps outside of them get back what they have lost.
void run_marathon(PlatformState& state) {
    std::erase_if(state.marathon.deployments,
                  [&](FakeDeployment& deployment) { return carry_on(state, deployment); });
    std::set<std::string> held;
    for (const FakeDeployment& deployment : state.marathon.deployments) {
        for (const auto& [app, before] : deployment.before) {
            held.insert(app);
        }
    }
    // Only who waits or has lost a task: to look through all apps each time would take long.
    std::vector<std::string> waiting;
    for (const auto& [app, since] : state.marathon.queued_since) {
        if (!held.contains(app) && state.marathon.apps.contains(app)) {
            waiting.push_back(app);
        }
    }
    for (const std::string& app : waiting) {
        start_missing(state, app, instances_of(state.marathon.apps.at(app).fields));
    }
}

void come_due(PlatformState& state, const std::string& id) {
    const auto found = state.tasks.find(id);
    if (found == state.tasks.end() || found->second.due_ms > state.now_ms) {
        return;
    }
    FakeTask& task = found->second;
    task.due_ms = 0;
    if (task.state == "TASK_STAGING") {
        task.state = "TASK_RUNNING";
        task.started_ms = state.now_ms;
        return;
    }
    const std::string app = task.app;
    state.end_task(id, "TASK_KILLED");
    const auto owner = state.marathon.apps.find(app);
    if (owner != state.marathon.apps.end() &&
        live_tasks(state, app).size() < instances_of(owner->second.fields)) {
        state.marathon.queued_since.try_emplace(app, format_millis(state.now_ms));
    }
}

/// Whether anything but the number of instances differs.
bool is_config_change(AppFields before, AppFields after) {
    before.erase("instances");
    after.erase("instances");
    return before != after;
}

/// The steps of one app: its own list of one action a step.
std::vector<std::string> take_over(PlatformState& state,
                                   const AppChange& change,
                                   const std::string& version) {
    const auto found = state.marathon.apps.find(change.app);
    if (change.fields.empty()) {
        return {"StopApplication"};
    }
    const bool is_new = found == state.marathon.apps.end();
    FakeApp& app = state.marathon.apps[change.app];
    const bool is_config = is_new || is_config_change(app.fields, change.fields);
    const bool is_scaling = instances_of(app.fields) != instances_of(change.fields);
    app.fields = change.fields;
    app.version = version;
    app.versions[version] = change.fields;
    if (is_new || is_scaling) {
        app.last_scaling_at = version;
    }
    if (is_config) {
        app.last_config_change_at = version;
        app.last_scaling_at = version;
    }
    if (is_new) {
        return {"StartApplication", "ScaleApplication"};
    }
    return {is_config ? "RestartApplication" : "ScaleApplication"};
}

FakeDeployment begin(PlatformState& state, FakeDeployment deployment) {
    state.marathon.deployments.push_back(deployment);
    run_marathon(state);
    return deployment;
}

}  // namespace

std::string next_uuid(PlatformState& state) {
    const std::uint64_t high = scatter(++state.marathon.made);
    const std::uint64_t low = scatter(high);
    return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                       high >> 32U,
                       (high >> 16U) & 0xFFFFU,
                       high & 0xFFFU,
                       low >> 52U,
                       low & 0xFFFFFFFFFFFFU);
}

std::vector<std::string> tasks_of(const PlatformState& state, const std::string& app) {
    std::vector<std::string> ids;
    // Ids of an app's tasks begin alike, so that they are found without a look at the others.
    const std::string prefix = task_prefix(app) + ".";
    for (auto entry = state.tasks.lower_bound(prefix);
         entry != state.tasks.end() && entry->first.starts_with(prefix);
         ++entry) {
        if (entry->second.app == app) {
            ids.push_back(entry->first);
        }
    }
    return ids;
}

std::vector<std::string> live_tasks(const PlatformState& state, const std::string& app) {
    std::vector<std::string> ids = tasks_of(state, app);
    std::erase_if(
        ids, [&](const std::string& id) { return state.tasks.at(id).state == "TASK_KILLING"; });
    std::ranges::stable_sort(
        ids, {}, [&](const std::string& id) { return state.tasks.at(id).staged_ms; });
    return ids;
}

void kill_task(PlatformState& state, const std::string& id) {
    FakeTask& task = state.tasks.at(id);
    task.state = "TASK_KILLING";
    state.set_due(task, state.now_ms + state.marathon.pace.killing_ms);
}

void advance_platform(PlatformState& state, std::int64_t until) {
    while (!state.due.empty() && state.due.begin()->first <= until) {
        const auto first = state.due.begin();
        state.now_ms = std::max(state.now_ms, first->first);
        const std::string id = first->second;
        state.due.erase(first);
        come_due(state, id);
        run_marathon(state);
    }
    const bool is_backoff_over =
        std::ranges::any_of(state.marathon.queued_since, [&](const auto& entry) {
            const auto app = state.marathon.apps.find(entry.first);
            return app != state.marathon.apps.end() &&
                   app->second.backoff_until_ms > state.now_ms &&
                   app->second.backoff_until_ms <= until;
        });
    state.now_ms = std::max(state.now_ms, until);
    if (is_backoff_over) {
        run_marathon(state);
    }
}

FakeDeployment deploy(PlatformState& state, const std::vector<AppChange>& changes) {
    FakeDeployment deployment{.id = next_uuid(state)};
    std::vector<std::vector<FakeDeploymentStep>> steps;
    for (const AppChange& change : changes) {
        const auto found = state.marathon.apps.find(change.app);
        const FakeApp* const app = found == state.marathon.apps.end() ? nullptr : &found->second;
        deployment.before[change.app] = app != nullptr ? std::optional(*app) : std::nullopt;
        const std::string version = next_version(state, app);
        deployment.version = std::max(deployment.version, version);
        const auto actions = take_over(state, change, version);
        for (std::size_t i = 0; i < actions.size(); ++i) {
            steps.resize(std::max(steps.size(), i + 1));
            steps[i].push_back({actions[i], change.app});
        }
    }
    deployment.steps = std::move(steps);
    return begin(state, std::move(deployment));
}

FakeDeployment deploy_restart(PlatformState& state, const std::string& id) {
    FakeApp& app = state.marathon.apps.at(id);
    FakeDeployment deployment{.id = next_uuid(state),
                              .version = next_version(state, &app),
                              .steps = {{{"RestartApplication", id}}},
                              .before = {{id, app}}};
    app.version = app.last_config_change_at = deployment.version;
    app.versions[app.version] = app.fields;
    return begin(state, std::move(deployment));
}

std::vector<std::string> locks_of(const PlatformState& state,
                                  const std::vector<std::string>& apps) {
    std::vector<std::string> ids;
    for (const FakeDeployment& deployment : state.marathon.deployments) {
        if (std::ranges::any_of(
                apps, [&](const std::string& app) { return deployment.before.contains(app); })) {
            ids.push_back(deployment.id);
        }
    }
    return ids;
}

void cancel_deployment(PlatformState& state, std::string_view id) {
    std::erase_if(state.marathon.deployments,
                  [&](const FakeDeployment& deployment) { return deployment.id == id; });
}

std::optional<FakeDeployment> roll_back(PlatformState& state, std::string_view id) {
    const auto found = std::ranges::find(state.marathon.deployments, id, &FakeDeployment::id);
    if (found == state.marathon.deployments.end()) {
        return std::nullopt;
    }
    std::vector<AppChange> changes;
    for (const auto& [app, before] : found->before) {
        changes.push_back({app, before ? before->fields : AppFields()});
    }
    state.marathon.deployments.erase(found);
    return deploy(state, changes);
}

}  // namespace caretaker::sandbox
