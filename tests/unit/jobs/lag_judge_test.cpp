// SPDX-License-Identifier: Apache-2.0
// The verdict about a partition: each rule at its boundary, and which of them comes first.
#include "jobs/lag/lag_judge.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace caretaker {
namespace {

constexpr std::optional<std::int64_t> unknown;

struct Case {
    std::string name{};
    std::vector<CommitPoint> points{};
    std::vector<std::int64_t> ends{1'000'000};
    std::int64_t lag = 100;
    std::int64_t now_ms = 300;
    JudgeParameters parameters{};
    bool live_owner = false;
    LagStatus status = LagStatus::ok;

    friend std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }
};

JudgeCase given(const Case& one) {
    return {.points = one.points,
            .ends = one.ends,
            .lag = one.lag,
            .now_ms = one.now_ms,
            .live_owner = one.live_owner};
}

// Points at 100, 200 and 300 ms span 200; a now up to 500 is not silent for longer.
const std::vector<Case> cases{
    {.name = "no points", .points = {}},
    {.name = "lag equal to the allowed",
     .points = {{1, 100, 5}},
     .lag = 5,
     .now_ms = 9'000,
     .parameters = {.allowed_lag = 5}},
    {.name = "lag above the allowed, and silent",
     .points = {{1, 100, 6}},
     .lag = 6,
     .now_ms = 101,
     .parameters = {.allowed_lag = 5},
     .status = LagStatus::stop},
    {.name = "silent exactly as long as the span",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .now_ms = 500},
    {.name = "silent for longer",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .now_ms = 501,
     .status = LagStatus::stop},
    {.name = "silent, but an end is at the last offset",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .ends = {900, 3, 700},
     .now_ms = 501},
    {.name = "silent, and the ends are just beyond the last offset",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .ends = {4},
     .now_ms = 501,
     .status = LagStatus::stop},
    {.name = "silent without any end",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .ends = {},
     .now_ms = 501,
     .status = LagStatus::stop},
    {.name = "silent with a live owner",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .now_ms = 501,
     .live_owner = true,
     .status = LagStatus::stall},
    {.name = "silent for less than the least silence",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .now_ms = 501,
     .parameters = {.min_silence_ms = 202}},
    {.name = "silent for the least silence",
     .points = {{1, 100, 9}, {2, 200, 8}, {3, 300, 7}},
     .now_ms = 502,
     .parameters = {.min_silence_ms = 202},
     .status = LagStatus::stop},
    {.name = "stopped and rewound",
     .points = {{9, 100, 9}, {2, 200, 99}},
     .now_ms = 501,
     .status = LagStatus::stop},
    {.name = "rewound and silent, but recently caught up",
     .points = {{9, 100, 0}, {2, 200, 99}},
     .ends = {2},
     .now_ms = 501,
     .status = LagStatus::rewind},
    {.name = "rewound from a position without lag",
     .points = {{90, 100, 0}, {2, 200, 88}},
     .status = LagStatus::rewind},
    {.name = "rewound and back at the old offset",
     .points = {{90, 100, 5}, {2, 200, 93}, {90, 300, 4}}},
    {.name = "rewound and nearly back",
     .points = {{90, 100, 5}, {2, 200, 93}, {89, 300, 7}},
     .status = LagStatus::rewind},
    {.name = "a second rewind after a recovered first one",
     .points = {{90, 100, 5}, {2, 200, 93}, {91, 300, 4}, {3, 400, 92}},
     .now_ms = 400},
    {.name = "a lag within the allowed in the window",
     .points = {{1, 100, 2}, {1, 200, 9}, {1, 300, 9}},
     .parameters = {.allowed_lag = 2}},
    {.name = "all lags above the allowed, the same offset",
     .points = {{1, 100, 3}, {1, 200, 9}, {1, 300, 9}},
     .parameters = {.allowed_lag = 2},
     .status = LagStatus::stall},
    {.name = "a single point", .points = {{1, 300, 3}}, .status = LagStatus::stall},
    {.name = "unknown lags exempt nobody",
     .points = {{1, 100, unknown}, {1, 200, unknown}},
     .status = LagStatus::stall},
    {.name = "stalled with too few points",
     .points = {{1, 100, 3}, {1, 200, 9}},
     .parameters = {.min_points = 3}},
    {.name = "stalled with just enough points",
     .points = {{1, 100, 3}, {1, 200, 9}, {1, 300, 9}},
     .parameters = {.min_points = 3},
     .status = LagStatus::stall},
    {.name = "equal lags do not fall",
     .points = {{1, 100, 5}, {2, 200, 5}, {3, 300, 5}},
     .status = LagStatus::warn},
    {.name = "growing lag",
     .points = {{1, 100, 5}, {2, 200, 6}, {3, 300, 7}},
     .status = LagStatus::warn},
    {.name = "a lag that fell once", .points = {{1, 100, 5}, {2, 200, 4}, {3, 300, 70}}},
    {.name = "an unknown lag between two that grow",
     .points = {{1, 100, 5}, {2, 200, unknown}, {3, 300, 6}},
     .status = LagStatus::warn},
    {.name = "an unknown lag between two of which the second is smaller",
     .points = {{1, 100, 5}, {2, 200, unknown}, {3, 300, 4}}},
    {.name = "one known lag alone",
     .points = {{1, 100, unknown}, {2, 200, 5}},
     .status = LagStatus::warn},
    {.name = "growing lag with too few points",
     .points = {{1, 100, 5}, {2, 200, 6}},
     .parameters = {.min_points = 3}},
    {.name = "a clock that went back", .points = {{1, 100, 5}, {2, 300, 4}}, .now_ms = 50},
    {.name = "times at the ends of their type",
     .points = {{1, std::numeric_limits<std::int64_t>::min(), 5},
                {2, std::numeric_limits<std::int64_t>::max(), 4}},
     .now_ms = std::numeric_limits<std::int64_t>::min()},
};

class LagJudgeCase : public testing::TestWithParam<Case> {};

TEST_P(LagJudgeCase, IsJudged) {
    const Case& one = GetParam();
    EXPECT_EQ(to_string(judge_partition(given(one), one.parameters).status), to_string(one.status));
}

INSTANTIATE_TEST_SUITE_P(All, LagJudgeCase, testing::ValuesIn(cases));

TEST(LagJudge, TellsEachRuleForItself) {
    const std::vector<CommitPoint> points{{90, 100, 0}, {2, 200, 88}, {2, 300, 90}};
    const JudgeCase caught{.points = points, .ends = std::vector<std::int64_t>{}, .now_ms = 501};
    EXPECT_EQ(apply_rules(caught, 0),
              (JudgeRules{.stopped = true, .rewind_index = 1, .lag_not_decreasing = true}));
}

TEST(LagJudge, FindsTheFirstRewindAndOnlyIfItIsOpen) {
    const auto index = [](std::vector<std::int64_t> offsets) {
        std::vector<CommitPoint> points;
        for (const std::int64_t offset : offsets) {
            points.push_back({.offset = offset});
        }
        return apply_rules({.points = points}, 0).rewind_index;
    };
    EXPECT_EQ(index({}), std::nullopt);
    EXPECT_EQ(index({5, 5, 6}), std::nullopt);
    EXPECT_EQ(index({5, 6, 4}), 2U);
    EXPECT_EQ(index({5, 3, 2, 1}), 1U);
    EXPECT_EQ(index({5, 3, 2, 5}), std::nullopt);
    EXPECT_EQ(index({5, 3, 5, 1}), std::nullopt);
}

TEST(LagJudge, HoldsRulesAboutAllPointsOverNone) {
    EXPECT_EQ(apply_rules({.ends = std::vector<std::int64_t>{}, .now_ms = 99}, 0),
              (JudgeRules{
                  .lag_always_above_allowed = true, .stalled = true, .lag_not_decreasing = true}));
}

TEST(LagJudge, KnowsTheLeastSilenceOnlyForTheVerdict) {
    const std::vector<CommitPoint> points{{1, 100, 9}, {2, 200, 8}};
    const JudgeCase silent{.points = points, .lag = 8, .now_ms = 1'000};
    const Judgement judged = judge_partition(silent, {.min_silence_ms = 5'000});
    EXPECT_TRUE(judged.rules.stopped);
    EXPECT_EQ(judged.status, LagStatus::ok);
}

}  // namespace
}  // namespace caretaker
