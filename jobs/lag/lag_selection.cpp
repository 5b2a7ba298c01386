// SPDX-License-Identifier: Apache-2.0
// The rules by which names are wanted: includes, excludes, internal topics.
#include "jobs/lag/lag_selection.hpp"

#include "common/base/error.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// Of the classic protocol, of KIP-848, and of brokers that do not tell.
constexpr std::array<std::string_view, 8> group_states{"Stable",
                                                       "Empty",
                                                       "PreparingRebalance",
                                                       "CompletingRebalance",
                                                       "Assigning",
                                                       "Reconciling",
                                                       "Dead",
                                                       "Unknown"};

std::vector<std::string_view> parse_states(const std::vector<std::string>& words) {
    std::vector<std::string_view> states;
    for (const std::string& word : words) {
        const auto known = std::ranges::find_if(group_states, [&](std::string_view state) {
            return ascii_lower(state) == ascii_lower(word);
        });
        if (known == group_states.end()) {
            throw UsageError(fmt::format("--state: '{}' is no state of a group; write one of {}",
                                         word,
                                         fmt::join(group_states, ", ")));
        }
        states.push_back(*known);
    }
    return states;
}

}  // namespace

LagSelection::LagSelection(const LagFilters& filters)
    : groups_({"--group", filters.groups}, {"--exclude-group", filters.excluded_groups}),
      topics_({"--topic", filters.topics}, {"--exclude-topic", filters.excluded_topics}),
      internal_topics_({"--topic", internal_patterns(filters.topics)},
                       {"--exclude-topic", filters.excluded_topics}),
      states_(parse_states(filters.states)) {}

bool LagSelection::wants_group(std::string_view name) const {
    return groups_.wants(name);
}

bool LagSelection::wants_topic(std::string_view name) const {
    return name.starts_with(internal_prefix)
               ? internal_topics_.narrows() && internal_topics_.wants(name)
               : topics_.wants(name);
}

bool LagSelection::wants_state(std::string_view state) const {
    return states_.empty() || state.empty() || std::ranges::find(states_, state) != states_.end();
}

bool LagSelection::covers(const Finding& finding) const {
    return std::ranges::all_of(finding.data, [this](const Label& label) {
        return (label.key != "group" || wants_group(label.value)) &&
               (label.key != "topic" || wants_topic(label.value));
    });
}

}  // namespace caretaker
