// SPDX-License-Identifier: Apache-2.0
// Amounts as Mesos counts them.
#include "common/clients/milli.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

namespace caretaker {
namespace {

TEST(Milli, IsRoundedFromTheProductInDoublePrecision) {
    EXPECT_EQ(to_milli(0.30000000000000004), 300);
    EXPECT_EQ(to_milli(1.0115), 1012);
    EXPECT_EQ(to_milli(3.0005), 3001);
    EXPECT_EQ(to_milli(0.0005), 1);
    EXPECT_EQ(to_milli(0.0004), 0);
    EXPECT_EQ(to_milli(0.0), 0);
    EXPECT_EQ(to_milli(-0.0), 0);
}

TEST(Milli, LetsDifferencesFitThatDoublesDoNot) {
    EXPECT_EQ(*to_milli(1.0) - *to_milli(0.8), *to_milli(0.2));
    EXPECT_LT(1.0 - 0.8, 0.2);
}

TEST(Milli, IsNothingForWhatIsNoAmount) {
    EXPECT_EQ(to_milli(-0.001), std::nullopt);
    EXPECT_EQ(to_milli(std::nan("")), std::nullopt);
    EXPECT_EQ(to_milli(std::numeric_limits<double>::infinity()), std::nullopt);
    EXPECT_EQ(to_milli(static_cast<double>(max_milli) / 1000.0), max_milli);
    EXPECT_EQ(to_milli(static_cast<double>(max_milli) / 500.0), std::nullopt);
}

TEST(Milli, IsWrittenWithoutTrailingZeros) {
    EXPECT_EQ(format_milli(0), "0");
    EXPECT_EQ(format_milli(4000), "4");
    EXPECT_EQ(format_milli(500), "0.5");
    EXPECT_EQ(format_milli(12'125), "12.125");
    EXPECT_EQ(format_milli(1), "0.001");
    EXPECT_EQ(format_milli(-1'500), "-1.5");
}

TEST(Milli, IsReadFromDigitsAlone) {
    EXPECT_EQ(parse_milli("4"), 4000);
    EXPECT_EQ(parse_milli("0.5"), 500);
    EXPECT_EQ(parse_milli("0.05"), 50);
    EXPECT_EQ(parse_milli("12.125"), 12'125);
    for (const char* text : {"",
                             ".",
                             "4.",
                             ".5",
                             "-1",
                             "1.-5",
                             "1.0005",
                             "1e3",
                             " 1",
                             "1 ",
                             "99999999999999999999",
                             "2251799813686"}) {
        EXPECT_EQ(parse_milli(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace caretaker
