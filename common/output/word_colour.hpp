// SPDX-License-Identifier: Apache-2.0
// The colour of words that tell how something stands. It only repeats what the word says. Pure.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// Whether the words of that column (`state`, `outcome`, `severity`, …) tell how something stands.
bool tells_state(std::string_view column);

/// `text` between the escape sequences of its colour where the word at its front ("OK", "failed",
/// "critical") has one and the column tells such words; else `text` itself. Blanks around the word
/// are kept.
std::string colour_state(std::string_view column, std::string_view text);

}  // namespace caretaker
