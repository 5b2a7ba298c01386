// SPDX-License-Identifier: Apache-2.0
// The ends of a log over time: which of them stay.
#include "jobs/lag/lag_end_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace caretaker {
namespace {

using Ends = std::vector<LogEnd>;

constexpr std::int64_t minute = 60'000;

Ends after(const Ends& seen, const EndRules& rules = {}) {
    Ends ends;
    for (const LogEnd& end : seen) {
        add_end(ends, end, rules);
    }
    return ends;
}

/// An end each minute, each 10 offsets on.
Ends steady(std::int64_t minutes) {
    Ends ends;
    for (std::int64_t i = 1; i <= minutes; ++i) {
        ends.push_back({10 * i, i * minute});
    }
    return ends;
}

TEST(LagEndHistory, KeepsEveryEndOfTheLastRuns) {
    EXPECT_EQ(after(steady(10)), steady(10));
    const Ends ends = after(steady(100));
    const Ends all = steady(100);
    EXPECT_TRUE(std::equal(ends.end() - 10, ends.end(), all.end() - 10));
}

TEST(LagEndHistory, KeepsTheTwoEndsOfAStretchWithoutGrowth) {
    EXPECT_EQ(after({{5, 1}, {7, 2}, {7, 3}, {7, 4}, {7, 5}, {9, 6}}),
              (Ends{{5, 1}, {7, 2}, {7, 5}, {9, 6}}));
    EXPECT_EQ(after({{7, 2}, {7, 3}, {7, 4}}), (Ends{{7, 2}, {7, 4}}));
}

TEST(LagEndHistory, BeginsAnewAtALowerEnd) {
    EXPECT_EQ(after({{5, 1}, {7, 2}, {6, 3}}), (Ends{{6, 3}}));
}

TEST(LagEndHistory, BeginsAnewWhenTheClockWentBack) {
    EXPECT_EQ(after({{5, 1}, {7, 9}, {8, 9}}), (Ends{{8, 9}}));
    EXPECT_EQ(after({{5, 1}, {7, 9}, {8, 4}}), (Ends{{8, 4}}));
}

TEST(LagEndHistory, ForgetsWhatIsTooOld) {
    EXPECT_EQ(after({{5, 0}, {6, 10}, {7, 20}}, {.max_age_ms = 10}), (Ends{{6, 10}, {7, 20}}));
}

TEST(LagEndHistory, KeepsADayInAFewDozenEnds) {
    const Ends ends = after(steady(1'440));
    EXPECT_LE(ends.size(), 50U);
    EXPECT_LE(ends.front().at_ms, 2 * minute) << "the oldest stays";
    const std::int64_t now = ends.back().at_ms;
    for (std::size_t i = 1; i < ends.size(); ++i) {
        const std::int64_t gap = ends[i].at_ms - ends[i - 1].at_ms;
        EXPECT_LE(gap, std::max(minute, (now - ends[i].at_ms) / 4 + minute)) << i;
    }
}

TEST(EndList, FindsThePartitionsEnds) {
    EndList list;
    EXPECT_TRUE(list.find(0).empty());
    list.add(2, Ends{{1, 2}});
    list.add(4, Ends{{3, 4}, {5, 6}});
    EXPECT_EQ(list.find(4).back(), (LogEnd{5, 6}));
    EXPECT_EQ(list.find(2).size(), 1U);
    EXPECT_TRUE(list.find(3).empty());
    EXPECT_TRUE(list.find(5).empty());
}

}  // namespace
}  // namespace caretaker
