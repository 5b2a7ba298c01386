// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_documents.hpp"

#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace caretaker::sandbox {

namespace {

struct TaskCounts {
    std::int64_t staged = 0;
    std::int64_t running = 0;
    std::int64_t healthy = 0;
    std::int64_t unhealthy = 0;
};

bool has_health_checks(const FakeApp& app) {
    const auto found = app.fields.find("healthChecks");
    return found != app.fields.end() && found->second != "[]";
}

TaskCounts count_tasks(const PlatformState& state,
                       const FakeApp& app,
                       const std::vector<std::string>& tasks) {
    TaskCounts counts;
    for (const std::string& id : tasks) {
        const FakeTask& task = state.tasks.at(id);
        counts.staged += task.state == "TASK_STAGING" ? 1 : 0;
        if (task.state == "TASK_RUNNING") {
            ++counts.running;
            if (has_health_checks(app)) {
                ++(task.is_healthy ? counts.healthy : counts.unhealthy);
            }
        }
    }
    return counts;
}

void write_counts(Json& json, std::string_view name, const TaskCounts& counts) {
    json.begin_object(name)
        .begin_object("stats")
        .begin_object("counts")
        .integer("staged", counts.staged)
        .integer("running", counts.running)
        .integer("healthy", counts.healthy)
        .integer("unhealthy", counts.unhealthy)
        .end_object()
        .end_object()
        .end_object();
}

void write_task_stats(Json& json,
                      const PlatformState& state,
                      const FakeApp& app,
                      const std::vector<std::string>& tasks) {
    std::vector<std::string> latest;
    std::vector<std::string> outdated;
    std::vector<std::string> after_scaling;
    for (const std::string& id : tasks) {
        const FakeTask& task = state.tasks.at(id);
        (task.app_version >= app.last_config_change_at ? latest : outdated).push_back(id);
        if (format_millis(task.staged_ms) >= app.last_scaling_at) {
            after_scaling.push_back(id);
        }
    }
    json.begin_object("taskStats");
    const auto write = [&](std::string_view name, const std::vector<std::string>& ids) {
        if (!ids.empty()) {
            write_counts(json, name, count_tasks(state, app, ids));
        }
    };
    write("startedAfterLastScaling", after_scaling);
    write("withLatestConfig", latest);
    write("withOutdatedConfig", outdated);
    write("totalSummary", tasks);
    json.end_object();
}

std::vector<std::int64_t> service_ports(const FakeApp& app) {
    std::vector<std::int64_t> ports;
    const auto found = app.fields.find("container");
    rapidjson::Document container;
    container.Parse(found == app.fields.end() ? "null" : found->second.c_str());
    if (container.IsObject() && container.HasMember("portMappings") &&
        container["portMappings"].IsArray()) {
        for (const auto& mapping : container["portMappings"].GetArray()) {
            if (mapping.HasMember("servicePort") && mapping["servicePort"].IsInt()) {
                ports.push_back(mapping["servicePort"].GetInt());
            }
        }
    }
    return ports;
}

void write_integers(Json& json, std::string_view name, const std::vector<std::int64_t>& values) {
    json.begin_array(name);
    for (const std::int64_t value : values) {
        json.integer(value);
    }
    json.end_array();
}

}  // namespace

MarathonVersion marathon_version(const PlatformState& state) {
    const std::string& text = state.marathon.version;
    MarathonVersion version{.major = 0, .minor = 0};
    const char* const end = text.data() + text.size();
    const auto [dot, failed] = std::from_chars(text.data(), end, version.major);
    if (failed != std::errc{} || dot == end ||
        std::from_chars(dot + 1, end, version.minor).ec != std::errc{}) {
        return {};
    }
    return version;
}

void write_app(Json& json, const PlatformState& state, const std::string& id, AppEmbeds embeds) {
    const FakeApp& app = state.marathon.apps.at(id);
    const auto tasks = tasks_of(state, id);
    json.begin_object().text("id", id);
    for (const auto& [name, value] : app.fields) {
        json.raw(name, value);
    }
    json.text("version", app.version);
    json.begin_object("versionInfo")
        .text("lastScalingAt", app.last_scaling_at)
        .text("lastConfigChangeAt", app.last_config_change_at)
        .end_object();
    const TaskCounts counts = count_tasks(state, app, tasks);
    json.integer("tasksStaged", counts.staged)
        .integer("tasksRunning", counts.running)
        .integer("tasksHealthy", counts.healthy)
        .integer("tasksUnhealthy", counts.unhealthy)
        .begin_array("deployments");
    for (const std::string& deployment : locks_of(state, {id})) {
        json.begin_object().text("id", deployment).end_object();
    }
    json.end_array();
    if (embeds.readiness) {
        json.begin_array("readinessCheckResults").end_array();
    }
    if (embeds.tasks) {
        json.begin_array("tasks");
        for (const std::string& task : tasks) {
            write_marathon_task(json, state, state.tasks.at(task));
        }
        json.end_array();
    }
    if (embeds.last_failure && !app.last_failure.empty()) {
        json.raw("lastTaskFailure", app.last_failure);
    }
    if (embeds.task_stats) {
        write_task_stats(json, state, app, tasks);
    }
    json.end_object();
}

void write_apps(Json& json,
                const PlatformState& state,
                AppEmbeds embeds,
                const std::function<bool(const std::string& id, const FakeApp&)>& wanted) {
    json.begin_object().begin_array("apps");
    for (const auto& [id, app] : state.marathon.apps) {
        if (json.is_open() && wanted(id, app)) {
            write_app(json, state, id, embeds);
        }
    }
    json.end_array().end_object();
}

void write_marathon_task(Json& json, const PlatformState& state, const FakeTask& task) {
    const FakeAgent& agent = state.agents[task.agent];
    json.begin_object().begin_array("ipAddresses");
    json.begin_object()
        .text("ipAddress", agent.ip)
        .text("protocol", "IPv4")
        .end_object()
        .end_array();
    json.text("stagedAt", format_millis(task.staged_ms)).text("state", task.state);
    write_integers(json, "ports", task.ports);
    if (task.started_ms > 0) {
        json.text("startedAt", format_millis(task.started_ms));
    }
    json.text("version", task.app_version)
        .text("id", task.id)
        .text("appId", task.app)
        .text("slaveId", agent.id)
        .text("host", agent.hostname);
    const auto app = state.marathon.apps.find(task.app);
    if (app != state.marathon.apps.end()) {
        write_integers(json, "servicePorts", service_ports(app->second));
        if (has_health_checks(app->second) && task.state == "TASK_RUNNING") {
            json.begin_array("healthCheckResults")
                .begin_object()
                .flag("alive", task.is_healthy)
                .integer("consecutiveFailures", task.is_healthy ? 0 : 3)
                .text("firstSuccess", format_millis(task.started_ms + 1'000))
                .text("lastSuccess", format_millis(state.now_ms))
                .text("instanceId", task.id)
                .end_object()
                .end_array();
        }
    }
    if (!agent.region.empty()) {
        json.text("region", agent.region).text("zone", agent.zone);
    }
    json.text("role", task.role).end_object();
}

void write_marathon_tasks(Json& json,
                          const PlatformState& state,
                          const std::string& app,
                          const std::vector<std::string>& states) {
    const auto is_wanted = [&](const FakeTask& task) {
        if (states.empty()) {
            return true;
        }
        const std::string_view shown = task.state == "TASK_RUNNING" ? "running" : "staging";
        return std::ranges::find(states, shown) != states.end();
    };
    json.begin_object().begin_array("tasks");
    if (!app.empty()) {
        for (const std::string& id : tasks_of(state, app)) {
            if (is_wanted(state.tasks.at(id))) {
                write_marathon_task(json, state, state.tasks.at(id));
            }
        }
    } else {
        for (const auto& [id, task] : state.tasks) {
            if (!task.app.empty() && json.is_open() && is_wanted(task)) {
                write_marathon_task(json, state, task);
            }
        }
    }
    json.end_array().end_object();
}

std::string format_marathon_tasks(const PlatformState& state) {
    std::string text;
    for (const auto& [id, app] : state.marathon.apps) {
        const auto ports = service_ports(app);
        const auto tasks = tasks_of(state, id);
        for (std::size_t i = 0; i < std::max<std::size_t>(1, ports.size()); ++i) {
            text +=
                task_prefix(id) + "\t" + (ports.empty() ? " " : std::to_string(ports[i])) + "\t";
            for (const std::string& task_id : tasks) {
                const FakeTask& task = state.tasks.at(task_id);
                const std::string& host = state.agents[task.agent].hostname;
                text += (i < task.ports.size() ? fmt::format("{}:{}", host, task.ports[i]) : host) +
                        "\t";
            }
            text += "\n";
        }
    }
    return text;
}

namespace {

void write_step(Json& json, const std::vector<FakeDeploymentStep>& step, bool with_readiness) {
    json.begin_array();
    for (const FakeDeploymentStep& action : step) {
        json.begin_object().text("action", action.action).text("app", action.app);
        if (with_readiness) {
            json.begin_array("readinessCheckResults").end_array();
        }
        json.end_object();
    }
    json.end_array();
}

}  // namespace

void write_deployments(Json& json, const PlatformState& state) {
    const bool is_wrapped = marathon_version(state) >= MarathonVersion{1, 0};
    json.begin_array();
    for (const FakeDeployment& deployment : state.marathon.deployments) {
        json.begin_object()
            .text("id", deployment.id)
            .text("version", deployment.version)
            .begin_array("affectedApps");
        for (const auto& [app, before] : deployment.before) {
            json.text(app);
        }
        json.end_array();
        if (is_wrapped) {
            json.begin_array("affectedPods").end_array();
        }
        json.begin_array("steps");
        for (const auto& step : deployment.steps) {
            if (is_wrapped) {
                json.begin_object().key("actions");
            }
            write_step(json, step, false);
            if (is_wrapped) {
                json.end_object();
            }
        }
        json.end_array().key("currentActions");
        const std::size_t current = std::min(deployment.current_step, deployment.steps.size() - 1);
        write_step(json, deployment.steps[current], is_wrapped);
        json.integer("currentStep", static_cast<std::int64_t>(current) + 1)
            .integer("totalSteps", static_cast<std::int64_t>(deployment.steps.size()))
            .end_object();
    }
    json.end_array();
}

namespace {

/// Why each active agent's offer is not taken: the first reason counts.
std::map<std::string, std::int64_t> count_refusals(const PlatformState& state,
                                                   const std::string& id) {
    const PlacementNeeds needs = needs_of(state.marathon.apps.at(id).fields);
    std::vector<std::size_t> placed;
    for (const std::string& task : live_tasks(state, id)) {
        placed.push_back(state.tasks.at(task).agent);
    }
    std::map<std::string, std::int64_t> refusals;
    for (const FakeAgent& agent : state.agents) {
        if (agent.state != AgentState::active) {
            continue;
        }
        if (agent.free.cpus < needs.amounts.cpus) {
            ++refusals["InsufficientCpus"];
        } else if (agent.free.mem < needs.amounts.mem) {
            ++refusals["InsufficientMemory"];
        } else if (agent.free.disk < needs.amounts.disk) {
            ++refusals["InsufficientDisk"];
        } else if (agent.free.gpus < needs.amounts.gpus) {
            ++refusals["InsufficientGpus"];
        } else if (std::ranges::any_of(needs.constraints, [&](const auto& constraint) {
                       return !meets_constraint(state, constraint, agent, placed);
                   })) {
            ++refusals["UnfulfilledConstraint"];
        } else if (take_free_ports(state, agent, needs.ports).size() < needs.ports) {
            ++refusals["InsufficientPorts"];
        }
    }
    return refusals;
}

void write_refusals(Json& json,
                    std::string_view name,
                    const PlatformState& state,
                    const std::map<std::string, std::int64_t>& refusals) {
    std::int64_t processed =
        std::ranges::count(state.agents, AgentState::active, &FakeAgent::state);
    json.begin_array(name);
    for (const std::string_view reason : {"UnfulfilledRole",
                                          "UnfulfilledConstraint",
                                          "NoCorrespondingReservationFound",
                                          "InsufficientCpus",
                                          "InsufficientMemory",
                                          "InsufficientDisk",
                                          "InsufficientGpus",
                                          "InsufficientPorts",
                                          "DeclinedScarceResources"}) {
        const auto found = refusals.find(std::string(reason));
        const std::int64_t declined = found == refusals.end() ? 0 : found->second;
        json.begin_object()
            .text("reason", reason)
            .integer("declined", declined)
            .integer("processed", processed)
            .end_object();
        processed -= declined;
    }
    json.end_array();
}

}  // namespace

void write_queue(Json& json, const PlatformState& state) {
    json.begin_object().begin_array("queue");
    for (const auto& [id, since] : state.marathon.queued_since) {
        const auto found = state.marathon.apps.find(id);
        if (found == state.marathon.apps.end()) {
            continue;
        }
        const FakeApp& app = found->second;
        const std::size_t wanted = instances_of(app.fields);
        const std::size_t there = live_tasks(state, id).size();
        const std::int64_t wait_ms = std::max<std::int64_t>(0, app.backoff_until_ms - state.now_ms);
        json.begin_object()
            .integer("count", static_cast<std::int64_t>(wanted - std::min(wanted, there)))
            .begin_object("delay")
            .integer("timeLeftSeconds", (wait_ms + 999) / 1'000)
            .flag("overdue", wait_ms == 0)
            .end_object()
            .text("since", since)
            .key("app")
            .begin_object()
            .text("id", id);
        for (const auto& [name, value] : app.fields) {
            json.raw(name, value);
        }
        json.text("version", app.version).end_object();
        if (marathon_version(state) >= MarathonVersion{1, 4}) {
            const auto refusals = count_refusals(state, id);
            const std::int64_t offers =
                std::ranges::count(state.agents, AgentState::active, &FakeAgent::state);
            json.begin_object("processedOffersSummary")
                .integer("processedOffersCount", offers)
                .integer("unusedOffersCount", offers)
                .text("lastUnusedOfferAt", format_millis(state.now_ms));
            write_refusals(json, "rejectSummaryLastOffers", state, refusals);
            write_refusals(json, "rejectSummaryLaunchAttempt", state, refusals);
            json.end_object();
        }
        json.text("role", "*").end_object();
    }
    json.end_array().end_object();
}

void write_group(Json& json,
                 const PlatformState& state,
                 const std::string& id,
                 bool with_apps,
                 AppEmbeds embeds) {
    const std::string prefix = id == "/" ? "/" : id + "/";
    std::vector<std::string> apps;
    std::set<std::string> groups;
    for (const auto& [app, definition] : state.marathon.apps) {
        if (!app.starts_with(prefix)) {
            continue;
        }
        const std::size_t slash = app.find('/', prefix.size());
        if (slash == std::string::npos) {
            apps.push_back(app);
        } else {
            groups.insert(app.substr(0, slash));
        }
    }
    json.begin_object().text("id", id).begin_array("dependencies").end_array();
    json.text("version", format_millis(state.mesos.elected_ms)).begin_array("apps");
    for (const std::string& app : apps) {
        if (with_apps) {
            write_app(json, state, app, embeds);
        }
    }
    json.end_array().begin_array("groups");
    for (const std::string& group : groups) {
        write_group(json, state, group, with_apps, embeds);
    }
    json.end_array().begin_array("pods").end_array().end_object();
}

void write_info(Json& json, const PlatformState& state, const std::vector<std::string>& instances) {
    json.begin_object()
        .text("name", "marathon")
        .text("version", state.marathon.version)
        .text("buildref", "unknown")
        .flag("elected", state.marathon.leader.has_value());
    if (state.marathon.leader) {
        json.text("leader", instances.at(*state.marathon.leader));
    }
    if (state.marathon.framework < state.frameworks.size()) {
        json.text("frameworkId", state.frameworks[state.marathon.framework].id);
    }
    json.begin_object("marathon_config")
        .flag("checkpoint", true)
        .text("executor", "//cmd")
        .integer("failover_timeout", 604'800)
        .text("framework_name", "marathon")
        .flag("ha", true)
        .integer("local_port_min", 10'000)
        .integer("local_port_max", 20'000)
        .text("mesos_role", "*")
        .text("mesos_user", "root")
        .end_object();
    json.begin_object("zookeeper_config").integer("zk_timeout", 10'000).end_object();
    json.begin_object("http_config").integer("http_port", 8080).end_object().end_object();
}

void write_versions(Json& json, const FakeApp& app) {
    json.begin_object().begin_array("versions");
    for (auto version = app.versions.rbegin(); version != app.versions.rend(); ++version) {
        json.text(version->first);
    }
    json.end_array().end_object();
}

}  // namespace caretaker::sandbox
