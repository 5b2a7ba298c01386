// SPDX-License-Identifier: Apache-2.0
// Looks at the roots of all rules and decides what they take.
#pragma once

#include "jobs/cleanup/files_part.hpp"
#include "jobs/cleanup/files_state.hpp"
#include "jobs/cleanup/saved_plan.hpp"

namespace caretaker {

/// Fills `state`, which has its rules and its time, up to each rule's selection.
void plan_files(const FilesRequest& request,
                Context& context,
                DirectoryOpener& opener,
                FilesState& state);

/// How a saved plan knows the thing. `path` outlives what is returned.
PlannedThing planned_entry(const RuleWork& work, const TreeEntry& entry, const std::string& path);
PlannedThing planned_directory(const RuleWork& work,
                               const TreeDirectory& directory,
                               const std::string& path);

}  // namespace caretaker
