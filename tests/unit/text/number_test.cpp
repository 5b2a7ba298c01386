// SPDX-License-Identifier: Apache-2.0
// Whole numbers as text.
#include "common/text/number.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

TEST(FormatNumber, GroupsByThreeOnlyWhenAsked) {
    const std::vector<std::pair<std::int64_t, std::string_view>> table{
        {0, "0"},
        {999, "999"},
        {1'000, "1 000"},
        {-999, "-999"},
        {-1'000, "-1 000"},
        {1'234'567, "1 234 567"},
        {INT64_MAX, "9 223 372 036 854 775 807"},
        {INT64_MIN, "-9 223 372 036 854 775 808"},
    };
    for (const auto& [number, expected] : table) {
        EXPECT_EQ(format_number(number, true), expected);
        EXPECT_EQ(format_number(number, false), std::to_string(number));
    }
}

TEST(WholeNumbers, AreTakenFromTheLeastToTheMost) {
    for (const char* text : {"1", "50", "100"}) {
        EXPECT_EQ(check_whole_number(text, 1, 100), "") << text;
    }
    for (const char* text :
         {"", "0", "101", "-1", "+1", " 1", "1 ", "1.0", "many", "99999999999999999999"}) {
        EXPECT_EQ(check_whole_number(text, 1, 100),
                  "'" + std::string(text) + "' is not a whole number from 1 to 100");
    }
}

}  // namespace
}  // namespace caretaker
