// SPDX-License-Identifier: Apache-2.0
// Suggestions for mistyped names.
#include "common/text/edit_distance.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
    struct Case {
        std::string_view a{};
        std::string_view b{};
        std::size_t distance = 0;
    };

    const std::vector<Case> table{
        {"", "", 0},
        {"", "abc", 3},
        {"abc", "", 3},
        {"abc", "abc", 0},
        {"abc", "abd", 1},
        {"abc", "abcd", 1},
        {"abc", "bc", 1},
        {"ab", "ba", 1},
        {"abcd", "abdc", 1},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3},
        {"logfomat", "log_format", 2},
    };
    for (const Case& row : table) {
        EXPECT_EQ(edit_distance(row.a, row.b), row.distance) << row.a << " / " << row.b;
        EXPECT_EQ(edit_distance(row.b, row.a), row.distance) << row.b << " / " << row.a;
    }
}

TEST(NearestName, FindsTheMeantName) {
    constexpr std::array<std::string_view, 5> names{
        "cleanup", "rotate", "lag", "leftovers", "kibana"};
    EXPECT_EQ(nearest_name("clenup", names), "cleanup");
    EXPECT_EQ(nearest_name("roatte", names), "rotate");
    EXPECT_EQ(nearest_name("LAG", names), "lag");
    EXPECT_EQ(nearest_name("lga", names), "lag");
    EXPECT_EQ(nearest_name("leftover", names), "leftovers");
}

TEST(NearestName, StaysSilentWhenNothingIsClose) {
    constexpr std::array<std::string_view, 3> names{"lag", "rotate", "io"};
    for (const std::string_view name : {"", "x", "xy", "status", "rxtxtx", "oi2x"}) {
        EXPECT_EQ(nearest_name(name, names), std::nullopt) << name;
    }
    EXPECT_EQ(nearest_name("lag", {}), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(100'000, 'x'), names), std::nullopt);
}

TEST(NearestName, PrefersTheCloserThenTheFirst) {
    constexpr std::array<std::string_view, 3> names{"statXX", "status", "statuz"};
    EXPECT_EQ(nearest_name("statu", names), "status");
    EXPECT_EQ(nearest_name("statuz", names), "statuz");
}

}  // namespace
}  // namespace caretaker
