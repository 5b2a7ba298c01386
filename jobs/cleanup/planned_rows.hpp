// SPDX-License-Identifier: Apache-2.0
// All that the rules of one run take, entry by entry.
#pragma once

#include "common/base/table.hpp"
#include "jobs/cleanup/files_state.hpp"

#include <memory>
#include <string>

namespace caretaker {

/// A row for each entry and directory, with its reason and what became of it; it reads `state` when
/// it is shown.
Table planned_table(const std::shared_ptr<const FilesState>& state);

/// The paths of all that was planned, or once something was done of what is gone, as bytes, each
/// with a zero byte behind it.
std::string list_paths(const FilesState& state);

}  // namespace caretaker
