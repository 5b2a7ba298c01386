// SPDX-License-Identifier: Apache-2.0
// The step cold2frozen.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// One index after the other: mounted in part under its new name, its aliases moved there, and then
/// the one that was mounted whole deleted.
void run_mount_step(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
