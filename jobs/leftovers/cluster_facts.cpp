// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/cluster_facts.hpp"

#include <cstddef>

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
