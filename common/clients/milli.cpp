// SPDX-License-Identifier: Apache-2.0
#include "common/clients/milli.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

/// Digits alone, below max_milli.
std::optional<std::int64_t> read_digits(std::string_view digits) {
    std::int64_t number = 0;
    const char* const end = digits.data() + digits.size();
    if (digits.empty() || digits.front() == '-') {
        return std::nullopt;
    }
    const auto parsed = std::from_chars(digits.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<Milli> to_milli(double value) {
    const double thousandths = value * 1000.0;
    if (!(value >= 0) || !(thousandths <= static_cast<double>(max_milli))) {
        return std::nullopt;
    }
    return std::llround(thousandths);
}

std::string format_milli(Milli amount) {
    const std::uint64_t size =
        amount < 0 ? 0 - static_cast<std::uint64_t>(amount) : static_cast<std::uint64_t>(amount);
    std::string text = fmt::format("{}{}", amount < 0 ? "-" : "", size / 1000);
    if (size % 1000 != 0) {
        text += fmt::format(".{:03}", size % 1000);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

std::optional<Milli> parse_milli(std::string_view text) {
    const std::size_t dot = text.find('.');
    const auto whole = read_digits(text.substr(0, dot));
    if (!whole || *whole > max_milli / 1000) {
        return std::nullopt;
    }
    Milli amount = *whole * 1000;
    if (dot != std::string_view::npos) {
        const std::string_view decimals = text.substr(dot + 1);
        const auto part = read_digits(decimals);
        if (!part || decimals.size() > 3) {
            return std::nullopt;
        }
        amount += *part * (decimals.size() == 1 ? 100 : decimals.size() == 2 ? 10 : 1);
    }
    return amount <= max_milli ? std::optional(amount) : std::nullopt;
}

}  // namespace caretaker
