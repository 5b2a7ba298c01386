// SPDX-License-Identifier: Apache-2.0
// Checks a placing from the entries of the agents alone; it shares nothing with what places. Pure.
#pragma once

#include "jobs/leftovers/plan_placing_model.hpp"

#include <optional>
#include <span>
#include <string>

namespace caretaker {

/// What is wrong with a placing of all that is wanted, in the order in which instances start; none
/// where Mesos and Marathon could do the same.
std::optional<std::string> check_placing(const ClusterFacts& facts,
                                         std::span<const WantedApp> wanted,
                                         std::span<const PlacedInstance> placed);

}  // namespace caretaker
