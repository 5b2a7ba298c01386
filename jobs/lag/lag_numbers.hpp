// SPDX-License-Identifier: Apache-2.0
// What a run sends to StatsD, and keeps as series: gauges and samples.
#pragma once

#include "common/base/report.hpp"
#include "jobs/lag/lag_model.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct LagMetricOptions {
    bool topics = false;              // gauges of each topic in each group, too
    bool partitions = false;          // gauges of each partition, too
    std::vector<std::string> gone{};  // groups that are gone since the last run
};

/// Adds gauges per group and of the run, and samples per group; none for what is not known, none
/// but the status for groups that are expired or gone. `report` knows what failed.
void add_lag_numbers(const ClusterLag& cluster, const LagMetricOptions& options, Report& report);

}  // namespace caretaker
