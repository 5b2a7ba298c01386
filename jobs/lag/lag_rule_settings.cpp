// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_rule_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

std::optional<std::int64_t> parse_count(std::string_view text) {
    std::int64_t number = -1;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end && number >= 0;
    return good ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> parse_milliseconds(std::string_view text) {
    const auto duration = parse_duration(text);
    return duration ? std::optional(duration->count()) : std::nullopt;
}

using ParseRule = std::optional<std::int64_t> (*)(std::string_view);

/// What a map of lag.groups holds.
struct RuleMap {
    std::string_view path{};
    std::optional<std::int64_t> RuleOverride::*rule = nullptr;
    ParseRule parse = nullptr;
    std::string_view form{};
};

constexpr std::string_view count_form = "whole number from 0 on";
constexpr std::string_view duration_form = "duration; write 90s, 15m or 2h";

constexpr std::array rule_maps{
    RuleMap{"lag.groups.allowed_lag", &RuleOverride::allowed_lag, parse_count, count_form},
    RuleMap{
        "lag.groups.min_silence", &RuleOverride::min_silence_ms, parse_milliseconds, duration_form},
    RuleMap{"lag.groups.min_points", &RuleOverride::min_points, parse_count, count_form},
    RuleMap{"lag.groups.expire_group",
            &RuleOverride::expire_group_ms,
            parse_milliseconds,
            duration_form},
};

std::string rule_problem(const RuleMap& map, std::string_view pattern, std::string_view text) {
    if (const NamePatternResult groups = NamePattern::parse(pattern); !groups.pattern) {
        return groups.error;
    }
    return map.parse(text) ? std::string() : fmt::format("'{}' is no {}", text, map.form);
}

/// Reads one map of lag.groups, and collects what is wrong with it.
class Overrides {
 public:
    explicit Overrides(const Settings& settings) : settings_(settings) {}

    void read(const RuleMap& map) {
        for (const auto& [pattern, text] : settings_.map(map.path)) {
            const std::string problem = rule_problem(map, pattern, text);
            if (problem.empty()) {
                found_.push_back({.groups = *NamePattern::parse(pattern).pattern});
                found_.back().*map.rule = map.parse(text);
            } else {
                add_problem(fmt::format("{}: '{}': {}", map.path, pattern, problem));
            }
        }
    }

    std::vector<RuleOverride> finish() {
        if (!problems_.empty()) {
            throw UsageError(problems_);
        }
        return std::move(found_);
    }

 private:
    void add_problem(const std::string& problem) {
        problems_ += (problems_.empty() ? "" : "\n") + problem;
    }

    const Settings& settings_;
    std::vector<RuleOverride> found_{};
    std::string problems_{};
};

}  // namespace

LagRuleSet load_lag_rules(const Settings& settings) {
    const LagRules base{
        .intervals = settings.integer("lag.intervals"),
        .allowed_lag = settings.integer("lag.allowed_lag"),
        .min_silence_ms = settings.duration("lag.min_silence").count(),
        .min_points = settings.integer("lag.min_points"),
        .minimum_complete = static_cast<double>(settings.integer("lag.minimum_complete")) / 100,
        .expire_group_ms = settings.duration("lag.expire_group").count(),
        .max_window_ms = settings.duration("lag.max_window").count(),
        .min_distance_ms = settings.duration("lag.min_distance").count()};
    Overrides overrides(settings);
    for (const RuleMap& map : rule_maps) {
        overrides.read(map);
    }
    return LagRuleSet(base, overrides.finish());
}

std::vector<ValueRule> lag_value_rules() {
    std::vector<ValueRule> rules;
    for (const RuleMap& map : rule_maps) {
        rules.push_back({.key = std::string(map.path), .problem = [&map](auto text, auto name) {
                             return rule_problem(map, name, text);
                         }});
    }
    return rules;
}

}  // namespace caretaker
