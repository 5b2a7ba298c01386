// SPDX-License-Identifier: Apache-2.0
// When a plan is too much to be true.
#include "common/cli/brake.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {
namespace {

const BrakeLimits twenty_percent{.max_actions = std::nullopt, .max_percent = 20.0};

TEST(Brake, LetsAPlanPassThatIsExactlyAtTheLimit) {
    EXPECT_EQ(find_brake(20, 100, twenty_percent), std::nullopt);
    EXPECT_EQ(find_brake(5, 5, {.max_actions = 5, .max_percent = {}}), std::nullopt);
}

TEST(Brake, HoldsAPlanJustOverTheLimitAndNamesBothNumbersAndTheOption) {
    EXPECT_EQ(
        find_brake(21, 100, twenty_percent),
        "21 destructive actions are planned, that is 21.0 % of 100, at most 20 % are allowed; "
        "if that is right, raise --max-percent");
    EXPECT_EQ(find_brake(6, 100, {.max_actions = 5, .max_percent = {}}),
              "6 destructive actions are planned, at most 5 are allowed; if that is right, raise "
              "--max-actions");
}

TEST(Brake, LooksAtThePercentageOnlyAboveTenActions) {
    EXPECT_EQ(find_brake(10, 10, twenty_percent), std::nullopt);
    EXPECT_NE(find_brake(11, 11, twenty_percent), std::nullopt);
}

TEST(Brake, TakesAnEmptyUniverseForAMistake) {
    EXPECT_NE(find_brake(11, 0, twenty_percent), std::nullopt);
}

TEST(Brake, OfZeroActionsOnlyLetsAnEmptyPlanPass) {
    const BrakeLimits none{.max_actions = 0};
    EXPECT_EQ(find_brake(0, 100, none), std::nullopt);
    EXPECT_NE(find_brake(1, 100, none), std::nullopt);
}

TEST(Brake, OfZeroPercentHoldsAllThatIsMoreThanAFewThings) {
    const BrakeLimits none{.max_actions = {}, .max_percent = 0.0};
    EXPECT_EQ(find_brake(10, 1000, none), std::nullopt);
    EXPECT_NE(find_brake(11, 1000, none), std::nullopt);
}

TEST(BrakeOfParts, CountsMaxActionsOverAllParts) {
    const std::vector<PlanPart> parts{{.name = "rule a", .destructive = 3, .universe = 100},
                                      {.name = "rule b", .destructive = 3, .universe = 100}};
    EXPECT_EQ(find_brake_of_parts(parts, 6, {}), std::nullopt);
    EXPECT_EQ(find_brake_of_parts(parts, 5, {}),
              "6 destructive actions are planned, at most 5 are allowed; if that is right, raise "
              "--max-actions");
}

TEST(BrakeOfParts, TakesThePercentageOfEachByItself) {
    const std::vector<PlanPart> parts{
        {.name = "rule a", .destructive = 20, .universe = 1000, .max_percent = 50.0},
        {.name = "rule b", .destructive = 20, .universe = 30, .max_percent = 50.0}};
    EXPECT_EQ(find_brake_of_parts(parts, {}, {}),
              "rule b: 20 destructive actions are planned, that is 66.7 % of 30, at most 50 % are "
              "allowed; if that is right, raise --max-percent");
    EXPECT_EQ(find_brake_of_parts(parts, {}, 70.0), std::nullopt) << "what was asked for holds";
    EXPECT_NE(find_brake_of_parts(parts, {}, 1.0), std::nullopt);
}

TEST(BrakeOfParts, WithoutAnyLimitLetsEverythingPass) {
    const std::vector<PlanPart> parts{{.name = "rule a", .destructive = 20, .universe = 20}};
    EXPECT_EQ(find_brake_of_parts(parts, {}, {}), std::nullopt);
    EXPECT_EQ(find_brake_of_parts({}, 0, 0.0), std::nullopt);
}

TEST(Brake, WithoutLimitsLetsEverythingPass) {
    EXPECT_EQ(find_brake(1000, 1000, {.max_actions = {}, .max_percent = {}}), std::nullopt);
}

}  // namespace
}  // namespace caretaker
