// SPDX-License-Identifier: Apache-2.0
// What a report says about a plan and about restarts.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"

#include <string>
#include <vector>

namespace caretaker {

/// A plan and its verdict.
struct JudgedPlan {
    std::string name{};  // of its files
    PlanScene scene{};
    PlanResult result{};
    std::vector<RollingRestart> restarted_alike{};  // PlanScene::restarted_alike, as it runs
};

/// Adds tables, metrics, the finding or the problem that a verdict is, and findings about restarts
/// of its apps. The run is about the plan: other findings about the cluster are left to other runs,
/// so that --fail-on heeds the plan alone.
void report_plan(const JudgedPlan& plan, Report& report);

/// Adds a finding for each app that cannot be restarted.
void report_rolling(const Workload& workload,
                    const std::vector<RollingRestart>& restarts,
                    Report& report);

}  // namespace caretaker
