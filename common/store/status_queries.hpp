// SPDX-License-Identifier: Apache-2.0
// Reads how jobs stand.
#pragma once

#include "common/store/status_records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// By job and target, those whose first run is under way too; `job` and `target` narrow unless they
/// are empty. What is acknowledged is judged at `now`.
std::vector<JobStanding> fetch_standings(const Database& database,
                                         std::string_view job,
                                         std::string_view target,
                                         WallTime now);

/// Oldest first. `lock_path` names runs.lock; without it (a store in memory) no run has a process.
std::vector<RunUnderWay> fetch_runs_under_way(const Database& database,
                                              const std::string& lock_path);

}  // namespace caretaker
