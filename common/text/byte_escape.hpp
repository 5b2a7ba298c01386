// SPDX-License-Identifier: Apache-2.0
// Names of files as text: they may hold any bytes, and text may not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// `bytes` as printable UTF-8 on one line: a backslash becomes `\\`, a line break `\n`, a tab `\t`,
/// and other control characters and bytes that are not UTF-8 `\x1b`. Different bytes give different
/// texts.
std::string escape_bytes(std::string_view bytes);

/// What escape_bytes() was given; nothing for other texts.
std::optional<std::string> unescape_bytes(std::string_view text);

}  // namespace caretaker
