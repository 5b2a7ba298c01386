// SPDX-License-Identifier: Apache-2.0
// The life of one run: everything around a job's work that is the same for every job.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/cli/run_request.hpp"
#include "common/cli/world.hpp"

namespace caretaker {

/// Looks for a hold, locks the job and target, records the run, lets the job work, keeps findings,
/// metrics and samples, sends StatsD. Ends as a FinishedRun whatever happens to the job; throws
/// StoreError only when the store is required and cannot be used.
FinishedRun run_recorded(const RunRequest& request, World& world, Log& log);

}  // namespace caretaker
