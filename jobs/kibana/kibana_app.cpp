// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_app.hpp"

#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::int64_t longest_interval = 86'400;  // seconds

std::int64_t integer_or_zero(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? member->integer() : 0;
}

std::optional<WallTime> read_time(JsonView object, std::string_view name) {
    return parse_rfc3339(json_text_or_empty(object, name));
}

/// Those before 1.x tell no state: then it runs once it has started.
bool is_running(JsonView task) {
    const std::string state = json_text_or_empty(task, "state");
    return state.empty() ? !json_text_or_empty(task, "startedAt").empty() : state == "TASK_RUNNING";
}

KibanaTask read_task(JsonView task) {
    KibanaTask result{.host = json_text_or_empty(task, "host"), .is_running = is_running(task)};
    const auto ports = json_elements_of(task, "ports");
    if (!ports.empty()) {
        result.port = ports.front().integer();
    }
    return result;
}

}  // namespace

AppLabels read_app_labels(JsonView app) {
    AppLabels result;
    if (const auto labels = app.find("labels")) {
        for (const JsonMember& label : labels->members()) {
            result.emplace_back(label.name, label.value.text());
        }
    }
    return result;
}

KibanaApp read_kibana_app(JsonView app) {
    KibanaApp result{.id = std::string(app.at("id").text()),
                     .instances = integer_or_zero(app, "instances"),
                     .running = integer_or_zero(app, "tasksRunning"),
                     .is_deploying = !json_elements_of(app, "deployments").empty(),
                     .labels = read_app_labels(app),
                     .version = json_text_or_empty(app, "version")};
    if (const auto mem = app.find("mem")) {
        result.mem = mem->number();
    }
    if (const auto info = app.find("versionInfo")) {
        result.scaled_at = read_time(*info, "lastScalingAt");
        result.configured_at = read_time(*info, "lastConfigChangeAt");
    } else {
        result.configured_at = parse_rfc3339(result.version);  // before 0.11
    }
    for (const JsonView& task : json_elements_of(app, "tasks")) {
        result.tasks.push_back(read_task(task));
    }
    for (const JsonView& check : json_elements_of(app, "healthChecks")) {
        KibanaHealthCheck read{.protocol = json_text_or_empty(check, "protocol")};
        if (const auto interval = check.find("intervalSeconds")) {
            read.interval = std::chrono::seconds(
                std::clamp<std::int64_t>(interval->integer(), 0, longest_interval));
        }
        result.health_checks.push_back(read);
    }
    if (const auto env = app.find("env"); env && env->is_object()) {
        const auto index = env->find("KIBANA_INDEX");
        if (index && index->is_text()) {  // a secret is an object
            result.index = std::string(index->text());
        }
    }
    return result;
}

}  // namespace caretaker
