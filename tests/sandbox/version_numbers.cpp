// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/version_numbers.hpp"

#include <charconv>

namespace caretaker::sandbox {

std::optional<std::array<int, 3>> parse_version_numbers(std::string_view text, std::size_t least) {
    std::array<int, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), numbers.at(i));
        if (error != std::errc{}) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) {
            return i + 1 >= least ? std::optional(numbers) : std::nullopt;
        }
        if (text.front() != '.') {
            return std::nullopt;
        }
        text.remove_prefix(1);
    }
    return std::nullopt;
}

}  // namespace caretaker::sandbox
