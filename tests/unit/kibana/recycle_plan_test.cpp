// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/recycle_plan.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

JudgedKibana judged(const std::string& id, KibanaStep step, std::int64_t quiet_since = 0) {
    return {.id = id,
            .decision = {.step = step,
                         .quiet_since = WallTime(std::chrono::milliseconds(quiet_since))}};
}

std::vector<std::string> words(const RoundPlan& plan, const std::vector<JudgedKibana>& apps) {
    std::vector<std::string> result;
    for (const RoundStep& step : plan.steps) {
        result.push_back(fmt::format("{} {}", to_string(step.step), apps[step.app].id));
    }
    return result;
}

using Words = std::vector<std::string>;

TEST(RecyclePlan, WakesFirstAndTakesTheLongestUnused) {
    const std::vector<JudgedKibana> apps{judged("/a", KibanaStep::suspend, 30),
                                         judged("/b", KibanaStep::notify),
                                         judged("/c", KibanaStep::suspend, 10),
                                         judged("/d", KibanaStep::resume),
                                         judged("/e", KibanaStep::suspend, 10),
                                         judged("/f", KibanaStep::destroy),
                                         judged("/g", KibanaStep::none)};
    const RoundPlan plan = plan_round(apps, {.batch = 2, .max_percent = 100}, 7);
    EXPECT_EQ(words(plan, apps),
              (Words{"resume /d", "suspend /c", "suspend /e", "destroy /f", "notify /b"}));
    EXPECT_EQ(plan.postponed, std::vector<std::size_t>{0});
    EXPECT_EQ(plan.brake, "");
}

class RecycleBrake : public ::testing::Test {
 protected:
    static std::vector<JudgedKibana> fleet(int notified) {
        std::vector<JudgedKibana> apps{judged("/woken", KibanaStep::resume)};
        for (int i = 0; i < notified; ++i) {
            apps.push_back(judged(fmt::format("/n{}", i), KibanaStep::notify));
        }
        return apps;
    }
};

TEST_F(RecycleBrake, HoldsAboveItsPercentage) {
    EXPECT_EQ(plan_round(fleet(20), {}, 100).brake, "");
    const auto apps = fleet(21);
    const RoundPlan plan = plan_round(apps, {}, 100);
    EXPECT_NE(plan.brake, "");
    EXPECT_EQ(words(plan, apps), Words{"resume /woken"});
    EXPECT_EQ(plan.held.size(), 21U);
    EXPECT_EQ(plan.held[0].step, KibanaStep::notify);
    EXPECT_TRUE(plan_round(fleet(20), {}, 100).held.empty());
}

TEST_F(RecycleBrake, AlwaysAllowsTwo) {
    EXPECT_EQ(plan_round(fleet(2), {}, 2).brake, "");
    EXPECT_NE(plan_round(fleet(3), {}, 3).brake, "");
}

std::vector<JudgedKibana> many(int count, KibanaStep step) {
    std::vector<JudgedKibana> apps;
    for (int i = 0; i < count; ++i) {
        apps.push_back(judged(fmt::format("/s{}", i), step));
    }
    return apps;
}

TEST_F(RecycleBrake, CountsAllThatAreDueAndNotOnlyTheBatch) {
    const RoundPlan plan = plan_round(many(21, KibanaStep::suspend), {}, 100);
    EXPECT_NE(plan.brake.find("0 owners are to be told, 21 apps to be suspended"),
              std::string::npos)
        << plan.brake;
    EXPECT_TRUE(plan.steps.empty());
    EXPECT_TRUE(plan.postponed.empty());
}

TEST_F(RecycleBrake, LetsTheBatchOfWhatIsAllowedThrough) {
    const RoundPlan plan = plan_round(many(20, KibanaStep::suspend), {}, 100);
    EXPECT_EQ(plan.brake, "");
    EXPECT_EQ(plan.steps.size(), 5U);
    EXPECT_EQ(plan.postponed.size(), 15U);
}

TEST_F(RecycleBrake, IsNotHeldByThoseThatSleptLongEnough) {
    const RoundPlan plan = plan_round(many(50, KibanaStep::destroy), {}, 10);
    EXPECT_EQ(plan.brake, "");
    EXPECT_EQ(plan.steps.size(), 1U);
    EXPECT_EQ(plan.postponed.size(), 49U);

    std::vector<JudgedKibana> apps = many(20, KibanaStep::suspend);
    apps.push_back(judged("/gone", KibanaStep::destroy));
    EXPECT_NE(plan_round(apps, {}, 100).brake, "");
}

TEST(RecyclePlan, LooksAtThoseAloneThatOneRoundActsOn) {
    std::vector<JudgedKibana> apps{judged("/a", KibanaStep::suspend, 30),
                                   judged("/b", KibanaStep::notify),
                                   judged("/c", KibanaStep::suspend, 10),
                                   judged("/d", KibanaStep::resume),
                                   judged("/e", KibanaStep::suspend, 20),
                                   judged("/f", KibanaStep::destroy),
                                   judged("/g", KibanaStep::none)};
    const KibanaPolicy policy{.batch = 2, .max_percent = 100};
    const std::vector<std::size_t> seen = apps_to_look_at(apps, policy);
    EXPECT_EQ(seen, (std::vector<std::size_t>{2, 4, 1}));

    apps[2].decision.step = KibanaStep::none;  // it was in use
    RoundPlan round = plan_round(apps, policy, 7);
    ASSERT_EQ(words(round, apps),
              (Words{"resume /d", "suspend /e", "suspend /a", "destroy /f", "notify /b"}));
    postpone_unseen(seen, round);
    EXPECT_EQ(words(round, apps), (Words{"resume /d", "suspend /e", "destroy /f", "notify /b"}));
    EXPECT_EQ(round.postponed, std::vector<std::size_t>{0});
}

}  // namespace
}  // namespace caretaker
