// SPDX-License-Identifier: Apache-2.0
// The metrics that every recorded run sends about itself.
#pragma once

#include "common/base/finished_run.hpp"

#include <vector>

namespace caretaker {

/// run.started, sent before the work.
std::vector<Metric> started_metrics();

/// run.<outcome>, run.duration, run.exit_code, run.last_success (of an ok run), findings.*,
/// actions.*; `lost_runs` earlier runs were found dead.
std::vector<Metric> finished_metrics(const FinishedRun& run, std::int64_t lost_runs);

}  // namespace caretaker
