// SPDX-License-Identifier: Apache-2.0
// How far back the store remembers, and which runs of an hour keep their metrics.
#include "common/store/retention.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// 12:34:56.789 of some day.
constexpr WallTime now{days(20'000) + hours(12) + minutes(34) + seconds(56) +
                       std::chrono::milliseconds(789)};

TEST(PrunePlan, CountsBackFromNow) {
    const PrunePlan plan = plan_prune({}, now, 0);
    EXPECT_EQ(plan.runs_before, now - days(400));
    EXPECT_EQ(plan.runs_per_job, 100);
    EXPECT_EQ(plan.findings_before, now - days(400));
    EXPECT_EQ(plan.events_before, now - days(800));
    EXPECT_EQ(plan.outbox_before, now - days(7));
    EXPECT_EQ(plan.memory_before, now - days(30));
    EXPECT_EQ(plan.samples_before, now - days(400));
}

TEST(PrunePlan, NeverCutsAnIntervalInHalves) {
    const PrunePlan plan = plan_prune({}, now, 0);
    const WallTime noon{days(20'000) + hours(12)};
    EXPECT_EQ(plan.metrics_before, noon - days(30));
    const std::vector<RollUp> expected{
        {seconds(60), seconds(600), noon + minutes(30) - days(7)},
        {seconds(600), seconds(3600), noon - days(35)},
    };
    EXPECT_EQ(plan.roll_ups, expected);
}

TEST(PrunePlan, HalvesSamplesAndMetricsFromLevelToLevelAndNothingElse) {
    const PrunePlan plan = plan_prune({}, now, 1);
    const PrunePlan soft = plan_prune({}, now, 0);
    EXPECT_EQ(plan.samples_before, now - days(200));
    EXPECT_EQ(plan.metrics_before, soft.metrics_before + days(15));
    EXPECT_EQ(plan.roll_ups[0].before, soft.roll_ups[0].before + hours(84));
    EXPECT_EQ(plan.runs_before, soft.runs_before);
    EXPECT_EQ(plan.findings_before, soft.findings_before);
    EXPECT_EQ(plan.events_before, soft.events_before);
}

TEST(PrunePlan, KeepsAnHourAtLeast) {
    const Retention short_one{.run_metrics = hours(2), .samples_60s = hours(1)};
    const PrunePlan plan = plan_prune(short_one, now, hardest_prune + 5);
    EXPECT_EQ(plan.metrics_before, WallTime(days(20'000) + hours(11)));
    EXPECT_EQ(plan.roll_ups[0].before, WallTime(days(20'000) + hours(11) + minutes(30)));
}

TEST(PrunePlan, KeepsNoFinerResolutionLongerThanACoarserOne) {
    const Retention odd{
        .samples_60s = days(900), .samples_600s = days(800), .samples_3600s = days(10)};
    const PrunePlan plan = plan_prune(odd, now, 0);
    EXPECT_EQ(plan.samples_before, now - days(10));
    EXPECT_LE(plan.roll_ups[0].before, plan.samples_before);
    EXPECT_GT(plan.roll_ups[0].before, plan.samples_before - minutes(10));
    EXPECT_GT(plan.roll_ups[1].before, plan.samples_before - hours(1));
}

TEST(PrunePlan, ComesBackInADayOrSoonerWhenThereIsMoreToDo) {
    EXPECT_EQ(plan_next_prune(now, true, false), now + hours(24));
    EXPECT_EQ(plan_next_prune(now, true, true), now + hours(1));
    EXPECT_EQ(plan_next_prune(now, false, false), now + minutes(15));
    EXPECT_EQ(plan_next_prune(now, false, true), now + minutes(15));
}

TEST(PrunePlan, CallsNineTenthsNearlyFull) {
    EXPECT_FALSE(is_nearly_full(0, 1000));
    EXPECT_FALSE(is_nearly_full(899, 1000));
    EXPECT_TRUE(is_nearly_full(900, 1000));
    EXPECT_TRUE(is_nearly_full(2000, 1000));
}

TEST(Thinning, KeepsTheLastOkRunOfEachJobAndTarget) {
    const std::vector<HourRun> runs{{1, "lag", "a", true},
                                    {2, "lag", "b", true},
                                    {3, "lag", "a", true},
                                    {4, "lag", "a", false},
                                    {5, "rotate", "a", true}};
    EXPECT_EQ(plan_thinning(runs), (std::vector<std::int64_t>{1, 4}));
}

TEST(Thinning, TakesAllWhereNoRunWasOk) {
    const std::vector<HourRun> runs{{1, "lag", "a", false}, {2, "lag", "a", false}};
    EXPECT_EQ(plan_thinning(runs), (std::vector<std::int64_t>{1, 2}));
    EXPECT_TRUE(plan_thinning({}).empty());
}

}  // namespace

}  // namespace caretaker
