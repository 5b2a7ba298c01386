// SPDX-License-Identifier: Apache-2.0
// The filters of action files: their types and the keys that each takes.
#pragma once

#include "jobs/rotate/option_schema.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class FilterType : std::uint8_t {
    age,
    alias,
    allocated,
    closed,
    count,
    empty,
    forcemerged,
    ilm,
    kibana,
    none,
    opened,
    pattern,
    period,
    shards,
    size,
    space,
    state,
};

std::string_view to_string(FilterType type);

/// Whether a list is of indices or of snapshots, whose filters differ.
enum class ListKind : std::uint8_t { indices, snapshots };

struct FilterSpec {
    FilterType type = FilterType::none;
    CheckedOptions options{};
    TextPosition at{};
    /// Whether what matches is dropped, and what does not is kept.
    bool exclude = false;
};

/// Reads one element of a list of filters; nothing when it is no filter at all. `number`, from 1,
/// is for messages.
std::optional<FilterSpec> read_filter(const CuratorValue& value,
                                      ListKind list,
                                      std::size_t number,
                                      OptionChecker& checker);

/// "age older than 30 days by the date %Y.%m.%d in the name", for plans and explanations.
std::string describe_filter(const FilterSpec& filter);

}  // namespace caretaker
