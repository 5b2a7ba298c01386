// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/percent.hpp"

#include <charconv>

namespace caretaker {

std::optional<double> parse_percent(std::string_view text) {
    double percent = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, percent);
    const bool right =
        failure == std::errc{} && rest + 1 == end && *rest == '%' && percent > 0 && percent < 100;
    return right ? std::optional(percent) : std::nullopt;
}

}  // namespace caretaker
