// SPDX-License-Identifier: Apache-2.0
// The rules by which names are wanted: includes, excludes, internal topics.
#include "jobs/lag/lag_selection.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace caretaker {

namespace {

constexpr std::string_view internal_prefix = "__";

std::vector<NamePattern> parse_patterns(std::string_view flag, std::span<const std::string> texts) {
    std::vector<NamePattern> patterns;
    patterns.reserve(texts.size());
    for (const std::string& text : texts) {
        NamePatternResult parsed = NamePattern::parse(text);
        if (!parsed.pattern) {
            throw UsageError(fmt::format("{} '{}': {}", flag, text, parsed.error));
        }
        patterns.push_back(std::move(*parsed.pattern));
    }
    return patterns;
}

bool matches(const NamePattern& pattern, std::string_view name) {
    try {
        return pattern.matches(name);
    } catch (const RegexLimitError&) {
        // The expression is the caller's, so it is the caller who can mend it.
        throw UsageError(
            fmt::format("matching '{}' against {}: the expression takes too many steps; write a "
                        "simpler one",
                        name,
                        pattern.text()));
    }
}

bool any_matches(std::span<const NamePattern> patterns, std::string_view name) {
    return std::ranges::any_of(patterns,
                               [&](const NamePattern& pattern) { return matches(pattern, name); });
}

std::vector<std::string> literals(std::span<const NamePattern> patterns) {
    std::vector<std::string> names;
    for (const NamePattern& pattern : patterns) {
        if (pattern.is_literal()) {
            names.push_back(pattern.text());
        }
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace

LagSelection::LagSelection(const LagFilters& filters)
    : groups_(parse_patterns("--group", filters.groups)),
      excluded_groups_(parse_patterns("--exclude-group", filters.excluded_groups)),
      topics_(parse_patterns("--topic", filters.topics)),
      excluded_topics_(parse_patterns("--exclude-topic", filters.excluded_topics)),
      named_groups_(literals(groups_)),
      named_topics_(literals(topics_)),
      only_named_groups_(!groups_.empty() &&
                         std::ranges::all_of(groups_, &NamePattern::is_literal)) {
    std::erase_if(named_groups_, [&](const std::string& name) { return !wants_group(name); });
    std::erase_if(named_topics_, [&](const std::string& name) { return !wants_topic(name); });
}

bool LagSelection::wants_group(std::string_view name) const {
    return (groups_.empty() || any_matches(groups_, name)) && !any_matches(excluded_groups_, name);
}

bool LagSelection::wants_topic(std::string_view name) const {
    if (any_matches(excluded_topics_, name)) {
        return false;
    }
    if (!name.starts_with(internal_prefix)) {
        return topics_.empty() || any_matches(topics_, name);
    }
    return std::ranges::any_of(topics_, [&](const NamePattern& pattern) {
        return pattern.text().starts_with(internal_prefix) && matches(pattern, name);
    });
}

bool LagSelection::covers(const Finding& finding) const {
    return std::ranges::all_of(finding.data, [this](const Label& label) {
        return (label.key != "group" || wants_group(label.value)) &&
               (label.key != "topic" || wants_topic(label.value));
    });
}

}  // namespace caretaker
