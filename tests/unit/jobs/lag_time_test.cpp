// SPDX-License-Identifier: Apache-2.0
// Lag in time, and how long a group needs to catch up.
#include "jobs/lag/lag_time.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace caretaker {

void PrintTo(const TimeLag& lag, std::ostream* out) {  // NOLINT(readability-identifier-naming)
    *out << (lag.at_least ? ">=" : "") << lag.ms;
}

namespace {

using Ends = std::vector<LogEnd>;

constexpr std::int64_t now = 1'000;

std::optional<TimeLag> lag_at(std::int64_t next, const Ends& ends) {
    return find_time_lag(next, ends, now);
}

TimeLag exactly(std::int64_t ms) {
    return {.ms = ms};
}

TimeLag at_least(std::int64_t ms) {
    return {.ms = ms, .at_least = true};
}

TEST(LagTime, IsNoneAtTheEnd) {
    EXPECT_EQ(lag_at(50, {{50, 1'000}}), exactly(0));
    EXPECT_EQ(lag_at(51, {{40, 500}, {50, 1'000}}), exactly(0)) << "ahead";
}

TEST(LagTime, LiesBetweenTheEndsBesideIt) {
    const Ends ends{{0, 200}, {100, 600}, {200, 1'000}};
    EXPECT_EQ(lag_at(0, ends), exactly(800));
    EXPECT_EQ(lag_at(50, ends), exactly(600));
    EXPECT_EQ(lag_at(100, ends), exactly(400));
    EXPECT_EQ(lag_at(199, ends), exactly(4));
}

TEST(LagTime, CountsFromTheEndOfAStretchWithoutGrowth) {
    EXPECT_EQ(lag_at(100, {{0, 100}, {100, 200}, {100, 700}, {200, 1'000}}), exactly(300));
    EXPECT_EQ(lag_at(0, {{0, 100}, {0, 700}, {200, 1'000}}), exactly(300));
}

TEST(LagTime, IsALowerBoundBeyondWhatIsKnown) {
    EXPECT_EQ(lag_at(5, {{10, 200}, {20, 1'000}}), at_least(800));
    EXPECT_EQ(lag_at(5, {{10, 200}, {10, 1'000}}), at_least(800)) << "no growth at all";
}

TEST(LagTime, IsNotKnownFromLessThanTwoEnds) {
    EXPECT_EQ(lag_at(5, {}), std::nullopt);
    EXPECT_EQ(lag_at(5, {{10, 1'000}}), std::nullopt);
}

TEST(LagTime, IsNeverNegative) {
    EXPECT_EQ(lag_at(15, {{10, 200}, {20, 5'000}}), exactly(0)) << "an end from a later clock";
}

TEST(LagTime, StandsTheLargestOffsets) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(lag_at(0, {{0, 0}, {most, 1'000}}), exactly(1'000));
}

TEST(DrainEstimate, ComesFromTheLagThatFell) {
    const std::vector<CommitPoint> points{{1, 0, std::nullopt}, {5, 400, 90}, {9, 700, 60}};
    // From 90 at 400 ms to 30 at 1 000 ms: 0.1 a millisecond.
    EXPECT_EQ(estimate_drain_ms(30, 30, points, now), 300);
    EXPECT_EQ(estimate_drain_ms(20, 30, points, now), 200) << "less than the lag: the rest is gone";
}

TEST(DrainEstimate, IsNoneWhereTheLagDidNotFall) {
    EXPECT_EQ(estimate_drain_ms(90, 90, std::vector<CommitPoint>{{5, 400, 90}}, now), std::nullopt);
    EXPECT_EQ(estimate_drain_ms(99, 99, std::vector<CommitPoint>{{5, 400, 90}}, now), std::nullopt);
    EXPECT_EQ(estimate_drain_ms(9, 9, std::vector<CommitPoint>{{5, 1'000, 90}}, now), std::nullopt);
    EXPECT_EQ(estimate_drain_ms(9, 9, {}, now), std::nullopt);
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(estimate_drain_ms(most, most - 1, std::vector<CommitPoint>{{5, 400, most}}, now),
              std::nullopt)
        << "not within a thousand years";
}

}  // namespace
}  // namespace caretaker
