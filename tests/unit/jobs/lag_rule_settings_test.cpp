// SPDX-License-Identifier: Apache-2.0
// The rules of verdicts out of settings.
#include "jobs/lag/lag_rule_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace caretaker {
namespace {

Settings with_map(const std::string& path, TextMap map) {
    Settings settings;
    settings.set({.spec = find_key(path), .path = path, .value = std::move(map)});
    return settings;
}

TEST(LagRuleSettings, AreTheDefaultsOfTheRules) {
    EXPECT_EQ(load_lag_rules({}).base(), LagRules());
    EXPECT_EQ(load_lag_rules({}).of("any"), LagRules());
}

TEST(LagRuleSettings, DifferForTheGroupsOfAPattern) {
    const LagRuleSet rules = load_lag_rules(
        with_map("lag.groups.allowed_lag", {{"billing-*", "5"}, {"/^b/", "7"}, {"exact", "9"}}));
    EXPECT_EQ(rules.of("billing-a").allowed_lag, 5) << "the first that fits";
    EXPECT_EQ(rules.of("bill").allowed_lag, 7);
    EXPECT_EQ(rules.of("exact").allowed_lag, 9);
    EXPECT_EQ(rules.of("exactly").allowed_lag, 0);
    EXPECT_EQ(rules.of("billing-a").min_points, 3) << "only what is said";
}

TEST(LagRuleSettings, TakesDurations) {
    const LagRuleSet rules = load_lag_rules(with_map("lag.groups.min_silence", {{"*", "90s"}}));
    EXPECT_EQ(rules.of("g").min_silence_ms, 90'000);
}

TEST(LagRuleSettings, NamesEveryWrongValue) {
    try {
        load_lag_rules(with_map("lag.groups.allowed_lag", {{"a", "-1"}, {"/[/", "1"}, {"b", "x"}}));
        FAIL();
    } catch (const UsageError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("lag.groups.allowed_lag: 'a': '-1' is no whole number from 0 on"),
                  std::string::npos)
            << text;
        EXPECT_NE(text.find("lag.groups.allowed_lag: '/[/': "), std::string::npos) << text;
        EXPECT_NE(text.find("'b': 'x'"), std::string::npos) << text;
    }
    EXPECT_THROW(load_lag_rules(with_map("lag.groups.min_silence", {{"*", "5"}})), UsageError);
}

}  // namespace
}  // namespace caretaker
