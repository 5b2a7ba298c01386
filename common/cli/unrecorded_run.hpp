// SPDX-License-Identifier: Apache-2.0
// Commands that are no runs: they show what is known, or change what caretaker itself keeps.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/cli/run_request.hpp"
#include "common/cli/world.hpp"

namespace caretaker {

/// Runs a command of the kinds `inspect` and `administer`: no lock, no row, no metrics. For the
/// first the store is read, not written, and may be missing; for the second it is opened for
/// writing, and StoreError is thrown where there is none. Throws what the command throws.
FinishedRun run_unrecorded(const RunRequest& request, World& world, Log& log);

}  // namespace caretaker
