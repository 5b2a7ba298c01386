// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_judge_line.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 9> known_keys{"id",
                                                     "points",
                                                     "ends",
                                                     "lag",
                                                     "now_ms",
                                                     "allowed_lag",
                                                     "min_silence_s",
                                                     "min_points",
                                                     "live_owner"};

std::int64_t not_negative(JsonView value) {
    const std::int64_t number = value.integer();
    if (number < 0) {
        value.fail(fmt::format("is {}, and must not be negative", number));
    }
    return number;
}

std::int64_t not_negative_or(JsonView line, std::string_view name, std::int64_t otherwise) {
    const auto value = line.find(name);
    return value ? not_negative(*value) : otherwise;
}

/// Seconds as milliseconds; fractions are taken, as people write 0.5.
std::int64_t read_silence_ms(JsonView line) {
    const auto value = line.find("min_silence_s");
    if (!value) {
        return 0;
    }
    constexpr double longest_s = 1e12;
    const double seconds = value->number();
    if (seconds < 0 || seconds > longest_s) {
        value->fail("is not a number of seconds from 0 on");
    }
    return static_cast<std::int64_t>(seconds * 1000);
}

std::variant<std::string, std::int64_t> read_id(JsonView id) {
    if (id.is_text()) {
        return std::string(id.text());
    }
    if (!id.is_number()) {
        id.fail("is not a text or a whole number");
    }
    return id.integer();
}

CommitPoint read_point(JsonView point) {
    const std::vector<JsonView> parts = point.elements();
    if (parts.size() != 3) {
        point.fail(fmt::format("has {} {}, not three: [offset, commit_ms, lag or null]",
                               parts.size(),
                               parts.size() == 1 ? "value" : "values"));
    }
    return {.offset = not_negative(parts[0]),
            .at_ms = parts[1].integer(),
            .lag = parts[2].is_null() ? std::nullopt : std::optional(not_negative(parts[2]))};
}

/// Which of two values counts would be chance.
void refuse_repeated_keys(JsonView root) {
    std::set<std::string_view> seen;
    for (const JsonMember& member : root.members()) {
        if (!seen.insert(member.name).second) {
            member.value.fail("is there twice; write each key once");
        }
    }
}

/// A key that is nearly one of ours is a typing error, which would change the verdict in silence;
/// other keys belong to whoever wrote the line.
void note_unknown_keys(JsonView root, JudgeLine& line) {
    for (const JsonMember& member : root.members()) {
        if (std::ranges::find(known_keys, member.name) != known_keys.end()) {
            continue;
        }
        if (const auto near = nearest_name(member.name, known_keys)) {
            member.value.fail(fmt::format("is not a known key; did you mean '{}'?", *near));
        }
        line.unknown_keys.emplace_back(member.name);
    }
}

}  // namespace

JudgeLine parse_judge_line(std::string_view text, const std::string& what) {
    const JsonDocument document =
        JsonDocument::parse(text, what, "caretaker lag judge --help shows a line");
    const JsonView root = document.root();
    refuse_repeated_keys(root);
    JudgeLine line{.id = read_id(root.at("id"))};
    note_unknown_keys(root, line);
    const std::vector<JsonView> points = root.at("points").elements();
    line.points.reserve(points.size());
    for (const JsonView& point : points) {
        line.points.push_back(read_point(point));
    }
    for (std::size_t i = 1; i < line.points.size() && !line.falling_time; ++i) {
        if (line.points[i].at_ms < line.points[i - 1].at_ms) {
            line.falling_time = i;
        }
    }
    const std::vector<JsonView> ends = root.at("ends").elements();
    line.ends.reserve(ends.size());
    for (const JsonView& end : ends) {
        line.ends.push_back(not_negative(end));
    }
    line.lag = not_negative(root.at("lag"));
    line.now_ms = root.at("now_ms").integer();
    line.parameters = {.allowed_lag = not_negative_or(root, "allowed_lag", 0),
                       .min_silence_ms = read_silence_ms(root),
                       .min_points = not_negative_or(root, "min_points", 1)};
    const auto live = root.find("live_owner");
    line.live_owner = live && live->flag();
    return line;
}

void write_judgement(JsonWriter& json, const JudgeLine& line, const Judgement& judgement) {
    const JudgeRules& rules = judgement.rules;
    json.begin_object();
    json.key("id");
    std::visit([&](const auto& id) { json.value(id); }, line.id);
    json.member("status", to_string(judgement.status));
    json.key("rules");
    json.begin_object();
    json.member("stopped", rules.stopped);
    json.member("recently_caught_up", rules.recently_caught_up);
    json.key("rewind_index");
    if (rules.rewind_index) {
        json.value(static_cast<std::int64_t>(*rules.rewind_index));
    } else {
        json.null();
    }
    json.member("lag_always_above_allowed", rules.lag_always_above_allowed);
    json.member("stalled", rules.stalled);
    json.member("lag_not_decreasing", rules.lag_not_decreasing);
    json.end_object();
    json.end_object();
    json.end_line();
}

}  // namespace caretaker
