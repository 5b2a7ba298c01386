// SPDX-License-Identifier: Apache-2.0
// The filters of action files over what is known of indices. Pure.
#pragma once

#include "jobs/rotate/filter_schema.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/timestring.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Indices by their numbers in the whole list, ascending.
using IndexNumbers = std::vector<std::uint32_t>;

/// What a filter found out about one index.
struct FilterNote {
    std::uint32_t index = 0;
    bool kept = false;
    bool dropped_unasked = false;  // whatever `exclude` says: its age, group or state is unknown
    std::string reason{};          // "34 d old (2026.10.22 in its name)"
};

using NoteTaker = std::function<void(const FilterNote&)>;

struct FilteredList {
    IndexNumbers indices{};
    std::vector<std::string> warnings{};
    /// The first index dropped for a date that is none, or a field without values, and which:
    /// Curator fails the action there.
    std::optional<std::string> undated{};
};

/// What a filter over indices needs.
struct FilterInput {
    std::span<const IndexFacts> indices{};
    UnixSeconds now{};
    /// Called once for each index of the list; may be empty, which saves the words.
    NoteTaker note{};
};

/// The indices of `list` that pass `filter`, in their order. Throws UsageError for a value that
/// could not be checked before, and RegexLimitError.
FilteredList apply_filter(const FilterSpec& filter,
                          const FilterInput& input,
                          const IndexNumbers& list);

/// Whether a filter needs the number of segments.
bool uses_segments(std::span<const FilterSpec> filters);

}  // namespace caretaker
