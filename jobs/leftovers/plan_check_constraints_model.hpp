// SPDX-License-Identifier: Apache-2.0
// Checks the constraints of a placing, for check_placing(); it shares nothing with what places.
// Pure.
#pragma once

#include "jobs/leftovers/plan_placing_model.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace caretaker {

/// Which constraint of the app the first of its instances breaks that breaks one, with those before
/// it and those that run in their places.
std::optional<std::string> find_broken_constraint(const ClusterFacts& facts,
                                                  std::uint32_t app,
                                                  std::span<const PlacedInstance> placed);

}  // namespace caretaker
