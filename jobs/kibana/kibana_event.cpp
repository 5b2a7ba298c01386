// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_event.hpp"

#include "common/output/json_writer.hpp"
#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::string deadline_text(const KibanaEvent& event) {
    return event.deadline ? format_rfc3339(*event.deadline) : "its time";
}

std::string sentence(const KibanaEvent& event) {
    if (event.kind == event_kind::notice) {
        return fmt::format(
            "Kibana {} will be suspended at {} unless somebody uses it: {}. Opening "
            "it is enough to keep it.",
            event.app,
            deadline_text(event),
            event.reason);
    }
    if (event.kind == event_kind::suspended) {
        return fmt::format(
            "Kibana {} was suspended: {}. It comes back when somebody opens it, or by "
            "caretaker kibana wake {}.",
            event.app,
            event.reason,
            event.app);
    }
    if (event.kind == event_kind::resumed) {
        return fmt::format("Kibana {} was woken: {}.", event.app, event.reason);
    }
    if (event.kind == event_kind::destroy_notice) {
        return fmt::format(
            "Kibana {} will be taken out of Marathon at {}: {}. Its dashboards stay, "
            "and caretaker kibana restore {} brings it back.",
            event.app,
            deadline_text(event),
            event.reason,
            event.app);
    }
    if (event.kind == event_kind::destroyed) {
        return fmt::format(
            "Kibana {} was taken out of Marathon: {}. Its dashboards stay, and "
            "caretaker kibana restore {} brings it back.",
            event.app,
            event.reason,
            event.app);
    }
    if (event.kind == event_kind::restored) {
        return fmt::format("Kibana {} is back in Marathon: {}.", event.app, event.reason);
    }
    return fmt::format("Kibanas: {}.", event.reason);
}

}  // namespace

std::string format_kibana_event(const KibanaEvent& event) {
    JsonWriter json;
    json.begin_object();
    json.member("id", event.id);
    json.member("kind", event.kind);
    json.member("at", event.at);
    json.member("text", sentence(event));
    json.member("app", event.app);
    json.key("labels");
    json.begin_object();
    for (const auto& [name, value] : event.labels) {
        json.member(name, value);
    }
    json.end_object();
    json.member("verdict", event.verdict);
    json.member("reason", event.reason);
    const auto member = [&](std::string_view name, const std::optional<WallTime>& time) {
        json.key(name);
        time ? json.value(*time) : json.null();
    };
    member("idle_since", event.idle_since);
    member("deadline", event.deadline);
    if (event.evidence) {
        json.key("evidence");
        json.begin_object();
        member("last_use", event.evidence->last_use);
        json.member("seen_by", event.evidence->seen_by);
        json.member("watched_percent", event.evidence->watched_percent);
        json.member("idle_after", format_exact_duration(event.evidence->idle_after));
        json.end_object();
    }
    json.member("run", event.run);
    json.end_object();
    return std::string(json.text());
}

}  // namespace caretaker
