// SPDX-License-Identifier: Apache-2.0
#include "common/base/name_filter.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

std::vector<NamePattern> parse_patterns(const NamePatterns& patterns) {
    std::vector<NamePattern> result;
    result.reserve(patterns.texts.size());
    for (const std::string& text : patterns.texts) {
        NamePatternResult parsed = NamePattern::parse(text);
        if (!parsed.pattern) {
            throw UsageError(fmt::format("{} '{}': {}", patterns.origin, text, parsed.error));
        }
        result.push_back(std::move(*parsed.pattern));
    }
    return result;
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

}  // namespace

NameFilter::NameFilter(const NamePatterns& includes, const NamePatterns& excludes)
    : includes_(parse_patterns(includes)),
      excludes_(parse_patterns(excludes)),
      only_names_(!includes_.empty() && std::ranges::all_of(includes_, &NamePattern::is_literal)) {
    for (const NamePattern& pattern : includes_) {
        if (pattern.is_literal() && wants(pattern.text())) {
            names_.push_back(pattern.text());
        }
    }
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

bool NameFilter::wants(std::string_view name) const {
    return (includes_.empty() || any_matches(includes_, name)) && !any_matches(excludes_, name);
}

}  // namespace caretaker
