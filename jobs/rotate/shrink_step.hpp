// SPDX-License-Identifier: Apache-2.0
// The step that makes indices of fewer shards.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// One index after the other: a copy of each shard moved to one node, writes blocked, shrunk, and
/// with delete_after the source deleted once its successor is there. What fails leaves the source
/// as it was.
void run_shrink_step(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
