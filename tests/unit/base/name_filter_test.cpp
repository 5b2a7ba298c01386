// SPDX-License-Identifier: Apache-2.0
#include "common/base/name_filter.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

NameFilter filter(const Words& includes, const Words& excludes = {}) {
    return {{"--index", includes}, {"--exclude-index", excludes}};
}

/// The words of "a logs-1 logs-2 metrics" that are wanted.
Words wanted(const NameFilter& filter) {
    Words found;
    for (const char* name : {"a", "logs-1", "logs-2", "metrics"}) {
        if (filter.wants(name)) {
            found.emplace_back(name);
        }
    }
    return found;
}

TEST(NameFilter, WantsAllWithoutIncludes) {
    EXPECT_EQ(wanted(filter({})), (Words{"a", "logs-1", "logs-2", "metrics"}));
    EXPECT_EQ(wanted(filter({}, {"logs-*"})), (Words{"a", "metrics"}));
}

TEST(NameFilter, WantsWhatAnyIncludeMatchesAndNoExcludeDoes) {
    EXPECT_EQ(wanted(filter({"a", "logs-*"})), (Words{"a", "logs-1", "logs-2"}));
    EXPECT_EQ(wanted(filter({"/s/"}, {"/2$/"})), (Words{"logs-1", "metrics"}));
    EXPECT_EQ(wanted(filter({"a"}, {"a"})), Words{});
}

TEST(NameFilter, KnowsTheNamesThatAreWantedByThemselves) {
    const NameFilter mixed = filter({"b", "a", "b", "c", "d*"}, {"c"});
    EXPECT_EQ(mixed.names(), (Words{"a", "b"}));
    EXPECT_FALSE(mixed.only_names());
    EXPECT_TRUE(filter({"b", "a"}).only_names());
    EXPECT_FALSE(filter({}).only_names());
    EXPECT_TRUE(mixed.narrows());
    EXPECT_FALSE(filter({}, {"c"}).narrows());
}

TEST(NameFilter, SaysWhereAWrongPatternStands) {
    for (const bool included : {true, false}) {
        try {
            included ? filter({"/[/"}) : filter({}, {"/[/"});
            FAIL() << "no error";
        } catch (const UsageError& error) {
            const std::string origin = included ? "--index" : "--exclude-index";
            EXPECT_TRUE(std::string_view(error.what()).starts_with(origin + " '/[/': "))
                << error.what();
        }
    }
    EXPECT_THROW(filter({""}), UsageError);
}

TEST(NameFilter, EndsInAUsageErrorWhenAnExpressionTakesTooManySteps) {
    EXPECT_THROW((void)filter({"/^(a+)+$/"}).wants(std::string(60, 'a') + "b"), UsageError);
}

}  // namespace
}  // namespace caretaker
