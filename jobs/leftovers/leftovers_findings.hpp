// SPDX-License-Identifier: Apache-2.0
// What a person should know about the leftovers of a cluster, and what could not be found out.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/leftovers_report.hpp"

#include <vector>

namespace caretaker {

/// Codes: `free_low` (warn below 10 %, high below 5 %), `app_stuck` (high), `app_no_room` (warn),
/// `n1_unsafe` (warn, high from a tenth of the agents on), `group_unsafe` (warn),
/// `quota_low` (warn), `fragmentation_high` (warn above 0.5, high above 0.75), `stranded_high`
/// (warn), and low ones: `app_low_headroom`, `constraint_unsupported`, `accounting_negative`,
/// `agent_listed_twice`, `data_incomplete`, `maintenance_window_ineffective`.
std::vector<Finding> find_leftovers_findings(const LeftoversResult& result);

/// Agents that could not be read, and a master that has not got its agents back yet.
std::vector<Problem> find_leftovers_problems(const LeftoversResult& result);

}  // namespace caretaker
