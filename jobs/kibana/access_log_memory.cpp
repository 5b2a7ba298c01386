// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/access_log_memory.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/json_times.hpp"

#include <algorithm>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds late_lines{std::chrono::minutes(15)};
constexpr milliseconds slack{std::chrono::hours(1)};
constexpr milliseconds longest_way{std::chrono::hours(24)};  // of a canary

}  // namespace

std::string encode_access_log(const AccessLogMemory& memory) {
    const auto number = [](WallTime time) { return time.time_since_epoch().count(); };
    JsonWriter json;
    json.begin_object();
    json.member("rules", memory.rules);
    json.member("asked_from", number(memory.asked_from));
    json.key("watched");
    json.begin_array();
    for (const WatchSpan& span : memory.watched.all()) {
        json.begin_array();
        json.value(number(span.begin));
        json.value(number(span.end));
        json.end_array();
    }
    json.end_array();
    json.key("latest");
    json.begin_object();
    for (const auto& [app, time] : memory.latest) {
        json.member(app, number(time));
    }
    json.end_object();
    json.key("canary_rounds");
    memory.canaries.write(json);
    json.end_object();
    return std::string(json.text());
}

AccessLogMemory decode_access_log(std::string_view text) {
    const JsonDocument document = JsonDocument::parse(text, "the store's memory of the access log");
    const JsonView root = document.root();
    AccessLogMemory memory{.rules = std::string(root.at("rules").text()),
                           .asked_from = read_json_time(root.at("asked_from"))};
    for (const JsonView& span : root.at("watched").elements()) {
        const auto ends = span.elements();
        if (ends.size() != 2) {
            span.fail("has not two times");
        }
        memory.watched.add({read_json_time(ends[0]), read_json_time(ends[1])});
    }
    for (const JsonMember& app : root.at("latest").members()) {
        memory.latest.emplace(app.name, read_json_time(app.value));
    }
    // Before canaries were told apart by their proxies they had another name.
    if (const auto rounds = root.find("canary_rounds")) {
        memory.canaries = CanaryRounds::read(*rounds);
    }
    return memory;
}

WatchSpan next_log_window(AccessLogMemory& memory,
                          const std::string& rules,
                          milliseconds back,
                          milliseconds lag,
                          WallTime now) {
    const WallTime oldest = now - back;
    WatchSpan window{oldest, now - lag};
    if (memory.rules != rules || memory.asked_from > oldest + slack) {
        memory = {.rules = rules, .asked_from = oldest, .canaries = memory.canaries};
        return window;
    }
    memory.watched.forget_before(oldest);
    memory.canaries.forget_before(oldest);
    memory.asked_from = std::max(memory.asked_from, oldest);
    if (const auto end = memory.watched.end()) {
        window.begin = std::max(oldest, *end - late_lines);
    }
    for (const CanaryRound& round : memory.canaries.missing({oldest, window.end})) {
        if (round.sent >= now - longest_way) {
            window.begin = std::max(oldest, std::min(window.begin, round.sent - late_lines));
        }
    }
    std::erase_if(memory.latest, [&](const auto& entry) { return entry.second < oldest; });
    return window;
}

}  // namespace caretaker
