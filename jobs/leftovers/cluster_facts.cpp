// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/cluster_facts.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace caretaker {

namespace {

/// Cuts off what stands before `separator`, or all.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_mesos_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, double>, 6> units{
        {{"us", 0.001}, {"ms", 1}, {"secs", 1e3}, {"mins", 6e4}, {"hrs", 3.6e6}, {"days", 8.64e7}}};
    constexpr double longest = 8.64e7;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    for (const auto& [unit, factor] : units) {
        const double milliseconds = number * factor;
        if (unit == text && milliseconds >= 0 && milliseconds <= longest) {
            return std::chrono::milliseconds(std::llround(milliseconds));
        }
    }
    return std::nullopt;
}

std::optional<std::vector<AllocatableAmounts>> parse_min_allocatable(std::string_view text) {
    std::vector<AllocatableAmounts> alternatives;
    while (!text.empty()) {
        AllocatableAmounts& amounts = alternatives.emplace_back();
        std::string_view alternative = take_until(text, '|');
        while (!alternative.empty()) {
            std::string_view value = take_until(alternative, ';');
            const std::string_view name = take_until(value, ':');
            const auto amount = parse_milli(value);
            if (name.empty() || !amount) {
                return std::nullopt;
            }
            amounts.emplace_back(name, *amount);
        }
    }
    return alternatives;
}

}  // namespace caretaker
