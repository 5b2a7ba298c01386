// SPDX-License-Identifier: Apache-2.0
// How many more instances a constraint allows that depends on where instances are. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"

#include <cstdint>
#include <span>

namespace caretaker {

/// Further instances under one grouping constraint, from the values and the local capacities of
/// the same agents and the counted instances by value.
struct GroupedFit {
    std::int64_t fits = 0;  // of GROUP_BY in the order that opens every value first
    std::int64_t most = 0;
    bool is_order_dependent = false;
};

GroupedFit fit_grouping(const Grouping& grouping,
                        std::span<const std::uint32_t> values,
                        std::span<const std::int32_t> capacities,
                        std::span<const std::int64_t> counts);

}  // namespace caretaker
