// SPDX-License-Identifier: Apache-2.0
// Which target a run is about.
#pragma once

#include "common/base/trigger.hpp"
#include "common/config/settings.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// What was chosen: by the flag's value, else by CARETAKER_TARGET; empty when neither says.
std::string chosen_target(const std::string& flag, const EnvironmentMap& environment);

/// The target's name: the one chosen, else the only one configured. Where none is configured, flags
/// stand in for a service: then it is `chosen`, else "default". `chosen` may be empty. Throws
/// UsageError for a name that is not configured, and when several are and none was chosen.
std::string select_target(std::string_view chosen, const Settings& settings);

}  // namespace caretaker
