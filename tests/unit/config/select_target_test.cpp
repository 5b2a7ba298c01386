// SPDX-License-Identifier: Apache-2.0
// Which target a run is about.
#include "common/config/select_target.hpp"

#include "common/base/error.hpp"
#include "common/config/target_name.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

Settings with_targets(std::initializer_list<std::string> names) {
    Settings settings;
    for (const std::string& name : names) {
        settings.set({nullptr, "targets." + name + ".kafka.properties_file", "/x", "test"});
    }
    return settings;
}

std::string refusal(std::string_view chosen, const Settings& settings) {
    try {
        return "chose " + select_target(chosen, settings);
    } catch (const UsageError& error) {
        return error.what();
    }
}

TEST(SelectTarget, TakesTheOnlyOne) {
    EXPECT_EQ(select_target("", with_targets({"prod"})), "prod");
}

TEST(ChosenTarget, IsTheFlagsElseTheVariables) {
    EXPECT_EQ(chosen_target("", {}), "");
    EXPECT_EQ(chosen_target("", {{"CARETAKER_TARGET", "prod"}}), "prod");
    EXPECT_EQ(chosen_target("test", {{"CARETAKER_TARGET", "prod"}}), "test");
}

TEST(SelectTarget, TakesTheOneChosen) {
    EXPECT_EQ(select_target("test", with_targets({"prod", "test"})), "test");
}

TEST(SelectTarget, LetsFlagsStandInWhereNoneIsConfigured) {
    EXPECT_EQ(select_target("", Settings()), "default");
    EXPECT_EQ(select_target("prod", Settings()), "prod");
}

TEST(SelectTarget, AsksWhenSeveralAreConfigured) {
    EXPECT_EQ(refusal("", with_targets({"test", "prod"})),
              "choosing the target: 2 are configured; name one with --target: prod, test");
}

TEST(SelectTarget, TellsTheNearestOfAnUnknownName) {
    EXPECT_EQ(refusal("prdo", with_targets({"test", "prod"})),
              "choosing the target: 'prdo' is not configured; did you mean 'prod'?");
    EXPECT_EQ(refusal("staging", with_targets({"test", "prod"})),
              "choosing the target: 'staging' is not configured; configured: prod, test");
}

TEST(SelectTarget, RefusesWhatCannotBeAName) {
    for (const std::string_view name : {"all", "a.b", "a b", "../x", "ü"}) {
        EXPECT_EQ(refusal(name, Settings()),
                  "choosing the target: '" + std::string(name) + "' cannot be one; " +
                      std::string(target_name_rule));
    }
}

TEST(TargetName, IsShortAndPlain) {
    EXPECT_TRUE(is_target_name("prod-EU_2"));
    EXPECT_TRUE(is_target_name(std::string(64, 'x')));
    EXPECT_FALSE(is_target_name(std::string(65, 'x')));
    EXPECT_FALSE(is_target_name(""));
    EXPECT_FALSE(is_target_name("all"));
}

}  // namespace
}  // namespace caretaker
