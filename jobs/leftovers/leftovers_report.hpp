// SPDX-License-Identifier: Apache-2.0
// From what is left to the report of a run: rows, findings, metrics, samples and the summary.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caretaker {

/// What is shown beside the resources.
struct LeftoversShown {
    std::vector<std::string> by{};  // attributes to group by
    bool agents = false;            // a row per agent, as the main table
};

/// Everything that was found out about the leftovers of a cluster.
struct LeftoversResult {
    std::shared_ptr<const ClusterFacts> facts{};
    std::shared_ptr<const RoleView> view{};
    Leftovers leftovers{};
    std::vector<std::string> ineffective_windows{};  // machines that are no agent
};

Report report_leftovers(const LeftoversResult& result, const LeftoversShown& shown);

}  // namespace caretaker
