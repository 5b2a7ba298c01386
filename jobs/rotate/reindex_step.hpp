// SPDX-License-Identifier: Apache-2.0
// The step that copies documents from indices into others, also from another cluster.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// Each reindex as a task of the server, which is watched until it ends; before 5.0, where ended
/// tasks are forgotten, as one long request. A task that an earlier run has left behind is watched
/// instead of a second one begun.
void run_reindex_step(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
