// SPDX-License-Identifier: Apache-2.0
// Why an app fits or does not: each check on one agent, or on the agents that come closest.
#pragma once

#include "common/base/table.hpp"
#include "jobs/leftovers/cluster_facts.hpp"

#include <string>

namespace caretaker {

/// Of one host all checks, else of the ten closest agents those that fail. Throws UsageError for an
/// app or host that does not exist.
Table make_explain_table(const ClusterFacts& facts,
                         const std::string& app,
                         const std::string& host);

}  // namespace caretaker
