// SPDX-License-Identifier: Apache-2.0
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace caretaker {

namespace {

struct Unit {
    std::string_view suffix{};
    std::uint64_t milliseconds = 0;
};

constexpr std::array units{
    Unit{"w", 604'800'000},
    Unit{"d", 86'400'000},
    Unit{"h", 3'600'000},
    Unit{"m", 60'000},
    Unit{"s", 1'000},
    Unit{"ms", 1},
};

constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The unit of `suffix` among those smaller than the last one used; units.size() when it has no
/// place.
std::size_t unit_index(std::string_view suffix, std::size_t first) {
    for (std::size_t i = first; i < units.size(); ++i) {
        if (units.at(i).suffix == suffix) {
            return i;
        }
    }
    return units.size();
}

std::uint64_t magnitude(std::chrono::milliseconds duration) {
    const auto count = static_cast<std::uint64_t>(duration.count());
    return duration.count() < 0 ? 0 - count : count;
}

std::string in_two_units(std::uint64_t total,
                         std::uint64_t large,
                         std::string_view large_name,
                         std::string_view small_name) {
    if (total % large == 0) {
        return fmt::format("{} {}", total / large, large_name);
    }
    return fmt::format("{} {} {} {}", total / large, large_name, total % large, small_name);
}

std::string format_magnitude(std::uint64_t ms) {
    if (ms < 1'000) {
        return fmt::format("{} ms", ms);
    }
    if (const auto tenths = (ms + 50) / 100; tenths < 600) {
        return fmt::format("{}.{} s", tenths / 10, tenths % 10);
    }
    if (const auto seconds = (ms + 500) / 1'000; seconds < 3'600) {
        return in_two_units(seconds, 60, "min", "s");
    }
    if (const auto minutes = (ms + 30'000) / 60'000; minutes < 24 * 60) {
        return in_two_units(minutes, 60, "h", "min");
    }
    return in_two_units((ms + 1'800'000) / 3'600'000, 24, "d", "h");
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    std::uint64_t total = 0;
    std::size_t next_unit = 0;
    if (text.empty()) {
        return std::nullopt;
    }
    while (!text.empty()) {
        std::uint64_t number = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, failure] = std::from_chars(text.data(), end, number);
        if (failure != std::errc{}) {
            return std::nullopt;
        }
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
        std::size_t length = 0;
        while (length < text.size() && !is_digit(text[length])) {
            ++length;
        }
        const std::size_t index = unit_index(text.substr(0, length), next_unit);
        if (index == units.size()) {
            return std::nullopt;
        }
        const std::uint64_t factor = units.at(index).milliseconds;
        if (number > (most - total) / factor) {
            return std::nullopt;
        }
        total += number * factor;
        next_unit = index + 1;
        text.remove_prefix(length);
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

std::string format_duration(std::chrono::milliseconds duration) {
    const std::string text = format_magnitude(magnitude(duration));
    return duration.count() < 0 ? "-" + text : text;
}

std::string format_in_one_unit(std::chrono::milliseconds duration) {
    const std::uint64_t all = magnitude(duration);
    if (all == 0) {
        return "0s";
    }
    const auto fits = [&](const Unit& unit) {
        return unit.suffix != "w" && all % unit.milliseconds == 0;
    };
    const Unit& unit = *std::ranges::find_if(units, fits);  // milliseconds always do
    return fmt::format(
        "{}{}{}", duration.count() < 0 ? "-" : "", all / unit.milliseconds, unit.suffix);
}

std::string format_exact_duration(std::chrono::milliseconds duration) {
    std::uint64_t left = magnitude(duration);
    if (left == 0) {
        return "0s";
    }
    std::string text = duration.count() < 0 ? "-" : "";
    for (const Unit& unit : units) {
        if (const auto count = left / unit.milliseconds; count > 0) {
            text += fmt::format("{}{}", count, unit.suffix);
            left %= unit.milliseconds;
        }
    }
    return text;
}

}  // namespace caretaker
