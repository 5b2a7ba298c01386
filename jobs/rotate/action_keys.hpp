// SPDX-License-Identifier: Apache-2.0
// The options of each action.
#pragma once

#include "jobs/rotate/action_schema.hpp"

#include <span>

namespace caretaker {

/// Its own.
std::span<const OptionSpec> action_keys(ActionType type);

/// Those of every action.
std::span<const OptionSpec> common_action_keys();

}  // namespace caretaker
