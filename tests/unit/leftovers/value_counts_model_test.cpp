// SPDX-License-Identifier: Apache-2.0
// Counts by value, in either form, are those of plain arrays.
#include "jobs/leftovers/value_counts_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace caretaker {
namespace {

/// So many agents with values by turns; the last agent has none.
FieldColumn column_of(std::uint32_t agents, std::uint32_t values) {
    FieldColumn column;
    for (std::uint32_t i = 0; i < values; ++i) {
        column.names.add(fmt::format("v{}", i));
    }
    for (std::uint32_t i = 0; i + 1 < agents; ++i) {
        column.values.push_back(i % values);
    }
    column.values.push_back(FieldColumn::missing);
    return column;
}

struct Size {
    std::uint32_t values = 0;
    int instances = 0;
};

class ValueCount : public ::testing::TestWithParam<Size> {};

TEST_P(ValueCount, IsThatOfAnArray) {
    std::mt19937 random(GetParam().values);
    const std::uint32_t agents = GetParam().values * 2 + 1;
    const FieldColumn column = column_of(agents, GetParam().values);
    InstancesByAgent instances;
    for (int i = 0; i < GetParam().instances; ++i) {
        instances.emplace_back(random() % agents, 1 + static_cast<std::int32_t>(random() % 3));
    }
    std::vector<std::int64_t> expected = count_by_value(column, instances);
    ValueCounts counts(column, instances);
    const auto compare = [&] {
        for (std::size_t value = 0; value < expected.size(); ++value) {
            ASSERT_EQ(counts.at(value), expected[value]) << value;
        }
        const GroupTally tally = tally_groups(expected);
        EXPECT_EQ(counts.tally().groups, tally.groups);
        EXPECT_EQ(counts.tally().smallest, tally.smallest);
        EXPECT_EQ(counts.tally().first, tally.first);
    };
    compare();
    for (int i = 0; i < 50; ++i) {
        const std::uint32_t value = column.values[random() % agents];
        const std::size_t place = std::min<std::size_t>(value, expected.size() - 1);
        const std::int64_t by = random() % 2 == 0 ? 1 : -expected[place];
        counts.add(value, by);
        expected[place] += by;
        compare();
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes,
                         ValueCount,
                         ::testing::Values(Size{1, 0},
                                           Size{1, 5},
                                           Size{3, 40},
                                           Size{255, 1},
                                           Size{256, 1},
                                           Size{1'000, 0},
                                           Size{1'000, 20},
                                           Size{1'000, 499},
                                           Size{1'000, 501},
                                           Size{1'000, 5'000}));

}  // namespace
}  // namespace caretaker
