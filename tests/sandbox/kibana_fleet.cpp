// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_fleet.hpp"

#include "tests/sandbox/marathon_apps.hpp"
#include "tests/sandbox/marathon_deployments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <system_error>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

std::string labels_of(std::size_t place) {
    std::string labels =
        fmt::format(R"({{"caretaker.kibana":"true","team":"team-{:03}")", place + 1);
    switch (place % 20) {
        case 7:
            labels += R"(,"caretaker.protect":"true")";
            break;
        case 11:
            labels += R"(,"caretaker.idle_after":"30d")";
            break;
        case 13:
            labels += R"(,"caretaker.protect_until":"when we are done")";
            break;
        case 17:
            labels += R"(,"caretaker.instances":"2")";
            break;
        default:
            break;
    }
    return labels + "}";
}

AppFields fields_of(std::size_t place) {
    AppFields fields = default_app_fields();
    fields["cpus"] = "0.2";
    fields["mem"] = "512";
    fields["cmd"] = "null";
    fields["container"] = fmt::format(
        R"({{"type":"DOCKER","docker":{{"image":"registry.example/kibana:{}","forcePullImage":false,)"
        R"("parameters":[],"privileged":false}},"volumes":[]}})",
        KibanaFleet::version_of(place).number());
    fields["networks"] = R"([{"mode":"host"}])";
    fields["portDefinitions"] = fmt::format(
        R"([{{"port":{},"protocol":"tcp","name":"http","labels":{{}}}}])", 15'000 + place);
    fields["labels"] = labels_of(place);
    fields["healthChecks"] =
        R"([{"gracePeriodSeconds":300,"intervalSeconds":20,"maxConsecutiveFailures":3,)"
        R"("path":"/","portIndex":0,"protocol":"MESOS_HTTP","timeoutSeconds":20}])";
    fields["instances"] = place % 12 == 10 ? "0" : "1";
    return fields;
}

}  // namespace

KibanaVersion KibanaFleet::version_of(std::size_t place) {
    constexpr std::array versions{KibanaVersion{false, 8, 11, 0},
                                  KibanaVersion{false, 7, 17, 28},
                                  KibanaVersion{false, 4, 6, 4},
                                  KibanaVersion{false, 6, 2, 4},
                                  KibanaVersion{true, 2, 19, 3},
                                  KibanaVersion{false, 5, 6, 16},
                                  KibanaVersion{false, 9, 2, 0},
                                  KibanaVersion{false, 3, 1, 2}};
    return versions[place % versions.size()];
}

KibanaFleet::KibanaFleet(FakePlatform& platform, KibanaFleetOptions options) : platform_(platform) {
    std::mt19937_64 random(options.seed);
    platform_.change([&](PlatformState& state) {
        for (std::size_t i = 0; i < options.count; ++i) {
            const std::string id = fmt::format("/kibana/team-{:03}", i + 1);
            apps_.push_back(id);
            FakeApp& app = state.marathon.apps[id];
            const auto age = static_cast<std::int64_t>(20 + random() % 300) * day_ms;
            app.fields = fields_of(i);
            app.version = app.last_scaling_at = app.last_config_change_at =
                format_millis(state.now_ms - age);
            app.versions[app.version] = app.fields;
            if (instances_of(app.fields) == 0 || state.agents.empty()) {
                continue;
            }
            const auto place =
                find_place(state, needs_of(app.fields), {}, random() % state.agents.size());
            if (!place) {
                state.marathon.queued_since[id] = format_millis(state.now_ms);
                continue;
            }
            FakeTask task = make_app_task(state, id, app.fields, *place, next_uuid(state));
            task.container_id = next_uuid(state);
            task.app_version = app.version;
            task.started_ms = state.now_ms - age + 30'000;
            task.staged_ms = task.started_ms - 3'000;
            state.add_task(std::move(task));
        }
        return 0;
    });
}

std::unique_ptr<FakeKibana> KibanaFleet::open(const FakeTask& task,
                                              const FakeAgent& agent,
                                              std::size_t place) {
    const std::int64_t now = platform_.state()->now_ms;
    return std::make_unique<FakeKibana>(
        KibanaState{.version = version_of(place), .now_ms = now, .started_ms = task.started_ms},
        static_cast<std::uint16_t>(task.ports.at(0)),
        agent.ip);
}

void KibanaFleet::sync() {
    const std::lock_guard lock(mutex_);
    const auto state = platform_.state();
    std::set<std::string> wanted;
    for (std::size_t i = 0; i < apps_.size(); ++i) {
        for (const std::string& id : tasks_of(*state, apps_[i])) {
            const FakeTask& task = state->tasks.at(id);
            if (task.state != "TASK_RUNNING" || task.ports.empty()) {
                continue;
            }
            wanted.insert(id);
            if (!kibanas_.contains(id)) {
                try {
                    kibanas_[id] = open(task, state->agents[task.agent], i);
                } catch (const std::system_error&) {
                    // Another process has the port: this Kibana cannot be reached, as it happens.
                    kibanas_[id] = nullptr;
                }
            }
        }
    }
    std::erase_if(kibanas_, [&](const auto& entry) { return !wanted.contains(entry.first); });
    for (const auto& [id, kibana] : kibanas_) {
        if (kibana) {
            kibana->with_state([&](KibanaState& own) {
                own.now_ms = state->now_ms;
                return 0;
            });
        }
    }
}

void KibanaFleet::change(const std::string& app, const std::function<void(KibanaState&)>& change) {
    const std::lock_guard lock(mutex_);
    const auto state = platform_.state();
    for (const std::string& id : tasks_of(*state, app)) {
        const auto found = kibanas_.find(id);
        if (found != kibanas_.end() && found->second) {
            found->second->with_state([&](KibanaState& own) {
                change(own);
                return 0;
            });
        }
    }
}

std::size_t KibanaFleet::running() {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(kibanas_, [](const auto& entry) { return entry.second != nullptr; }));
}

}  // namespace caretaker::sandbox
