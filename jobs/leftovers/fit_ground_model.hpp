// SPDX-License-Identifier: Apache-2.0
// The agents that apps with the same roles and constraints may go to, as columns. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/division_model.hpp"
#include "jobs/leftovers/fit_views_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Apps whose roles and constraints are the same, as indices into Workload::apps; by a text that
/// tells them apart.
std::map<std::string, std::vector<std::uint32_t>> group_alike(const Workload& workload);

/// What of one resource agents have free together.
struct GroundSums {
    std::array<WideMilli, scalar_count> scalars{};
    std::int64_t ports = 0;
};

struct FitGround {
    static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

    /// Placeable and accepted by what does not depend on instances, as indices into
    /// Cluster::agents. A place in this list is the index of all columns.
    std::vector<std::uint32_t> agents{};
    std::vector<std::uint32_t> place_of{};  // by agent; nowhere: not in the list
    DivisionColumns columns{};
    GroundSums sums{};
    std::vector<std::uint32_t> with_gpus{};       // places where some are on offer
    std::vector<std::uint32_t> in_maintenance{};  // agents that would be in the list otherwise
    std::array<std::int64_t, refusal_count> refusals{};  // of all further agents
};

/// From the agents of `order`, in that order, as `view` has them and `constraints` accept them.
FitGround lay_ground(const Cluster& cluster,
                     const JudgedView& view,
                     const CompiledConstraints& constraints,
                     std::span<const std::uint32_t> order);

}  // namespace caretaker
