// SPDX-License-Identifier: Apache-2.0
// Asks the person at the terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class StopSignal;

/// Writes `text` to standard error and reads a line of standard input, without its end. Nothing at
/// the end of the input. Throws Interrupted when a stop is requested meanwhile.
std::optional<std::string> ask_at_terminal(std::string_view text, const StopSignal& stop);

}  // namespace caretaker
