// SPDX-License-Identifier: Apache-2.0
// `caretaker lag explain`: why the last run judged a group as it did, from the store alone.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_rule_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class JobMemory;

struct ExplainedPartition {
    std::string topic{};
    std::int32_t partition = 0;
};

/// "logs-app:3". Nothing for other text.
std::optional<ExplainedPartition> parse_explained_partition(std::string_view text);

/// A row for each partition of the group that runs remember; for one partition also its window and
/// each rule with its numbers. Throws UsageError (exit 2) for what no run has seen.
Report explain_lag(JobMemory& memory,
                   const std::string& group,
                   const std::optional<ExplainedPartition>& only,
                   const LagRuleSet& rules);

}  // namespace caretaker
