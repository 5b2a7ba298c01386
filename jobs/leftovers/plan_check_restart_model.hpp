// SPDX-License-Identifier: Apache-2.0
// Checks the way of restarts from the entries of the agents alone; it shares nothing with what
// finds it. Pure.
#pragma once

#include "jobs/leftovers/plan_restart_model.hpp"

#include <optional>
#include <span>
#include <string>

namespace caretaker {

/// What is wrong with the steps of a plan's restarts; none where Marathon could take them: old and
/// new instances together have room at each time, and are as many as the strategy for upgrades
/// asks for. `placed` has the new instances as RestartWay::placed has them, with their ports, and
/// may go on with those of other apps, which start afterwards. Constraints are left to
/// check_placing(), for which old instances make no difference.
std::optional<std::string> check_restarts(const PlanScene& scene,
                                          std::span<const PlacedInstance> placed,
                                          std::span<const RestartStep> steps);

}  // namespace caretaker
