// SPDX-License-Identifier: Apache-2.0
#include "common/cli/brake.hpp"

#include <fmt/format.h>

namespace caretaker {

std::optional<std::string> find_brake(std::int64_t destructive,
                                      std::int64_t universe,
                                      const BrakeLimits& limits) {
    if (limits.max_actions && destructive > *limits.max_actions) {
        return fmt::format(
            "{} destructive actions are planned, at most {} are allowed; if that is right, raise "
            "--max-actions",
            destructive,
            *limits.max_actions);
    }
    if (!limits.max_percent || destructive <= brake_min) {
        return std::nullopt;
    }
    // More actions than things, e.g. two for each, are all of them.
    const double percent =
        universe <= 0 ? 100.0
                      : 100.0 * static_cast<double>(destructive) / static_cast<double>(universe);
    if (percent <= *limits.max_percent) {
        return std::nullopt;
    }
    return fmt::format(
        "{} destructive actions are planned, that is {:.1f} % of {}, at most {:g} % are allowed; "
        "if that is right, raise --max-percent",
        destructive,
        percent,
        universe,
        *limits.max_percent);
}

std::optional<std::string> find_brake_of_parts(std::span<const PlanPart> parts,
                                               std::optional<std::int64_t> max_actions,
                                               std::optional<double> max_percent) {
    std::int64_t destructive = 0;
    for (const PlanPart& part : parts) {
        destructive += part.destructive;
    }
    if (auto brake = find_brake(destructive, 0, {.max_actions = max_actions, .max_percent = {}})) {
        return brake;
    }
    for (const PlanPart& part : parts) {
        const auto limit = max_percent ? max_percent : part.max_percent;
        if (const auto brake =
                find_brake(part.destructive, part.universe, {.max_percent = limit})) {
            return fmt::format("{}: {}", part.name, *brake);
        }
    }
    return std::nullopt;
}

}  // namespace caretaker
