// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/document_reader.hpp"

#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 9> terminal_states{"TASK_FINISHED",
                                                          "TASK_FAILED",
                                                          "TASK_KILLED",
                                                          "TASK_LOST",
                                                          "TASK_ERROR",
                                                          "TASK_DROPPED",
                                                          "TASK_GONE",
                                                          "TASK_GONE_BY_OPERATOR",
                                                          "TASK_UNREACHABLE"};

constexpr std::array patterns{
    std::string_view("/slaves/*"),
    std::string_view("/recovered_slaves/*"),
    std::string_view("/frameworks/*/tasks/*"),
    std::string_view("/frameworks/*/executors/*"),
    std::string_view("/get_agents/agents/*"),
    std::string_view("/get_state/get_agents/agents/*"),
    std::string_view("/get_agents/recovered_agents/*"),
    std::string_view("/get_state/get_agents/recovered_agents/*"),
    std::string_view("/flags"),
    std::string_view("/get_flags/flags/*"),
    std::string_view("/windows/*"),
    std::string_view("/get_maintenance_schedule/schedule/windows/*"),
    std::string_view("/down_machines/*"),
    std::string_view("/get_maintenance_status/status/down_machines/*"),
    std::string_view("/unreachable_slaves"),
    std::string_view("/version"),
    std::string_view("/caretaker_case"),
};

/// Of a machine's id as the operator wrote it: a part that is left out is the empty text.
Machine read_machine(JsonView id) {
    return {.hostname = json_text_or_empty(id, "hostname"),
            .address = json_text_or_empty(id, "ip")};
}

std::chrono::nanoseconds read_nanoseconds(JsonView time) {
    return std::chrono::nanoseconds(time.at("nanoseconds").integer_or_digits());
}

}  // namespace

bool DocumentReader::read(const JsonSource& source, const std::string& what) {
    builder_.begin_document();
    bool is_known = false;
    const JsonSource counted = [&](std::span<char> buffer) {
        const std::size_t count = source(buffer);
        facts_.input_bytes += count;
        return count;
    };
    read_json_elements(counted, what, patterns, [&](const JsonElement& element) {
        is_known = true;
        take(element.pattern, element.value);
        if (on_value_) {
            on_value_(patterns.at(element.pattern), element.value);
        }
    });
    return is_known;
}

void DocumentReader::take(std::size_t pattern, JsonView value) {
    const std::string_view place = patterns.at(pattern);
    if (place == "/slaves/*") {
        take_agent(value, read_mesos_agent);
    } else if (place.ends_with("/agents/*")) {
        take_agent(value, read_mesos_v1_agent);
    } else if (place == "/recovered_slaves/*") {
        take_recovered(value);
    } else if (place.ends_with("/recovered_agents/*")) {
        take_v1_recovered(value);
    } else if (place.starts_with("/frameworks/")) {
        take_use(value);
    } else if (place == "/flags") {
        take_flags(value);
    } else if (place == "/get_flags/flags/*") {
        take_flag(json_text_or_empty(value, "name"), value);
    } else if (place.ends_with("windows/*")) {
        take_window(value);
    } else if (place.ends_with("down_machines/*")) {
        take_down_machine(value);
    } else if (place == "/unreachable_slaves") {
        facts_.unreachable = value.integer();
    } else if (place == "/version") {
        facts_.mesos_version = value.text();
    } else if (place == "/caretaker_case") {
        saved_time_ = parse_rfc3339(value.at("now").text());
    }
}

/// One that cannot be read must not hide the others.
void DocumentReader::take_agent(JsonView value, MesosAgent (*read_agent)(JsonView)) {
    has_agents_ = true;
    try {
        builder_.add(read_agent(value));
    } catch (const JsonError& error) {  // it becomes a problem of the run
        std::string subject = value.path();
        if (value.is_object()) {
            const auto name = value.find("hostname");
            subject = name && name->is_text() ? std::string(name->text()) : subject;
        }
        facts_.unread.push_back({.subject = "agent " + subject, .message = error.what()});
    }
}

void DocumentReader::take_recovered(JsonView value) {
    has_agents_ = true;
    builder_.add_recovered(
        {.id = json_text_or_empty(value, "id"), .hostname = json_text_or_empty(value, "hostname")});
}

void DocumentReader::take_v1_recovered(JsonView value) {
    const auto id = value.find("id");
    has_agents_ = true;
    builder_.add_recovered({.id = id ? json_text_or_empty(*id, "value") : std::string(),
                            .hostname = json_text_or_empty(value, "hostname")});
}

/// Tasks that are over and not acknowledged yet use nothing. Executors that stand in the form of
/// protobuf (some of Mesos 0.27) are of masters that tell sums.
void DocumentReader::take_use(JsonView value) {
    const auto resources = value.find("resources");
    const auto agent = value.find("slave_id");
    if (!resources || !resources->is_object() || !agent || !agent->is_text() ||
        std::ranges::find(terminal_states, json_text_or_empty(value, "state")) !=
            terminal_states.end()) {
        return;
    }
    builder_.add_use(std::string(agent->text()), read_mesos_sums(*resources));
}

void DocumentReader::take_flags(JsonView value) {
    if (value.is_object()) {
        for (const JsonMember& member : value.members()) {
            if (member.name == "min_allocatable_resources") {
                take_flag(member.name, value);
            }
        }
    }
}

/// `holder` has the text as the member of the flag's name, or as "value".
void DocumentReader::take_flag(std::string_view name, JsonView holder) {
    if (name != "min_allocatable_resources") {
        return;
    }
    const auto direct = holder.find(name);
    const std::string text =
        direct ? std::string(direct->text()) : json_text_or_empty(holder, "value");
    if (auto parsed = parse_min_allocatable(text)) {
        facts_.flags.min_allocatable = std::move(*parsed);
    } else {
        facts_.unread.push_back(
            {.subject = "flag min_allocatable_resources",
             .message = "the master's flag min_allocatable_resources is '" + text +
                        "', which this version cannot read; Mesos' default is taken"});
    }
}

void DocumentReader::take_window(JsonView value) {
    MaintenanceWindow window;
    for (const JsonView& id : json_elements_of(value, "machine_ids")) {
        window.machines.push_back(read_machine(id));
    }
    const JsonView unavailability = value.at("unavailability");
    window.start = read_nanoseconds(unavailability.at("start"));
    if (const auto duration = unavailability.find("duration")) {
        window.duration = read_nanoseconds(*duration);
    }
    facts_.windows.push_back(std::move(window));
}

void DocumentReader::take_down_machine(JsonView value) {
    const auto id = value.find("id");
    facts_.down_machines.push_back(read_machine(id ? *id : value));
}

ClusterFacts DocumentReader::finish() {
    facts_.cluster = builder_.finish();
    facts_.listed_twice = builder_.listed_twice();
    return std::move(facts_);
}

}  // namespace caretaker
