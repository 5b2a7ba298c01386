// SPDX-License-Identifier: Apache-2.0
// `caretaker lag explain`: why the last run judged a group as it did, from the store alone.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_named_partition.hpp"
#include "jobs/lag/lag_rule_set.hpp"

#include <optional>
#include <string>

namespace caretaker {

class JobMemory;

/// A row for each partition of the group that runs remember; for one partition also its window and
/// each rule with its numbers. Throws UsageError (exit 2) for what no run has seen.
Report explain_lag(JobMemory& memory,
                   const std::string& group,
                   const std::optional<NamedPartition>& only,
                   const LagRuleSet& rules);

}  // namespace caretaker
