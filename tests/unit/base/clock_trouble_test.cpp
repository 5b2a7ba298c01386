// SPDX-License-Identifier: Apache-2.0
// Which clocks are not to be trusted.
#include "common/base/clock_trouble.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

const WallTime noon = WallTime{std::chrono::seconds{1'767'268'800}};  // 2026-01-01T12:00:00Z

TEST(ClockGuard, TrustsAClockThatNothingSpeaksAgainst) {
    EXPECT_EQ(find_clock_trouble({.now = noon}), std::nullopt);
    EXPECT_EQ(find_clock_trouble({.now = noon, .build_date = "unknown"}), std::nullopt);
}

TEST(ClockGuard, RefusesATimeBeforeTheProgramWasMade) {
    EXPECT_EQ(find_clock_trouble({.now = noon, .build_date = "2026-01-02"}),
              "the clock says 2026-01-01T12:00:00.000Z, but this caretaker was made at 2026-01-02; "
              "set the clock right");
    EXPECT_EQ(find_clock_trouble({.now = noon, .build_date = "2026-01-01"}), std::nullopt);
}

TEST(ClockGuard, RefusesATimeFiveMinutesBeforeTheEndOfAnEarlierRun) {
    EXPECT_EQ(find_clock_trouble({.now = noon, .newest_end = noon + minutes(5)}), std::nullopt);
    EXPECT_NE(find_clock_trouble({.now = noon, .newest_end = noon + minutes(5) + milliseconds(1)}),
              std::nullopt);
}

TEST(ClockGuard, TrustsATimeLongAfterTheLastRun) {
    EXPECT_EQ(find_clock_trouble({.now = noon, .newest_end = noon - hours(9000)}), std::nullopt);
}

TEST(ClockGuard, RefusesATimeThatAServiceDoesNotShare) {
    EXPECT_EQ(find_clock_trouble({.now = noon, .service = "marathon", .ahead = hours(1)}),
              "the clock says 2026-01-01T12:00:00.000Z, that of marathon is 1 h ahead; set the "
              "wrong one right");
    EXPECT_EQ(find_clock_trouble({.now = noon, .service = "marathon", .ahead = -hours(1)}),
              "the clock says 2026-01-01T12:00:00.000Z, that of marathon is 1 h behind; set the "
              "wrong one right");
    EXPECT_EQ(find_clock_trouble({.now = noon, .service = "marathon", .ahead = minutes(-5)}),
              std::nullopt);
}

}  // namespace
}  // namespace caretaker
