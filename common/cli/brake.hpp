// SPDX-License-Identifier: Apache-2.0
// The brakes of a destructive run: is the plan too much to be true? No IO.
#pragma once

#include "common/base/upkeep_plan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace caretaker {

/// --max-percent counts above so many destructive actions: in a tiny cluster one thing is much.
inline constexpr std::int64_t brake_min = 10;

/// Why nothing must be done, with both numbers and the option that would allow it; nothing when the
/// plan is within the limits. `destructive` actions of all that are planned, out of `universe`
/// things.
std::optional<std::string> find_brake(std::int64_t destructive,
                                      std::int64_t universe,
                                      const BrakeLimits& limits);

/// The same for a plan in parts: `max_actions` holds for all together, `max_percent` for each part
/// in place of its own, where they are given.
std::optional<std::string> find_brake_of_parts(std::span<const PlanPart> parts,
                                               std::optional<std::int64_t> max_actions,
                                               std::optional<double> max_percent);

}  // namespace caretaker
