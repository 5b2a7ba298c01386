// SPDX-License-Identifier: Apache-2.0
// Durations: what is read, what is refused, what is shown.
#include "common/text/duration.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsEveryUnitAndCompounds) {
    const std::vector<std::pair<std::string_view, std::int64_t>> table{
        {"0s", 0},
        {"250ms", 250},
        {"90s", 90'000},
        {"15m", 900'000},
        {"36h", 129'600'000},
        {"7d", 604'800'000},
        {"2w", 1'209'600'000},
        {"1h30m", 5'400'000},
        {"1w2d3h4m5s6ms", 788'645'006},
        {"1m1ms", 60'001},
        {"007s", 7'000},
        {"9223372036854775807ms", std::numeric_limits<std::int64_t>::max()},
        {"9223372036854775s807ms", std::numeric_limits<std::int64_t>::max()},
    };
    for (const auto& [text, expected] : table) {
        EXPECT_EQ(parse_duration(text), milliseconds(expected)) << text;
    }
}

TEST(Duration, RefusesEverythingElse) {
    const std::vector<std::string_view> table{
        "",
        " ",
        "5",
        "s",
        "-5s",
        "+5s",
        "1.5h",
        "1,5h",
        "5 s",
        " 5s",
        "5s ",
        "5S",
        "5sec",
        "5min",
        "30m1h",
        "5s5s",
        "1h5",
        "1h 5m",
        "5ms1s",
        "0x5s",
        "1e3s",
        "\xC2\xB5s",
        "5\0s",
        "s5",
        "9223372036854775808ms",
        "9223372036854775s808ms",
        "99999999999999999999s",
        "15250284452472w",
    };
    for (const auto text : table) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_duration(std::string_view("5s\0", 3)), std::nullopt);
}

TEST(Duration, ShowsAtMostTwoUnits) {
    const std::vector<std::pair<std::int64_t, std::string_view>> table{
        {0, "0 ms"},
        {17, "17 ms"},
        {999, "999 ms"},
        {1'000, "1.0 s"},
        {2'449, "2.4 s"},
        {2'450, "2.5 s"},
        {59'949, "59.9 s"},
        {59'950, "1 min"},
        {60'000, "1 min"},
        {200'000, "3 min 20 s"},
        {3'599'499, "59 min 59 s"},
        {3'599'500, "1 h"},
        {3'900'000, "1 h 5 min"},
        {86'369'999, "23 h 59 min"},
        {86'370'000, "1 d"},
        {442'800'000, "5 d 3 h"},
        {34'560'000'000, "400 d"},
        {-200'000, "-3 min 20 s"},
    };
    for (const auto& [value, expected] : table) {
        EXPECT_EQ(format_duration(milliseconds(value)), expected) << value;
    }
}

TEST(Duration, ShowsTheExtremesWithoutOverflow) {
    EXPECT_EQ(format_duration(milliseconds::max()), "106751991167 d 7 h");
    EXPECT_EQ(format_duration(milliseconds::min()), "-106751991167 d 7 h");
    EXPECT_EQ(format_exact_duration(milliseconds::min()), "-15250284452w3d7h12m55s808ms");
}

TEST(Duration, WritesExactValuesThatCanBeReadBack) {
    EXPECT_EQ(format_exact_duration(milliseconds(0)), "0s");
    EXPECT_EQ(format_exact_duration(milliseconds(5'400'000)), "1h30m");
    for (const std::int64_t value :
         {std::int64_t{1}, std::int64_t{788'645'006}, std::numeric_limits<std::int64_t>::max()}) {
        EXPECT_EQ(parse_duration(format_exact_duration(milliseconds(value))), milliseconds(value));
    }
}

TEST(FormatInOneUnit, TakesTheLargestThatLeavesNothingButNoWeeks) {
    using namespace std::chrono_literals;
    EXPECT_EQ(format_in_one_unit(0ms), "0s");
    EXPECT_EQ(format_in_one_unit(250ms), "250ms");
    EXPECT_EQ(format_in_one_unit(90s), "90s");
    EXPECT_EQ(format_in_one_unit(36h), "36h");
    EXPECT_EQ(format_in_one_unit(24h * 400), "400d");
    EXPECT_EQ(format_in_one_unit(24h * 7), "7d");
    EXPECT_EQ(format_in_one_unit(-5min), "-5m");
}

}  // namespace
}  // namespace caretaker
