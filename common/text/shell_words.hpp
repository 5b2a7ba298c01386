// SPDX-License-Identifier: Apache-2.0
// Arguments as one line that a shell would take apart again the same way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// "caretaker lag --group 'a b'": words in single quotes where they need any.
std::string join_shell_words(std::span<const std::string> words);

/// Takes apart what join_shell_words() made, and plain words with quotes and backslashes as POSIX
/// shells read them; variables and the like are not expanded. Nothing when a quote is left open.
std::optional<std::vector<std::string>> split_shell_words(std::string_view line);

}  // namespace caretaker
