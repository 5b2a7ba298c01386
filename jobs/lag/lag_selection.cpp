// SPDX-License-Identifier: Apache-2.0
// The rules by which names are wanted: includes, excludes, internal topics.
#include "jobs/lag/lag_selection.hpp"

#include <algorithm>
#include <iterator>

namespace caretaker {

namespace {

constexpr std::string_view internal_prefix = "__";

/// The patterns that may name internal topics.
std::vector<std::string> internal_patterns(const std::vector<std::string>& topics) {
    std::vector<std::string> patterns;
    std::ranges::copy_if(topics, std::back_inserter(patterns), [](const std::string& text) {
        return text.starts_with(internal_prefix);
    });
    return patterns;
}

}  // namespace

LagSelection::LagSelection(const LagFilters& filters)
    : groups_({"--group", filters.groups}, {"--exclude-group", filters.excluded_groups}),
      topics_({"--topic", filters.topics}, {"--exclude-topic", filters.excluded_topics}),
      internal_topics_({"--topic", internal_patterns(filters.topics)},
                       {"--exclude-topic", filters.excluded_topics}) {}

bool LagSelection::wants_group(std::string_view name) const {
    return groups_.wants(name);
}

bool LagSelection::wants_topic(std::string_view name) const {
    return name.starts_with(internal_prefix)
               ? internal_topics_.narrows() && internal_topics_.wants(name)
               : topics_.wants(name);
}

bool LagSelection::covers(const Finding& finding) const {
    return std::ranges::all_of(finding.data, [this](const Label& label) {
        return (label.key != "group" || wants_group(label.value)) &&
               (label.key != "topic" || wants_topic(label.value));
    });
}

}  // namespace caretaker
