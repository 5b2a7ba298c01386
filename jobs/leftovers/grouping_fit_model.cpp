// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/grouping_fit_model.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

namespace caretaker {

namespace {

/// Capacity and counted instances of each value that has any.
struct ValueRoom {
    std::int64_t capacity = 0;
    std::int64_t count = 0;
};

std::vector<ValueRoom> rooms_by_value(std::span<const std::uint32_t> values,
                                      std::span<const std::int32_t> capacities,
                                      std::span<const std::int64_t> counts) {
    std::vector<ValueRoom> rooms(counts.size());
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        if (values[i] != FieldColumn::missing) {
            rooms[values[i]].capacity += capacities[i];
        }
    }
    for (std::size_t value = 0; value < counts.size(); ++value) {
        rooms[value].count = counts[value];
    }
    std::erase_if(rooms,
                  [](const ValueRoom& room) { return room.capacity == 0 && room.count == 0; });
    return rooms;
}

/// The first instance settles the value; which one gets it is the allocator's choice.
GroupedFit fit_cluster(std::span<const std::uint32_t> values,
                       std::span<const std::int32_t> capacities,
                       std::span<const std::int64_t> counts) {
    const GroupTally tally = tally_groups(counts);
    std::vector<std::int64_t> sums(counts.size());
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        if (values[i] != FieldColumn::missing) {
            sums[values[i]] += capacities[i];
        }
    }
    GroupedFit fit;
    fit.fits = tally.groups == 0 ? *std::ranges::max_element(sums) : sums[tally.first];
    fit.most = fit.fits;
    fit.is_order_dependent = tally.groups == 0 && std::ranges::count_if(sums, [](std::int64_t sum) {
                                                      return sum > 0;
                                                  }) > 1;
    return fit;
}

/// Balanced order: every value is opened before one gets a second instance. With no more values
/// than the number of groups asked for it is what every order reaches.
GroupedFit fit_group_by(std::span<const ValueRoom> rooms, std::int64_t groups) {
    GroupedFit fit;
    std::int64_t capacity = 0;
    if (std::ssize(rooms) < groups) {
        for (const ValueRoom& room : rooms) {
            fit.fits += room.count == 0 ? 1 : 0;
        }
        fit.most = fit.fits;
        return fit;
    }
    std::int64_t level = std::numeric_limits<std::int64_t>::max();
    for (const ValueRoom& room : rooms) {
        level = std::min(level, room.count + room.capacity);
        capacity += room.capacity;
    }
    for (const ValueRoom& room : rooms) {
        const std::int64_t opened = std::max<std::int64_t>(room.count, 1);
        fit.fits += std::max(opened, std::min(room.count + room.capacity, level + 1)) - room.count;
    }
    fit.most = groups >= std::ssize(rooms) ? fit.fits : std::max(fit.fits, capacity);
    fit.is_order_dependent = fit.most != fit.fits;
    return fit;
}

}  // namespace

GroupedFit fit_grouping(const Grouping& grouping,
                        std::span<const std::uint32_t> values,
                        std::span<const std::int32_t> capacities,
                        std::span<const std::int64_t> counts) {
    const auto rooms = rooms_by_value(values, capacities, counts);
    GroupedFit fit;
    switch (grouping.kind) {
        case GroupingKind::cluster:
            return fit_cluster(values, capacities, counts);
        case GroupingKind::group_by:
            return fit_group_by(rooms, grouping.number);
        case GroupingKind::unique:
        case GroupingKind::max_per:
            break;
    }
    for (const ValueRoom& room : rooms) {
        fit.fits += std::clamp<std::int64_t>(grouping.number - room.count, 0, room.capacity);
    }
    fit.most = fit.fits;
    return fit;
}

}  // namespace caretaker
