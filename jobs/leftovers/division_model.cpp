// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/division_model.hpp"

#include <algorithm>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::size_t block_size = 1024;  // so that all of a block stays in the first cache

/// Of a block of agents: the least quotient so far, and which resource it is of. Numbers of
/// Division as doubles, for the compiler to have lanes of one width.
struct Block {
    std::array<double, block_size> least;
    std::array<double, block_size> bound_by;
    std::array<double, block_size> short_of;  // or 0
};

void begin(Block& block, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        block.least[i] = most_on_agent;
        block.bound_by[i] = 0;
        block.short_of[i] = 0;
    }
}

/// Of a number from 0 to 2^51. Nothing but doubles: a conversion would break the vector lanes.
double round_down(double number) {
    constexpr double no_fraction = 4'503'599'627'370'496.0;  // 2^52
    const double nearest = number + no_fraction - no_fraction;
    return nearest - (nearest > number ? 1.0 : 0.0);
}

/// Goes from the last resource to the first, so that of equal ones the first stays.
void take_in(const double* free, double need, double resource, Block& block, std::size_t size) {
    double* const least = block.least.data();
    double* const bound_by = block.bound_by.data();
    double* const short_of = block.short_of.data();
    const double code = resource + static_cast<double>(Division::short_of_cpus);
    for (std::size_t i = 0; i < size; ++i) {
        const double quotient = round_down(free[i] / need);
        const bool is_least = quotient <= least[i];
        least[i] = is_least ? quotient : least[i];
        bound_by[i] = is_least ? resource : bound_by[i];
        short_of[i] = quotient < 1 ? code : short_of[i];
    }
}

/// Loop by loop, for each of them to become vector instructions.
void end(const Block& block, std::size_t size, std::int32_t* instances, Division* divisions) {
    const double* const least = block.least.data();
    const double* const bound_by = block.bound_by.data();
    const double* const short_of = block.short_of.data();
    for (std::size_t i = 0; i < size; ++i) {
        instances[i] = static_cast<std::int32_t>(least[i]);
    }
    std::array<std::int32_t, block_size> codes;
    std::int32_t* const code_of = codes.data();
    for (std::size_t i = 0; i < size; ++i) {
        // Where it is short of something, that is the greater number.
        const double code = short_of[i] > bound_by[i] ? short_of[i] : bound_by[i];
        code_of[i] = static_cast<std::int32_t>(code);
    }
    for (std::size_t i = 0; i < size; ++i) {
        divisions[i] = static_cast<Division>(code_of[i]);
    }
}

void take_away(const double* free, double need, char* has_room, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        has_room[i] = static_cast<char>(has_room[i] & (free[i] >= need ? 1 : 0));
    }
}

}  // namespace

void divide(const DivisionColumns& columns, const Needs& needs, Quotients& quotients) {
    const std::size_t count = columns.ports.size();
    quotients.instances.resize(count);
    quotients.divisions.resize(count);
    Block block;
    for (std::size_t from = 0; from < count; from += block_size) {
        const std::size_t size = std::min(block_size, count - from);
        begin(block, size);
        if (needs.dynamic_ports > 0 && needs.static_ports.is_empty()) {
            take_in(columns.ports.data() + from, needs.dynamic_ports, scalar_count, block, size);
        }
        for (std::size_t r = scalar_count; r-- > 0;) {
            if (needs.scalars.at(r) > 0) {
                take_in(columns.free.at(r).data() + from,
                        static_cast<double>(needs.scalars.at(r)),
                        static_cast<double>(r),
                        block,
                        size);
            }
        }
        end(block, size, quotients.instances.data() + from, quotients.divisions.data() + from);
    }
}

void for_each_with_room(const DivisionColumns& columns,
                        const Needs& needs,
                        const std::function<bool(std::size_t place)>& use) {
    const std::size_t count = columns.ports.size();
    std::array<char, block_size> has_room{};
    for (std::size_t from = 0; from < count; from += block_size) {
        const std::size_t size = std::min(block_size, count - from);
        has_room.fill(1);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) > 0) {
                take_away(columns.free.at(r).data() + from,
                          static_cast<double>(needs.scalars.at(r)),
                          has_room.data(),
                          size);
            }
        }
        for (std::size_t i = 0; i < size; ++i) {
            if (has_room[i] != 0 && !use(from + i)) {
                return;
            }
        }
    }
}

}  // namespace caretaker
