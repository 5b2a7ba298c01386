// SPDX-License-Identifier: Apache-2.0
// What a report says about agents to be added or given back, and how few would do.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/addition_model.hpp"
#include "jobs/leftovers/compaction_model.hpp"
#include "jobs/leftovers/removal_model.hpp"

#include <vector>

namespace caretaker {

/// A row per template.
void report_additions(const std::vector<AgentAddition>& additions, Report& report);

/// A row per agent, in the order in which they could go.
void report_removals(const ClusterFacts& facts, const AgentRemovals& removals, Report& report);

/// One row.
void report_compaction(const Compaction& compaction, Report& report);

}  // namespace caretaker
