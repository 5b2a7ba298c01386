// SPDX-License-Identifier: Apache-2.0
// Gives way to the services of a host.
#pragma once

namespace caretaker {

/// From now on other processes come first: at the processor by that nice value, at disks whose
/// scheduler knows classes whenever they want something. What is not permitted is left out.
void step_back(int nice);

}  // namespace caretaker
