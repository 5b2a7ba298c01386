// SPDX-License-Identifier: Apache-2.0
// One run of `lag`: gather, measure, judge, report.
#pragma once

#include "common/base/report.hpp"
#include "common/kafka/kafka.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_numbers.hpp"
#include "jobs/lag/lag_rule_set.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "jobs/lag/lag_sla.hpp"
#include "jobs/lag/lag_view.hpp"

#include <memory>
#include <vector>

namespace caretaker {

struct Context;

struct LagRequest {
    KafkaOptions connection{};
    std::shared_ptr<const LagSelection> selection{};  // the report outlives the request
    bool all_groups = true;                           // the selection leaves no group out
    LagRuleSet rules{};
    LagViewOptions shown{};
    LagMetricOptions metrics{};  // the groups that are gone are the run's to say
    std::vector<SlaLimit> sla{};
    std::vector<NamedPartition> exact{};  // whose next records are read for their time
};

struct LagResult {
    Report report{};
    NagiosState plugin_state = NagiosState::ok;
};

/// Throws what the first request to the cluster throws; later failures are problems of the report.
/// A store out of order costs the verdicts that need earlier runs, and a warning.
LagResult run_lag(const LagRequest& request, Context& context);

}  // namespace caretaker
