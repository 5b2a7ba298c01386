// SPDX-License-Identifier: Apache-2.0
// What --since and --until understand.
#include "jobs/history/history_time.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace caretaker {

namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'777'777'777'123ms};  // 2026-05-03T03:09:37.123Z

TEST(HistoryTime, ReadsAnAgeATimeAndADate) {
    EXPECT_EQ(parse_time_or_age("7d", now), now - 168h);
    EXPECT_EQ(parse_time_or_age("1h30m", now), now - 90min);
    EXPECT_EQ(parse_time_or_age("0s", now), now);
    EXPECT_EQ(parse_time_or_age("2026-05-03T03:09:37.123Z", {}), now);
    EXPECT_EQ(parse_time_or_age("2026-05-03T05:09:37.123+02:00", {}), now);
    EXPECT_EQ(parse_time_or_age("2026-05-03", now),
              std::chrono::sys_days(std::chrono::year(2026) / 5 / 3));
}

TEST(HistoryTime, RefusesEverythingElse) {
    for (const char* text :
         {"", " ", "7", "7 d", "-7d", "yesterday", "2026", "2026-13-01", "03:09:37", "7d\n"}) {
        EXPECT_EQ(parse_time_or_age(text, now), std::nullopt) << text;
    }
}

TEST(HistoryTime, TakesTheGreatestAgeThatCanBeWritten) {
    const auto oldest = parse_time_or_age("9223372036854775807ms", now);
    ASSERT_TRUE(oldest.has_value());
    EXPECT_LT(*oldest, WallTime());
}

}  // namespace

}  // namespace caretaker
