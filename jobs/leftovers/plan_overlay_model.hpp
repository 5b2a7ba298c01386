// SPDX-License-Identifier: Apache-2.0
// What a plan makes of an app that runs already. Pure.
#pragma once

#include "jobs/leftovers/plan_file.hpp"

namespace caretaker {

/// The definition after PUT /v2/apps with what is planned: members that are not named stay as they
/// are in `running`. Apps of a group and pods are sent whole. Throws UsageError for requirePorts
/// without the ports that it is about.
MarathonApp overlay_app(const PlannedApp& planned, const MarathonApp& running);

/// Whether Marathon may restart the app although it needs what it needed: more is named than the
/// number of instances.
bool may_restart(const PlannedApp& planned);

}  // namespace caretaker
