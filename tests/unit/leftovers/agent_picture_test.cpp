// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/agent_picture.hpp"

#include "jobs/leftovers/amount_cells.hpp"

#include <gtest/gtest.h>

#include <array>

namespace caretaker {
namespace {

TEST(AgentPicture, GivesEachPartItsShare) {
    EXPECT_EQ(draw_bar(std::array{BarPart{'#', 5'000}, BarPart{'.', 5'000}}, 10), "#####.....");
    EXPECT_EQ(draw_bar(std::array{BarPart{'#', 1}, BarPart{'o', 1}, BarPart{'.', 1}}, 10),
              "####ooo...");
}

TEST(AgentPicture, ShowsWhatIsLittleAndHidesWhatIsNot) {
    EXPECT_EQ(draw_bar(std::array{BarPart{'#', 999'999}, BarPart{'o', 0}, BarPart{'.', 1}}, 10),
              "#########.");
    EXPECT_EQ(draw_bar(std::array{BarPart{'#', 1}, BarPart{'.', max_milli}}, 4), "#...");
}

TEST(AgentPicture, IsAlwaysAsWideAsAsked) {
    for (Milli a = 0; a < 9; ++a) {
        for (Milli b = 0; b < 9; ++b) {
            for (Milli c = 0; c < 9; ++c) {
                const std::array parts{BarPart{'a', a}, BarPart{'b', b * 100}, BarPart{'c', c}};
                EXPECT_EQ(draw_bar(parts, 7).size(), 7U);
            }
        }
    }
    EXPECT_EQ(draw_bar({}, 3), "   ");
}

TEST(Permille, IsRoundedHalfUpFromTheExactShare) {
    EXPECT_EQ(permille(1, 3), 333);
    EXPECT_EQ(permille(2, 3), 667);
    EXPECT_EQ(permille(1, 2000), 1);
    EXPECT_EQ(permille(1, 2001), 0);
    EXPECT_EQ(permille(max_milli, max_milli), 1000);
    EXPECT_EQ(permille(1, 0), std::nullopt);
}

TEST(BelowPercent, IsFalseAtTheLimitItself) {
    EXPECT_FALSE(is_below_percent(10, 100, 10));
    EXPECT_TRUE(is_below_percent(9'999, 100'000, 10));
    EXPECT_FALSE(is_below_percent(max_milli / 10 + 1, max_milli, 10));
}

}  // namespace
}  // namespace caretaker
