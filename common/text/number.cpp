// SPDX-License-Identifier: Apache-2.0
#include "common/text/number.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace caretaker {

std::string format_number(std::int64_t number, bool grouped) {
    std::array<char, 24> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    std::string text(buffer.data(), result.ptr);
    if (grouped) {
        const std::size_t first_digit = number < 0 ? 1 : 0;
        for (std::size_t at = text.size(); at > first_digit + 3;) {
            at -= 3;
            text.insert(at, 1, ' ');
        }
    }
    return text;
}

}  // namespace caretaker
