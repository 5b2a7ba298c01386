// SPDX-License-Identifier: Apache-2.0
// Text for roff, the language of man pages.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// `text` so that groff and mandoc show it as it is: no character acts as a request or escape, a
/// hyphen is the one of the keyboard, and what is not ASCII is named by its code point.
std::string roff_escaped(std::string_view text);

/// "text" as one argument of a macro.
std::string roff_argument(std::string_view text);

}  // namespace caretaker
