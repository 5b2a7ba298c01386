// SPDX-License-Identifier: Apache-2.0
// A whole action file, checked.
#pragma once

#include "jobs/rotate/action_schema.hpp"
#include "jobs/rotate/filter_schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct ActionSpec {
    std::string id{};  // "1"
    ActionType type = ActionType::delete_indices;
    std::string description{};
    CheckedOptions options{};
    std::vector<FilterSpec> filters{};
    std::vector<FilterSpec> remote_filters{};  // of a reindex
    bool has_add = false;                      // of an alias
    bool has_remove = false;
    std::vector<FilterSpec> add{};
    std::vector<FilterSpec> remove{};
    TextPosition at{};
    std::string file{};
};

struct ActionFile {
    std::vector<ActionSpec> actions{};      // in the order in which they run
    std::vector<ConfigProblem> problems{};  // any: nothing of the file must be run
};

/// Reads an action file as Curator does, strictly: keys that no generation of Curator knows, wrong
/// types and values, missing ones and a key that stands twice are problems, all of them at once.
ActionFile read_action_file(std::string_view text,
                            std::string_view file,
                            const VariableLookup& variables);

}  // namespace caretaker
