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

}  // namespace caretaker
