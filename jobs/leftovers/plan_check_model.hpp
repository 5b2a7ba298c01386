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

/// What is wrong with instances being there at one moment: as check_placing() says, but for their
/// number and for constraints, which count what else runs.
std::optional<std::string> check_moment(const ClusterFacts& facts,
                                        std::span<const PlacedInstance> placed);

/// Whether the app takes unreserved resources, and whether what is reserved for its role alone.
bool takes_unreserved(const MarathonApp& app, const MarathonSettings& settings);
bool takes_reserved(const MarathonApp& app, const MarathonSettings& settings);

}  // namespace caretaker
