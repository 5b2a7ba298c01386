// SPDX-License-Identifier: Apache-2.0
// What the part `files` tells of a run. No IO.
#pragma once

#include "common/base/report.hpp"
#include "jobs/cleanup/files_state.hpp"

#include <memory>
#include <optional>
#include <string>

namespace caretaker {

/// Adds table, counts, findings, metrics and problems; the table reads `state` when it is shown.
/// With `explained`, the answer for that path is all.
void report_files(const std::shared_ptr<const FilesState>& state,
                  const std::optional<std::string>& explained,
                  Report& report);

/// The paths of all that was planned, or once something was done of what is gone, as bytes, each
/// with a zero byte behind it.
std::string list_paths(const FilesState& state);

}  // namespace caretaker
