// SPDX-License-Identifier: Apache-2.0
// From what is left to the report of a run: rows, findings, metrics, samples and the summary.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/apps_table.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/fragmentation_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/loss_model.hpp"
#include "jobs/leftovers/role_view_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// What is shown beside the resources.
struct LeftoversShown {
    std::vector<std::string> by{};  // attributes to group by
    bool agents = false;            // a row per agent, as the main table
    AppsShown apps{};
    std::string explained_app{};   // its agents in place of the apps; empty: none
    std::string explained_host{};  // one of them alone
};

/// Everything that was found out about the leftovers of a cluster.
struct LeftoversResult {
    std::shared_ptr<const ClusterFacts> facts{};
    std::shared_ptr<const RoleView> view{};
    Leftovers leftovers{};
    Fragmentation fragmentation{};
    std::optional<Fits> fits{};                           // where a Marathon told its apps
    std::vector<RollingRestart> restarts{};               // of the apps that run, the same
    std::optional<std::vector<LossCase>> agent_losses{};  // each agent by itself, where asked for
    std::optional<LossCase> draining_loss{};              // with those, where instances have to go
    std::vector<std::pair<std::string, std::vector<LossCase>>> group_losses{};  // by attribute
    std::optional<PairLosses> pair_losses{};                                    // where asked for
    std::optional<std::int64_t> min_fits{};  // an app with less room is told; unset: a tenth
    std::vector<std::string> ineffective_windows{};  // machines that are no agent
};

Report report_leftovers(const LeftoversResult& result, const LeftoversShown& shown);

}  // namespace caretaker
