// SPDX-License-Identifier: Apache-2.0
// The step that brings indices back from a snapshot.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// One request for all indices of the step; then, with wait_for_completion, waits until every shard
/// of theirs is recovered and looks whether each of them is there.
void run_restore_step(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
