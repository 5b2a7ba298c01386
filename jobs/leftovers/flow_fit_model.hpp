// SPDX-License-Identifier: Apache-2.0
// How many instances two constraints allow together that each cap what a value may have. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"

#include <cstdint>
#include <span>

namespace caretaker {

/// One of UNIQUE and MAX_PER: the values of the agents, and the counted instances by value.
struct CappedField {
    std::int64_t most = 1;  // of a value
    std::span<const std::uint32_t> values;
    std::span<const std::int64_t> counts;
};

/// The most of any order of offers, exactly: the largest flow from the values of one field over the
/// agents, which hold `capacities`, to those of the other.
std::int64_t fit_two_fields(const CappedField& one,
                            const CappedField& other,
                            std::span<const std::int32_t> capacities);

}  // namespace caretaker
