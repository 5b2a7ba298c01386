// SPDX-License-Identifier: Apache-2.0
// Points in time as they are typed.
#include "common/base/time_argument.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace caretaker {

namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'777'777'777'123ms};  // 2026-05-03T03:09:37.123Z

TEST(PastTime, ReadsAnAgeATimeAndADate) {
    EXPECT_EQ(parse_past_time("7d", now), now - 168h);
    EXPECT_EQ(parse_past_time("1h30m", now), now - 90min);
    EXPECT_EQ(parse_past_time("0s", now), now);
    EXPECT_EQ(parse_past_time("2026-05-03T03:09:37.123Z", {}), now);
    EXPECT_EQ(parse_past_time("2026-05-03T05:09:37.123+02:00", {}), now);
    EXPECT_EQ(parse_past_time("2026-05-03", now),
              std::chrono::sys_days(std::chrono::year(2026) / 5 / 3));
}

TEST(PastTime, RefusesEverythingElse) {
    for (const char* text :
         {"", " ", "7", "7 d", "-7d", "yesterday", "2026", "2026-13-01", "03:09:37", "7d\n"}) {
        EXPECT_EQ(parse_past_time(text, now), std::nullopt) << text;
    }
}

TEST(PastTime, TakesTheGreatestAgeThatCanBeWritten) {
    const auto oldest = parse_past_time("9223372036854775807ms", now);
    ASSERT_TRUE(oldest.has_value());
    EXPECT_LT(*oldest, WallTime());
}

TEST(FutureTime, ReadsADurationFromNowOn) {
    EXPECT_EQ(parse_future_time("7d", now), now + 168h);
    EXPECT_EQ(parse_future_time("2026-05-03T03:09:37.123Z", {}), now);
    EXPECT_EQ(parse_future_time("2026-05-04", now),
              std::chrono::sys_days(std::chrono::year(2026) / 5 / 4));
    EXPECT_EQ(parse_future_time("tomorrow", now), std::nullopt);
    EXPECT_EQ(parse_future_time("", now), std::nullopt);
}

TEST(FutureTime, EndsWhereTimesEnd) {
    EXPECT_EQ(parse_future_time("9223372036854775807ms", now), WallTime::max());
}

}  // namespace

}  // namespace caretaker
