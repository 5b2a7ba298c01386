// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_status.hpp"

#include "tests/sandbox/platform_state.hpp"

#include <functional>
#include <string_view>

namespace caretaker::sandbox {

namespace {

void write_history(Json& json,
                   std::string_view name,
                   const KibanaState& state,
                   const std::function<double(std::int64_t end_ms)>& value) {
    constexpr int kept = 60;
    json.begin_array(name);
    for (int i = 0; i < kept; ++i) {
        const std::int64_t end = state.window_end_ms() - i * state.ops_interval_ms;
        if (end <= state.started_ms) {
            break;
        }
        json.begin_array().integer(end).number(value(end)).end_array();
    }
    json.end_array();
}

void write_old_metrics(Json& json, const KibanaState& state) {
    json.begin_object("metrics");
    const auto constant = [](double value) { return [value](std::int64_t) { return value; }; };
    write_history(json, "rss", state, constant(180e6));
    write_history(json, "heapTotal", state, constant(120e6));
    write_history(json, "heapUsed", state, constant(80e6));
    write_history(json, "delay", state, constant(0.5));
    write_history(json, "concurrency", state, constant(state.concurrent_connections));
    write_history(json, "responseTimeAvg", state, constant(12));
    write_history(json, "responseTimeMax", state, constant(40));
    write_history(json, "requests", state, [&](std::int64_t end) {
        return static_cast<double>(state.requests_until(end));
    });
    json.end_object();
}

void write_window_metrics(Json& json, const KibanaState& state) {
    const std::int64_t end = state.window_end_ms();
    if (end <= state.started_ms) {  // before the first window is over
        json.begin_object("metrics").end_object();
        return;
    }
    const std::int64_t requests = state.requests_until(end);
    const std::int64_t uptime = state.now_ms - state.started_ms;
    json.begin_object("metrics")
        .text("last_updated", format_millis(end))
        .integer("collection_interval_in_millis", state.ops_interval_ms);
    json.begin_object("process").begin_object("memory");
    json.integer("resident_set_size_in_bytes", 180'000'000).end_object();
    json.number("event_loop_delay", 0.5).integer("pid", 1);
    if (state.version.since(6, 4)) {
        json.integer("uptime_in_millis", uptime);
    }
    json.end_object();
    if (!state.version.since(6, 4)) {
        json.integer("uptime_in_millis", uptime);
    }
    json.begin_object("response_times")
        .number("avg_in_millis", requests > 0 ? 12 : 0)
        .integer("max_in_millis", requests > 0 ? 40 : 0)
        .end_object();
    json.begin_object("requests")
        .integer("disconnects", 0)
        .integer("total", requests)
        .begin_object(state.version.since(7) ? "statusCodes" : "status_codes");
    if (requests > 0) {
        json.integer("200", requests);
    }
    json.end_object();
    if (state.version.since(7)) {
        json.begin_object("status_codes");
        if (requests > 0) {
            json.integer("200", requests);
        }
        json.end_object();
    }
    json.end_object().integer("concurrent_connections", state.concurrent_connections).end_object();
}

void write_version(Json& json, const KibanaState& state) {
    json.begin_object("version")
        .text("number", state.version.number())
        .text("build_hash", "0000000000000000000000000000000000000000")
        .integer("build_number", 60'000)
        .flag("build_snapshot", false)
        .end_object();
}

void write_levels(Json& json, const KibanaState& state, bool is_redacted) {
    const bool is_good = state.condition == KibanaCondition::ready;
    const std::string_view level = is_good ? "available" : "unavailable";
    json.begin_object("status").begin_object("overall").text("level", level);
    if (!is_redacted) {
        json.text("summary",
                  is_good ? "All services and plugins are available"
                          : "1 service is unavailable: elasticsearch");
    }
    json.end_object();
    if (!is_redacted) {
        json.begin_object("core");
        for (const std::string_view service : {"elasticsearch", "savedObjects"}) {
            json.begin_object(service)
                .text("level", level)
                .text("summary", is_good ? "available" : "unavailable")
                .end_object();
        }
        json.end_object().begin_object("plugins").end_object();
    }
    json.end_object();
}

void write_states(Json& json, const KibanaState& state) {
    const bool is_good = state.condition == KibanaCondition::ready;
    json.begin_object("status")
        .begin_object("overall")
        .text("state", is_good ? "green" : "red")
        .text("title", is_good ? "Green" : "Red")
        .text("nickname", is_good ? "Looking good" : "Danger Will Robinson! Danger!")
        .text("icon", is_good ? "success" : "danger")
        .text("since", format_millis(state.started_ms))
        .end_object();
    json.begin_array("statuses");
    for (const std::string_view plugin : {"plugin:kibana", "plugin:elasticsearch"}) {
        json.begin_object()
            .text("id", plugin)
            .text("state", is_good ? "green" : "red")
            .text("message", is_good ? "Ready" : "Unable to connect to Elasticsearch")
            .text("since", format_millis(state.started_ms))
            .end_object();
    }
    json.end_array().end_object();
}

}  // namespace

void write_kibana_status(Json& json, const KibanaState& state, bool is_redacted) {
    json.begin_object();
    if (state.version.since(8)) {
        if (!is_redacted) {
            json.text("name", "kibana").text("uuid", "00000000-0000-4000-a000-000000000001");
            write_version(json, state);
        }
        write_levels(json, state, is_redacted);
        if (!is_redacted) {
            write_window_metrics(json, state);
        }
    } else {
        json.text("name", "kibana");
        if (state.version.since(6)) {
            json.text("uuid", "00000000-0000-4000-a000-000000000001");
            write_version(json, state);
        } else if (state.version.since(5)) {
            write_version(json, state);
        }
        write_states(json, state);
        if (state.version.since(6)) {
            write_window_metrics(json, state);
        } else {
            write_old_metrics(json, state);
        }
    }
    json.end_object();
}

}  // namespace caretaker::sandbox
