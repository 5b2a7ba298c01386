// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_placement.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <regex>
#include <set>

namespace caretaker::sandbox {

namespace {

/// A scalar as Marathon compares it: up to three decimals, none that is 0.
std::string format_scalar(std::int64_t milli) {
    std::string text = fmt::format("{}.{:03}", milli / 1000, milli % 1000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text;
}

/// Nothing where the agent lacks the field.
std::optional<std::string> value_of(const FakeAgent& agent, std::string_view field) {
    if (field == "hostname" || field == "@hostname") {
        return agent.hostname;
    }
    if (field == "@region" || field == "@zone") {
        const std::string& value = field == "@region" ? agent.region : agent.zone;
        return value.empty() ? std::nullopt : std::optional(value);
    }
    const auto found = std::ranges::find(agent.attributes, field, &FakeAttribute::name);
    if (found == agent.attributes.end()) {
        return std::nullopt;
    }
    if (found->kind == FakeAttribute::Kind::scalar) {
        return format_scalar(found->milli);
    }
    std::string text = format_attribute(*found);
    for (std::size_t blank = text.find(", "); blank != std::string::npos; blank = text.find(", ")) {
        text.erase(blank + 1, 1);
    }
    return text;
}

bool matches_whole(const std::string& text, const std::string& pattern) {
    return std::regex_match(text, std::regex(pattern, std::regex::ECMAScript));
}

std::size_t number_of(const FakeConstraint& constraint) {
    std::size_t number = 0;
    if (constraint.value) {
        std::from_chars(
            constraint.value->data(), constraint.value->data() + constraint.value->size(), number);
    }
    return number;
}

bool fits_group(const std::map<std::optional<std::string>, std::size_t>& groups,
                const std::string& value,
                std::size_t minimum) {
    const auto own = groups.find(value);
    if (own == groups.end()) {
        return true;
    }
    return groups.size() >= minimum && std::ranges::all_of(groups, [&](const auto& group) {
               return own->second <= group.second;
           });
}

}  // namespace

std::vector<FakeConstraint> parse_constraints(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    std::vector<FakeConstraint> constraints;
    if (document.HasParseError() || !document.IsArray()) {
        return constraints;
    }
    for (const auto& entry : document.GetArray()) {
        if (!entry.IsArray() || entry.Size() < 2 || !entry[0].IsString() || !entry[1].IsString()) {
            continue;
        }
        FakeConstraint constraint{.field = entry[0].GetString(), .op = entry[1].GetString()};
        if (entry.Size() > 2 && entry[2].IsString()) {
            constraint.value = entry[2].GetString();
        } else if (entry.Size() > 2 && entry[2].IsInt()) {
            constraint.value = std::to_string(entry[2].GetInt());
        }
        constraints.push_back(std::move(constraint));
    }
    return constraints;
}

bool meets_constraint(const PlatformState& state,
                      const FakeConstraint& constraint,
                      const FakeAgent& agent,
                      const std::vector<std::size_t>& placed) {
    const auto value = value_of(agent, constraint.field);
    if (!value) {
        return constraint.op == "UNLIKE";
    }
    if (constraint.op == "LIKE" || constraint.op == "UNLIKE") {
        return matches_whole(*value, constraint.value.value_or("")) == (constraint.op == "LIKE");
    }
    if (constraint.op == "IS") {
        return *value == constraint.value;
    }
    if (constraint.op == "CLUSTER" && constraint.value) {
        return *value == *constraint.value;
    }
    const auto value_there = [&](std::size_t other) {
        return value_of(state.agents[other], constraint.field);
    };
    if (constraint.op == "CLUSTER") {
        return placed.empty() || value_there(placed.front()) == value;
    }
    if (constraint.op == "UNIQUE" || constraint.op == "MAX_PER") {
        const auto equal = static_cast<std::size_t>(std::ranges::count(placed, value, value_there));
        return equal == 0 || (constraint.op == "MAX_PER" && equal < number_of(constraint));
    }
    std::map<std::optional<std::string>, std::size_t> groups;
    for (const std::size_t other : placed) {
        ++groups[value_there(other)];
    }
    return fits_group(groups, *value, number_of(constraint));
}

std::vector<std::int64_t> take_free_ports(const PlatformState& state,
                                          const FakeAgent& agent,
                                          std::size_t count) {
    std::set<std::int64_t> used;
    for (const std::string& id : agent.tasks) {
        const FakeTask& task = state.tasks.at(id);
        used.insert(task.ports.begin(), task.ports.end());
    }
    std::vector<std::int64_t> ports;
    for (const FakeResource& resource : agent.total) {
        if (resource.name != "ports" || !resource.reservations.empty()) {
            continue;
        }
        for (const FakeRange& range : resource.ranges) {
            for (std::int64_t port = range.begin; port <= range.end && ports.size() < count;
                 ++port) {
                if (!used.contains(port)) {
                    ports.push_back(port);
                }
            }
        }
    }
    return ports;
}

std::optional<std::size_t> find_place(const PlatformState& state,
                                      const PlacementNeeds& needs,
                                      const std::vector<std::size_t>& placed,
                                      std::size_t start) {
    const std::size_t count = state.agents.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t index = (start + i) % count;
        const FakeAgent& agent = state.agents[index];
        const bool has_room =
            agent.state == AgentState::active && agent.free.cpus >= needs.amounts.cpus &&
            agent.free.mem >= needs.amounts.mem && agent.free.disk >= needs.amounts.disk &&
            agent.free.gpus >= needs.amounts.gpus;
        const bool is_for_others = needs.amounts.gpus == 0 && agent.free.gpus > 0;
        const bool is_remote = !agent.region.empty() && agent.region != state.mesos.region;
        if (!has_room || is_for_others || is_remote) {
            continue;
        }
        const bool is_allowed = std::ranges::all_of(needs.constraints, [&](const auto& constraint) {
            return meets_constraint(state, constraint, agent, placed);
        });
        if (is_allowed && take_free_ports(state, agent, needs.ports).size() == needs.ports) {
            return index;
        }
    }
    return std::nullopt;
}

}  // namespace caretaker::sandbox
