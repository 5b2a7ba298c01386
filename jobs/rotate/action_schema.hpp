// SPDX-License-Identifier: Apache-2.0
// The actions of action files and the options that each takes: the union of Curator 4 to 9.
#pragma once

#include "jobs/rotate/option_schema.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

enum class ActionType : std::uint8_t {
    alias,
    allocation,
    close,
    cluster_routing,
    cold2frozen,
    create_index,
    delete_indices,
    delete_snapshots,
    forcemerge,
    freeze,
    index_settings,
    open,
    reindex,
    replicas,
    restore,
    rollover,
    shrink,
    snapshot,
    unfreeze,
};

std::string_view to_string(ActionType type);

/// All of them, in the order of the type.
std::span<const std::string_view> action_names();

/// Which lists of filters an action has.
enum class FilterForm : std::uint8_t {
    none,           // none may be there
    indices,        // `filters`
    snapshots,      // `filters`, of snapshots
    add_and_remove  // `add` and `remove`, each with its `filters`
};

FilterForm filter_form(ActionType type);

/// All options, those of every action included.
std::vector<OptionSpec> action_options(ActionType type);

}  // namespace caretaker
