// SPDX-License-Identifier: Apache-2.0
// What the parts of the sandbox have in common.
#include "tests/sandbox/sandbox_part.hpp"

namespace caretaker::sandbox {

std::optional<std::string_view> match_command(std::string_view line, std::string_view word) {
    if (!line.starts_with(word)) {
        return std::nullopt;
    }
    const auto rest = line.substr(word.size());
    if (rest.empty()) {
        return rest;
    }
    return rest.front() == ' ' ? std::optional(rest.substr(1)) : std::nullopt;
}

}  // namespace caretaker::sandbox
