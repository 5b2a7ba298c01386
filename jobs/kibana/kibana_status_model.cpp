// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_status_model.hpp"

#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds default_interval{5'000};

/// 4.2 to 5: up to 60 pairs of time and value, the newest first.
void read_history(JsonView metrics, KibanaStatus& status) {
    const auto requests = metrics.find("requests");
    if (!requests || !requests->is_array()) {
        return;
    }
    std::vector<StatusWindow> windows;
    for (const JsonView& pair : requests->elements()) {
        const auto parts = pair.elements();
        if (parts.size() != 2) {
            pair.fail("is no pair of a time and a value");
        }
        const WallTime end = read_json_time(parts[0]);
        windows.push_back(
            {.span = {end - default_interval, end}, .requests = read_json_count(parts[1])});
    }
    for (std::size_t i = 0; i + 1 < windows.size(); ++i) {
        const auto distance = windows[i].span.end - windows[i + 1].span.end;
        if (distance > milliseconds(0) && distance < std::chrono::hours(1)) {
            windows[i].span.begin = windows[i + 1].span.end;
            windows.back().span.begin = windows.back().span.end - distance;
        }
    }
    status.windows = std::move(windows);
    if (const auto open = metrics.find("concurrency"); open && open->is_array()) {
        const auto pairs = open->elements();
        if (!pairs.empty() && pairs.front().elements().size() == 2) {
            status.connections = read_json_count(pairs.front().elements()[1]);
        }
    }
}

/// 5.4 with the new form, and all later ones: the one window that was over last.
void read_window(JsonView metrics, KibanaStatus& status) {
    const auto requests = metrics.find("requests");
    const auto updated = metrics.find("last_updated");
    if (!requests || !requests->is_object() || !updated) {
        return;  // before its first window is over
    }
    const auto end = parse_rfc3339(updated->text());
    if (!end) {
        updated->fail("is no time");
    }
    const auto interval = metrics.find("collection_interval_in_millis");
    const milliseconds length = interval ? read_json_length(*interval) : default_interval;
    const auto total = requests->find("total");
    status.windows.push_back({.span = {*end - std::max(length, milliseconds(1)), *end},
                              .requests = total ? read_json_count(*total) : 0});
    const auto process = metrics.find("process");
    auto uptime = metrics.find("uptime_in_millis");
    if (!uptime && process) {
        uptime = process->find("uptime_in_millis");
    }
    if (uptime) {
        status.uptime = milliseconds(read_json_count(*uptime));
    }
    if (const auto connections = metrics.find("concurrent_connections")) {
        status.connections = read_json_count(*connections);
    }
}

void read_overall(JsonView answer, KibanaStatus& status) {
    const auto part = answer.find("status");
    const auto overall = part && part->is_object() ? part->find("overall") : std::nullopt;
    if (!overall) {
        answer.fail("has no status.overall; is it the address of a Kibana?");
    }
    status.state = json_text_or_empty(*overall, "level");
    if (status.state.empty()) {
        status.state = json_text_or_empty(*overall, "state");
    }
    status.is_ready = status.state == "available" || status.state == "green";
}

void read_version(JsonView answer, KibanaStatus& status) {
    const auto version = answer.find("version");
    if (version) {
        status.version = version->is_text() ? std::string(version->text())
                                            : json_text_or_empty(*version, "number");
    }
}

}  // namespace

KibanaStatus read_kibana_status(JsonView answer) {
    KibanaStatus status;
    read_overall(answer, status);
    read_version(answer, status);
    const auto metrics = answer.find("metrics");
    if (metrics && metrics->is_object()) {
        const auto requests = metrics->find("requests");
        requests && requests->is_array() ? read_history(*metrics, status)
                                         : read_window(*metrics, status);
    }
    return status;
}

std::string find_status_trouble(int status, std::string_view body) {
    constexpr int good = 200;
    constexpr int unavailable = 503;
    if (status == good || status == unavailable) {
        const std::size_t first = body.find_first_not_of(" \t\r\n");
        return first != std::string::npos && body[first] == '{'
                   ? std::string()
                   : "it answers no JSON; it may still be starting";
    }
    return fmt::format("it answers {}", status);
}

std::int64_t expected_requests(const KibanaApp& app,
                               milliseconds window,
                               const BackgroundRules& rules) {
    std::int64_t sum = 0;
    for (const KibanaHealthCheck& check : app.health_checks) {
        const std::int64_t each =
            check.protocol == "HTTP" || check.protocol == "HTTPS"               ? 1
            : check.protocol == "MESOS_HTTP" || check.protocol == "MESOS_HTTPS" ? 2
                                                                                : 0;
        const auto interval = std::max(check.interval, milliseconds(1));
        sum += each * ((window.count() + interval.count() - 1) / interval.count());
    }
    const double minutes = static_cast<double>(window.count()) / 60'000.0;
    return sum + static_cast<std::int64_t>(std::ceil(rules.extra_per_minute * minutes));
}

namespace {

/// How many requests more than there are without people; 0 where they may be none.
std::int64_t unexplained(const StatusWindow& window,
                         const KibanaApp& app,
                         const BackgroundRules& rules,
                         std::int64_t probes) {
    const auto length = window.span.end - window.span.begin;
    const std::int64_t more = window.requests - expected_requests(app, length, rules) - probes;
    return more > rules.slack ? more : 0;
}

const StatusWindow& newest_window(const KibanaStatus& status) {
    return *std::ranges::max_element(
        status.windows, {}, [](const StatusWindow& window) { return window.span.end; });
}

}  // namespace

std::optional<WallTime> find_status_use(const KibanaStatus& status,
                                        const KibanaApp& app,
                                        const BackgroundRules& rules,
                                        std::int64_t probes) {
    std::optional<WallTime> latest;
    for (const StatusWindow& window : status.windows) {
        if (unexplained(window, app, rules, probes) > 0) {
            latest = std::max(latest, std::optional(window.span.end));
        }
    }
    if (rules.connections > 0 && status.connections > rules.connections &&
        !status.windows.empty()) {
        latest = newest_window(status).span.end;
    }
    return latest;
}

double unexplained_per_minute(const KibanaStatus& status,
                              const KibanaApp& app,
                              const BackgroundRules& rules,
                              std::int64_t probes) {
    if (status.windows.empty()) {
        return 0;
    }
    const StatusWindow& window = newest_window(status);
    const auto length = std::max(window.span.end - window.span.begin, milliseconds(1));
    return static_cast<double>(unexplained(window, app, rules, probes)) *
           static_cast<double>(milliseconds(std::chrono::minutes(1)).count()) /
           static_cast<double>(length.count());
}

}  // namespace caretaker
