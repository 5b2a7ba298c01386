// SPDX-License-Identifier: Apache-2.0
#include "common/text/number.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

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

std::string check_whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end && number >= least && number <= most) {
        return {};
    }
    return fmt::format("'{}' is not a whole number from {} to {}", text, least, most);
}

}  // namespace caretaker
