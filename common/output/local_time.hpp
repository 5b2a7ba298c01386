// SPDX-License-Identifier: Apache-2.0
// A point in time as the person at this terminal counts it.
#pragma once

#include "common/base/clock.hpp"

#include <string>

namespace caretaker {

/// "2026-05-04T05:15:07+02:00", in the zone of TZ or of the system; in UTC where that is unknown.
std::string format_local_time(WallTime time);

}  // namespace caretaker
