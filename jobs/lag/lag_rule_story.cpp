// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_rule_story.hpp"

#include "common/text/duration.hpp"
#include "common/text/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <span>

namespace caretaker {

namespace {

std::string time_words(std::int64_t ms) {
    return format_duration(std::chrono::milliseconds(std::max<std::int64_t>(ms, 0)));
}

std::string lag_words(std::span<const CommitPoint> points) {
    std::string words;
    for (const CommitPoint& point : points) {
        words += words.empty() ? "" : " ";
        words += point.lag ? std::to_string(*point.lag) : "-";
    }
    return words.empty() ? "none seen" : words;
}

std::string end_words(const JudgeCase& given) {
    if (given.ends.empty() || given.points.empty()) {
        return "nothing to compare";
    }
    return fmt::format("lowest recent end {}, last offset {}",
                       std::ranges::min(given.ends),
                       given.points.back().offset);
}

std::string rewind_words(const JudgeCase& given, const JudgeRules& rules) {
    if (!rules.rewind_index) {
        return "no offset went back, or it came to where it was";
    }
    const std::size_t index = *rules.rewind_index;
    return fmt::format("from {} to {}", given.points[index - 1].offset, given.points[index].offset);
}

std::size_t count_offsets(std::span<const CommitPoint> points) {
    std::set<std::int64_t> offsets;
    for (const CommitPoint& point : points) {
        offsets.insert(point.offset);
    }
    return offsets.size();
}

}  // namespace

std::vector<RuleStory> tell_rules(const JudgeCase& given, const JudgeParameters& parameters) {
    const Judgement judgement = judge_partition(given, parameters);
    const JudgeRules& rules = judgement.rules;
    const std::string allowed = format_number(parameters.allowed_lag, false);
    return {
        {.rule = "lag within the allowed",
         .holds = given.lag <= parameters.allowed_lag,
         .numbers = fmt::format("lag {}, allowed {}", given.lag, allowed)},
        {.rule = "stopped",
         .holds = rules.stopped,
         .numbers = fmt::format("silent for {}, the window spans {}; counts from {} of silence on",
                                time_words(silence_ms(given)),
                                time_words(span_ms(given)),
                                time_words(parameters.min_silence_ms))},
        {.rule = "recently caught up",
         .holds = rules.recently_caught_up,
         .numbers = end_words(given)},
        {.rule = "rewound",
         .holds = rules.rewind_index.has_value(),
         .numbers = rewind_words(given, rules)},
        {.rule = "lag always above the allowed",
         .holds = rules.lag_always_above_allowed,
         .numbers = fmt::format("lags {}; allowed {}", lag_words(given.points), allowed)},
        {.rule = "stalled",
         .holds = rules.stalled,
         .numbers = fmt::format("commits {}, different offsets {}; counts from {} commits on",
                                given.points.size(),
                                count_offsets(given.points),
                                parameters.min_points)},
        {.rule = "lag not decreasing",
         .holds = rules.lag_not_decreasing,
         .numbers = fmt::format(
             "lags {}; counts from {} commits on", lag_words(given.points), parameters.min_points)},
        {.rule = "verdict " + std::string(to_string(judgement.status)),
         .holds = true,
         .numbers = given.live_owner ? "a member of the group owns the partition"
                                     : "no member of the group is known to own the partition"},
    };
}

}  // namespace caretaker
