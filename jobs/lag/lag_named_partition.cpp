// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_named_partition.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace caretaker {

std::optional<NamedPartition> parse_named_partition(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    const std::string_view digits = text.substr(colon + 1);
    NamedPartition found{.topic = std::string(text.substr(0, colon)), .partition = -1};
    const char* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, found.partition);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end && found.partition >= 0;
    return good ? std::optional(found) : std::nullopt;
}

}  // namespace caretaker
