// SPDX-License-Identifier: Apache-2.0
// What a hold can be about.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

struct CommandHelp;

/// Throws UsageError, which begins with `command`, unless `scope` is "all" or one of the program's
/// jobs that leave runs behind.
void check_hold_scope(std::string_view command,
                      const std::string& scope,
                      const CommandHelp& program);

}  // namespace caretaker
