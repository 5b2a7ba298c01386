// SPDX-License-Identifier: Apache-2.0
// What the verdicts of a run say to a person. Pure.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_model.hpp"

#include <vector>

namespace caretaker {

/// Appends one finding per group, topic and status: `consumer_stopped`, `consumer_stalled` and
/// `consumer_rewound` (high), `consumer_slow` and `never_committed` (warn). Records lost and
/// commits ahead of the end are not among them: these are told without a history, too.
void add_verdict_findings(const ClusterLag& cluster,
                          const GroupLag& group,
                          std::vector<Finding>& findings);

}  // namespace caretaker
