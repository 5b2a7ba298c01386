// SPDX-License-Identifier: Apache-2.0
// How small a cluster could hold what runs. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// After Borg's yardstick (EuroSys 2015): agents are taken away in an order by lot, and the
/// instances of apps packed anew onto those that stay; 0.2 % of them may find no place.
struct Compaction {
    std::int64_t agents = 0;             // placeable ones
    std::int64_t instances = 0;          // of apps that can move
    std::int64_t allowed_out = 0;        // of these
    std::int64_t trials = 0;             // that were made
    std::vector<std::int64_t> needed{};  // agents, ascending; of trials in which all sufficed
    std::string left_out{};              // an app of which all agents did not hold enough

    /// Of the needed agents, by the nearest rank; none where a trial came to none.
    [[nodiscard]] std::optional<std::int64_t> percentile_90() const;
};

/// Apps with resident instances, and those that cannot be judged, stay where they are. The same
/// seed gives the same trials. `check` is called now and then, and may throw to end it.
Compaction compact(const ClusterFacts& facts,
                   std::int64_t trials,
                   std::uint64_t seed,
                   const std::function<void()>& check);

}  // namespace caretaker
