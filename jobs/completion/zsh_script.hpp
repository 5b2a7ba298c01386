// SPDX-License-Identifier: Apache-2.0
// The completion script for zsh.
#pragma once

#include "common/base/command_tree.hpp"

#include <string>

namespace caretaker {

/// A function file for fpath, named _caretaker.
std::string format_zsh_script(const CommandHelp& program);

}  // namespace caretaker
