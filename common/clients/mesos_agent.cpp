// SPDX-License-Identifier: Apache-2.0
#include "common/clients/mesos_agent.hpp"

#include "common/json/json_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace caretaker {

namespace {

struct Interval {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

std::string format_intervals(std::vector<Interval> intervals) {
    std::ranges::sort(intervals, {}, &Interval::begin);
    std::string text = "[";
    for (const Interval& interval : intervals) {
        text += fmt::format("{}{}-{}", text.size() == 1 ? "" : ",", interval.begin, interval.end);
    }
    return text + ']';
}

std::string format_set(std::vector<std::string> items) {
    std::ranges::sort(items);
    return fmt::format("{{{}}}", fmt::join(items, ","));
}

std::string_view trim(std::string_view text) {
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t comma = text.find(',');
        parts.push_back(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

std::optional<Interval> parse_interval(std::string_view text) {
    Interval interval;
    const char* const end = text.data() + text.size();
    const auto begun = std::from_chars(text.data(), end, interval.begin);
    if (begun.ec != std::errc{} || begun.ptr == end || *begun.ptr != '-') {
        return std::nullopt;
    }
    const auto ended = std::from_chars(begun.ptr + 1, end, interval.end);
    return ended.ec == std::errc{} && ended.ptr == end ? std::optional(interval) : std::nullopt;
}

/// Text that master endpoints make of ranges and sets.
std::string format_text_attribute(std::string_view text) {
    if (text.size() < 2) {
        return std::string(text);
    }
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (text.starts_with('{') && text.ends_with('}')) {
        const auto parts = split(inner);
        return format_set({parts.begin(), parts.end()});
    }
    if (text.starts_with('[') && text.ends_with(']')) {
        std::vector<Interval> intervals;
        for (const std::string_view part : split(inner)) {
            const auto interval = parse_interval(part);
            if (!interval) {
                return std::string(text);
            }
            intervals.push_back(*interval);
        }
        return format_intervals(std::move(intervals));
    }
    return std::string(text);
}

void add_attribute(MesosAttributes& attributes, std::string_view name, std::string value) {
    const bool is_new =
        std::ranges::none_of(attributes, [&](const auto& known) { return known.first == name; });
    if (is_new) {
        attributes.emplace_back(name, std::move(value));
    }
}

/// Of protobuf's form: {"name", "type", "scalar" | "text" | "ranges" | "set"}.
std::string format_typed_attribute(JsonView attribute) {
    if (const auto scalar = attribute.find("scalar")) {
        return format_scalar_attribute(scalar->at("value").number());
    }
    if (const auto text = attribute.find("text")) {
        return json_text_or_empty(*text, "value");
    }
    if (const auto ranges = attribute.find("ranges")) {
        std::vector<Interval> intervals;
        for (const JsonView& range : json_elements_of(*ranges, "range")) {
            intervals.push_back({range.at("begin").integer(), range.at("end").integer()});
        }
        return format_intervals(std::move(intervals));
    }
    std::vector<std::string> items;
    if (const auto set = attribute.find("set")) {
        for (const JsonView& item : json_elements_of(*set, "item")) {
            items.emplace_back(item.text());
        }
    }
    return format_set(std::move(items));
}

/// The part between '@' and the port of "slave(1)@10.0.0.7:5051".
std::string address_of(std::string_view pid) {
    const std::size_t at = pid.find('@');
    if (at == std::string_view::npos) {
        return {};
    }
    pid.remove_prefix(at + 1);
    return std::string(pid.substr(0, pid.rfind(':')));
}

void read_domain(JsonView object, MesosAgent& agent) {
    const auto domain = object.find("domain");
    const auto fault = domain ? domain->find("fault_domain") : std::nullopt;
    if (!fault) {
        return;
    }
    if (const auto region = fault->find("region")) {
        agent.region = json_text_or_empty(*region, "name");
    }
    if (const auto zone = fault->find("zone")) {
        agent.zone = json_text_or_empty(*zone, "name");
    }
}

void read_drain(JsonView object, MesosAgent& agent) {
    agent.is_active = json_flag_or(object, "active", true);
    agent.is_deactivated = json_flag_or(object, "deactivated", false);
    if (const auto drain = object.find("drain_info")) {
        agent.drain_state = json_text_or_empty(*drain, "state");
    }
}

/// Seconds beyond any calendar are no time.
std::int64_t milliseconds(double seconds) {
    constexpr double most = 1e12;
    return seconds > 0 && seconds < most ? std::llround(seconds * 1000) : 0;
}

}  // namespace

std::string read_mesos_region(JsonView master) {
    MesosAgent parts;
    if (master.is_object()) {
        read_domain(master, parts);
    }
    return parts.region;
}

/// "0.###" of Java's DecimalFormat.
std::string format_scalar_attribute(double value) {
    std::string text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string format_attribute(JsonView value) {
    return value.is_number() ? format_scalar_attribute(value.number())
                             : format_text_attribute(value.text());
}

MesosAgent read_mesos_agent(JsonView object) {
    MesosAgent agent{.id = std::string(object.at("id").text()),
                     .hostname = std::string(object.at("hostname").text()),
                     .address = address_of(json_text_or_empty(object, "pid"))};
    read_domain(object, agent);
    read_drain(object, agent);
    if (const auto attributes = object.find("attributes")) {
        for (const JsonMember& member : attributes->members()) {
            add_attribute(agent.attributes, member.name, format_attribute(member.value));
        }
    }
    for (const std::string_view name : {"registered_time", "reregistered_time"}) {
        const auto time = object.find(name);
        agent.registered_ms =
            std::max(agent.registered_ms, time ? milliseconds(time->number()) : 0);
    }
    if (const auto sum = object.find("resources")) {
        agent.sum = read_mesos_sums(*sum);
    }
    if (const auto used = object.find("used_resources")) {
        agent.used_sum = read_mesos_sums(*used);
    }
    if (const auto offered = object.find("offered_resources")) {
        agent.offered_sum = read_mesos_sums(*offered);
    }
    if (const auto unreserved = object.find("unreserved_resources")) {
        agent.unreserved_sum = read_mesos_sums(*unreserved);
    }
    if (const auto reserved = object.find("reserved_resources")) {
        for (const JsonMember& member : reserved->members()) {
            agent.reserved_sums.emplace_back(member.name, read_mesos_sums(member.value));
        }
    }
    agent.is_detailed = object.find("unreserved_resources_full").has_value();
    if (agent.is_detailed) {
        agent.total = read_mesos_resources(object, "unreserved_resources_full");
        const auto reserved = object.find("reserved_resources_full");
        for (const JsonMember& role : reserved ? reserved->members() : std::vector<JsonMember>{}) {
            for (const JsonView& entry : role.value.elements()) {
                agent.total.push_back(read_mesos_resource(entry));
            }
        }
        agent.used = read_mesos_resources(object, "used_resources_full");
        agent.offered = read_mesos_resources(object, "offered_resources_full");
    }
    return agent;
}

MesosAgent read_mesos_v1_agent(JsonView object) {
    const JsonView info = object.at("agent_info");
    MesosAgent agent{.id = std::string(info.at("id").at("value").text()),
                     .hostname = std::string(info.at("hostname").text()),
                     .address = address_of(json_text_or_empty(object, "pid"))};
    read_domain(info, agent);
    read_drain(object, agent);
    if (const auto attributes = info.find("attributes")) {
        for (const JsonView& attribute : attributes->elements()) {
            add_attribute(
                agent.attributes, attribute.at("name").text(), format_typed_attribute(attribute));
        }
    }
    for (const std::string_view name : {"registered_time", "reregistered_time"}) {
        const auto time = object.find(name);
        const auto nanoseconds = time ? time->find("nanoseconds") : std::nullopt;
        agent.registered_ms =
            std::max(agent.registered_ms, nanoseconds ? nanoseconds->integer() / 1'000'000 : 0);
    }
    agent.is_detailed = true;
    agent.total = read_mesos_resources(object, "total_resources");
    agent.used = read_mesos_resources(object, "allocated_resources");
    agent.offered = read_mesos_resources(object, "offered_resources");
    return agent;
}

}  // namespace caretaker
