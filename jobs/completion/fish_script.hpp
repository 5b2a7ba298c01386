// SPDX-License-Identifier: Apache-2.0
// The completion script for fish.
#pragma once

#include "common/base/command_tree.hpp"

#include <string>

namespace caretaker {

/// For fish 3.
std::string format_fish_script(const CommandHelp& program);

}  // namespace caretaker
