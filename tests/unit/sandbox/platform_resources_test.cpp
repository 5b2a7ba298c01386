// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/platform_resources.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

using Ranges = std::vector<FakeRange>;

TEST(FakeRanges, JoinNeighboursAndTakeHolesOut) {
    EXPECT_EQ(join_ranges({{5, 6}, {1, 3}, {4, 4}, {9, 9}}), (Ranges{{1, 6}, {9, 9}}));
    EXPECT_EQ(subtract_ranges({{1, 9}}, {{1, 1}, {5, 5}, {9, 12}}), (Ranges{{2, 4}, {6, 8}}));
    EXPECT_EQ(subtract_ranges({{1, 3}}, {{0, 9}}), Ranges());
    EXPECT_EQ(format_ranges({{31000, 31002}, {31005, 31005}}), "[31000-31002, 31005-31005]");
}

TEST(FakeResources, AddUpWhereNothingElseDiffers) {
    std::vector<FakeResource> list;
    add_resource(list, make_scalar("cpus", 500));
    add_resource(list, make_scalar("cpus", 250));
    add_resource(list, make_scalar("mem", 0));
    FakeResource reserved = make_scalar("cpus", 100);
    reserved.reservations = {{.role = "logs"}};
    add_resource(list, reserved);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].milli, 750);
    EXPECT_EQ(sum_milli(list, "cpus"), 850);
    EXPECT_EQ(list[1].role(), "logs");
}

TEST(FakeResources, GoWhenTheyAreUsedUp) {
    std::vector<FakeResource> list{make_scalar("cpus", 500), make_ports(1, 3)};
    subtract_resource(list, make_scalar("cpus", 200));
    EXPECT_EQ(list[0].milli, 300);
    subtract_resource(list, make_scalar("cpus", 900));
    subtract_resource(list, make_ports(1, 3));
    EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace caretaker::sandbox
