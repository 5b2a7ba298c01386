// SPDX-License-Identifier: Apache-2.0
// The completion script for bash.
#pragma once

#include "common/base/command_tree.hpp"

#include <string>

namespace caretaker {

/// For bash 4.4 and later; needs nothing but bash itself.
std::string format_bash_script(const CommandHelp& program);

}  // namespace caretaker
