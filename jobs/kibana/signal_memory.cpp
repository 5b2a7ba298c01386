// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/signal_memory.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/store/job_memory.hpp"
#include "jobs/kibana/json_times.hpp"

#include <cstddef>

namespace caretaker {

namespace {

constexpr std::string_view signal_kind = "signal";
constexpr std::string_view access_log_name = "access_log";
constexpr std::string_view status_name = "ops";
constexpr std::string_view traffic_name = "background";
constexpr std::string_view saved_objects_name = "docs";
constexpr std::size_t most_spans = 64;

}  // namespace

std::string encode_status_memory(const StatusMemory& memory) {
    JsonWriter json;
    json.begin_object();
    for (const auto& [app, spans] : memory) {
        json.key(app);
        json.begin_array();
        for (const WatchSpan& span : spans.all()) {
            json.value(span.begin.time_since_epoch().count());
            json.value(span.end.time_since_epoch().count());
        }
        json.end_array();
    }
    json.end_object();
    return std::string(json.text());
}

StatusMemory decode_status_memory(std::string_view text) {
    const JsonDocument document =
        JsonDocument::parse(text, "the store's memory of what Kibanas said");
    StatusMemory memory;
    for (const JsonMember& app : document.root().members()) {
        const auto times = app.value.elements();
        if (times.size() % 2 != 0) {
            app.value.fail("has a time without its partner");
        }
        WatchSpans& spans = memory[std::string(app.name)];
        for (std::size_t i = 0; i + 1 < times.size(); i += 2) {
            spans.add({read_json_time(times[i]), read_json_time(times[i + 1])});
        }
    }
    return memory;
}

void add_status_spans(StatusMemory& memory, const KibanaSignal& signal) {
    for (const auto& [app, spans] : signal.watched_of) {
        WatchSpans& known = memory[app];
        known.add(spans);
        if (known.all().size() > most_spans) {
            known.forget_before(known.all()[known.all().size() - most_spans].begin);
        }
    }
}

SignalMemory load_signal_memory(JobMemory* memory) {
    SignalMemory signals;
    if (memory == nullptr) {
        return signals;
    }
    if (const auto entry = memory->find({.kind = signal_kind, .name = access_log_name})) {
        signals.access_log = decode_access_log(entry->body);
    }
    if (const auto entry = memory->find({.kind = signal_kind, .name = status_name})) {
        signals.statuses = decode_status_memory(entry->body);
    }
    if (const auto entry = memory->find({.kind = signal_kind, .name = traffic_name})) {
        signals.traffic = decode_traffic(entry->body);
    }
    if (const auto entry = memory->find({.kind = signal_kind, .name = saved_objects_name})) {
        signals.saved_objects = decode_saved_objects(entry->body);
    }
    return signals;
}

void save_signal_memory(JobMemory& memory, const SignalMemory& signals, WallTime now) {
    memory.write([&] {
        memory.save({.kind = signal_kind, .name = access_log_name},
                    encode_access_log(signals.access_log),
                    now);
        memory.save({.kind = signal_kind, .name = status_name},
                    encode_status_memory(signals.statuses),
                    now);
        memory.save(
            {.kind = signal_kind, .name = traffic_name}, encode_traffic(signals.traffic), now);
        memory.save({.kind = signal_kind, .name = saved_objects_name},
                    encode_saved_objects(signals.saved_objects),
                    now);
    });
}

}  // namespace caretaker
