// SPDX-License-Identifier: Apache-2.0
// How many instances go into what agents have free, of many agents at once. Pure.
#pragma once

#include "jobs/leftovers/app_needs_model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace caretaker {

/// So many at the most are counted on one agent.
inline constexpr std::int32_t most_on_agent = 1'000'000;

/// What is free, by place. The doubles hold whole numbers: a division of two of them whose sum is
/// below 2^53 truncates to the exact quotient.
struct DivisionColumns {
    std::array<std::vector<double>, scalar_count> free{};
    std::vector<double> ports{};
};

/// Where there is room, which resource allows the fewest instances; else the first of which one
/// instance would want more. In the order of Marathon's checks.
enum class Division : std::uint8_t {
    bound_by_cpus,
    bound_by_mem,
    bound_by_disk,
    bound_by_gpus,
    bound_by_ports,
    short_of_cpus,  // from here on without room
    short_of_mem,
    short_of_disk,
    short_of_gpus,
    short_of_ports,
    spares_gpus,  // left to the caller
};

inline constexpr std::size_t division_count = 11;

constexpr bool has_room(Division division) {
    return division < Division::short_of_cpus;
}

/// By place.
struct Quotients {
    std::vector<std::int32_t> instances{};
    std::vector<Division> divisions{};
};

/// Of the scalars and of dynamic ports; ports by number are left to the caller.
void divide(const DivisionColumns& columns, const Needs& needs, Quotients& quotients);

/// Calls `use` with each place that has room for the scalars of one instance, in their order, until
/// it returns false.
void for_each_with_room(const DivisionColumns& columns,
                        const Needs& needs,
                        const std::function<bool(std::size_t place)>& use);

}  // namespace caretaker
