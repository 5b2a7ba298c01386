// SPDX-License-Identifier: Apache-2.0
// A round over the fleet as tables, metrics and findings. No IO.
#pragma once

#include "common/base/report.hpp"
#include "jobs/kibana/kibana_fleet.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caretaker {

/// How the list looks.
struct FleetShown {
    std::map<std::string, std::vector<std::int64_t>, std::less<>>
        days{};  // requests by app and day
    bool with_days = false;
    bool ascii = false;
};

/// A row per app, with its verdict and what comes next; gauges of verdicts and coverage; findings
/// that stand whether or not anything is done.
Report make_fleet_report(const KibanaFleet& fleet,
                         const KibanaSettings& settings,
                         const FleetShown& shown);

/// "3 active, 1 suspended; suspended 1, told 2".
std::string summarise_round(const KibanaFleet& fleet, const ActionList& actions);

/// What a round learned about itself: the brake, what it put off.
void add_round_findings(const KibanaFleet& fleet,
                        const KibanaSettings& settings,
                        const RoundPlan& round,
                        Report& report);

/// Whether a finding is one that only a whole round can see gone.
bool is_about_round(const Finding& finding);

/// Counters of what was done, and the memory that suspending freed.
void add_action_metrics(const KibanaFleet& fleet, const ActionList& actions, Report& report);

/// The evidence behind the verdict of one app. Throws UsageError for an app that is none of the
/// fleet.
Report explain_kibana(const KibanaFleet& fleet,
                      const KibanaSettings& settings,
                      const std::string& id);

}  // namespace caretaker
