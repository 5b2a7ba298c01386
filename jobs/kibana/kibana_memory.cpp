// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_memory.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"
#include "common/store/job_memory.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view state_kind = "app";
constexpr std::string_view definition_kind = "definition";
constexpr std::chrono::days definitions_are_kept{400};

bool is_forgotten(const KibanaState& state, WallTime now) {
    return state.gone_at &&
           (state.saved_version.empty() || now - *state.gone_at > definitions_are_kept);
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<WallTime>& time) {
    if (time) {
        json.member(name, time->time_since_epoch().count());
    }
}

std::optional<WallTime> read_time(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::optional(read_json_time(*member)) : std::nullopt;
}

/// `kept` is what the store has meanwhile.
KibanaState with_notes_of_others(KibanaState state, const KibanaState& kept) {
    if (kept.last_activity > state.last_activity) {
        state.last_activity = kept.last_activity;
        state.activity_source = kept.activity_source;
    }
    if (state.suspended_at && kept.resumed_at > state.suspended_at) {
        state.resumed_at = kept.resumed_at;
        state.suspended_at = kept.suspended_at;
        state.notice_at = kept.notice_at;
        state.destroy_notice_at = kept.destroy_notice_at;
    }
    state.protected_until = kept.protected_until;
    return state;
}

}  // namespace

std::string encode_kibana_state(const KibanaState& state) {
    JsonWriter json;
    json.begin_object();
    write_time(json, "last_activity", state.last_activity);
    json.member("source", state.activity_source);
    write_time(json, "notice_at", state.notice_at);
    write_time(json, "notice_of", state.notice_of);
    write_time(json, "suspended_at", state.suspended_at);
    json.member("saved_instances", state.saved_instances);
    write_time(json, "resumed_at", state.resumed_at);
    write_time(json, "destroy_notice_at", state.destroy_notice_at);
    write_time(json, "protected_until", state.protected_until);
    json.member("saved_version", state.saved_version);
    write_time(json, "gone_at", state.gone_at);
    json.end_object();
    return std::string(json.text());
}

KibanaState decode_kibana_state(std::string_view text, std::string_view app) {
    const JsonDocument document =
        JsonDocument::parse(text, fmt::format("the store's memory of {}", app));
    const JsonView root = document.root();
    return {.last_activity = read_time(root, "last_activity"),
            .activity_source = json_text_or_empty(root, "source"),
            .notice_at = read_time(root, "notice_at"),
            .notice_of = read_time(root, "notice_of"),
            .suspended_at = read_time(root, "suspended_at"),
            .saved_instances = root.at("saved_instances").integer(),
            .resumed_at = read_time(root, "resumed_at"),
            .destroy_notice_at = read_time(root, "destroy_notice_at"),
            .protected_until = read_time(root, "protected_until"),
            .saved_version = json_text_or_empty(root, "saved_version"),
            .gone_at = read_time(root, "gone_at")};
}

std::optional<KibanaState> load_kibana_state(JobMemory& memory, std::string_view app) {
    const auto entry = memory.find({.kind = state_kind, .name = app});
    return entry ? std::optional(decode_kibana_state(entry->body, app)) : std::nullopt;
}

KibanaStates load_kibana_states(JobMemory* memory) {
    KibanaStates states;
    if (memory == nullptr) {
        return states;
    }
    for (const std::string& app : memory->names(state_kind, WallTime{})) {
        if (auto state = load_kibana_state(*memory, app)) {
            states.emplace(app, std::move(*state));
        }
    }
    return states;
}

void save_kibana_states(JobMemory& memory, const KibanaStates& states, WallTime now) {
    memory.write([&] {
        for (const auto& [app, state] : states) {
            if (is_forgotten(state, now)) {
                continue;
            }
            const auto kept = load_kibana_state(memory, app);
            memory.save({.kind = state_kind, .name = app},
                        encode_kibana_state(kept ? with_notes_of_others(state, *kept) : state),
                        now);
            if (!state.saved_version.empty()) {
                if (const auto body = load_definition(memory, app)) {
                    memory.save({.kind = definition_kind, .name = app}, *body, now);
                }
            }
        }
    });
}

KibanaState change_kibana_state(JobMemory& memory,
                                std::string_view app,
                                WallTime now,
                                const std::function<void(KibanaState&)>& change) {
    KibanaState state;
    memory.write([&] {
        state = load_kibana_state(memory, app).value_or(KibanaState{});
        change(state);
        memory.save({.kind = state_kind, .name = app}, encode_kibana_state(state), now);
    });
    return state;
}

KibanaState note_touch(JobMemory& memory, std::string_view app, WallTime now) {
    return change_kibana_state(memory, app, now, [&](KibanaState& state) {
        state.last_activity = now;
        state.activity_source = "touch";
    });
}

void save_definition(JobMemory& memory, std::string_view app, std::string_view body, WallTime now) {
    memory.write([&] { memory.save({.kind = definition_kind, .name = app}, body, now); });
}

std::optional<std::string> load_definition(JobMemory& memory, std::string_view app) {
    const auto entry = memory.find({.kind = definition_kind, .name = app});
    return entry ? std::optional<std::string>(entry->body) : std::nullopt;
}

}  // namespace caretaker
