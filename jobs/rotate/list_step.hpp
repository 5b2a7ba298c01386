// SPDX-License-Identifier: Apache-2.0
// Steps that do the same to each index of a list: delete, close, open, settings, merge.
#pragma once

#include "jobs/rotate/step_tools.hpp"

namespace caretaker {

/// Does the step by requests for many indices at a time; one that fails keeps no other from its
/// turn. Indices that a running snapshot holds come last, and are waited for where the manners say
/// so.
void run_list_step(StepTools& tools, const RotateStep& step);

}  // namespace caretaker
