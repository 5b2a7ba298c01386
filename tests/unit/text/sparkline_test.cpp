// SPDX-License-Identifier: Apache-2.0
#include "common/text/sparkline.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

std::string line(const std::vector<double>& values, bool ascii = false) {
    return format_sparkline(values, ascii);
}

TEST(Sparkline, GivesEachValueABarOfItsShareOfTheLargest) {
    EXPECT_EQ(line({0, 1, 2, 3, 4, 5, 6, 7}), "▁▂▃▄▅▆▇█");
    EXPECT_EQ(line({0, 1, 2, 3, 4, 5, 6, 7}, true), "_.:-=+*#");
    EXPECT_EQ(line({1'000, 990}), "██") << "the scale begins at 0 and not at the smallest";
}

TEST(Sparkline, TellsTheSmallestNumberFromNone) {
    EXPECT_EQ(line({0, 1, 1e12}), "▁▂█");
}

TEST(Sparkline, IsFlatWhereNothingIsAboveZero) {
    EXPECT_EQ(line({}), "");
    EXPECT_EQ(line({0, 0, 0}), "▁▁▁");
    EXPECT_EQ(line({-5}), "▁");
    EXPECT_EQ(line({7}), "█");
}

}  // namespace
}  // namespace caretaker
