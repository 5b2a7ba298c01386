// SPDX-License-Identifier: Apache-2.0
// From lag to the report of a run: rows, findings, metrics, samples and the sentence that sums it
// up.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_view.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct LagMetricOptions {
    bool partitions = false;          // gauges of each partition, too
    std::vector<std::string> gone{};  // groups that are gone since the last run
};

/// Findings: `records_lost` (high) and `commit_ahead` (low) per group and topic. Metrics and
/// samples: per group, and totals; none for what is not known. Problems: what find_problems() says.
/// The table makes its rows from the lag, which the report then owns.
Report report_lag(ClusterLag lag,
                  const LagViewOptions& shown,
                  const LagMetricOptions& metrics = {});

}  // namespace caretaker
