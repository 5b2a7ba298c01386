// SPDX-License-Identifier: Apache-2.0
// From lag to the report of a run: rows, findings, metrics, samples and the sentence that sums it
// up.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_numbers.hpp"
#include "jobs/lag/lag_view.hpp"

namespace caretaker {

/// Findings: `records_lost` (high) and `commit_ahead` (low) per group and topic. Metrics and
/// samples: what add_lag_numbers() says. Problems: what find_problems() says.
/// The table makes its rows from the lag, which the report then owns.
Report report_lag(ClusterLag lag,
                  const LagViewOptions& shown,
                  const LagMetricOptions& metrics = {});

}  // namespace caretaker
