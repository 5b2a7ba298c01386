// SPDX-License-Identifier: Apache-2.0
// Which groups and topics a run is about.
#include "jobs/lag/lag_selection.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Names = std::vector<std::string>;

TEST(LagSelection, WantsEveryGroupWithoutFilters) {
    const LagSelection all{LagFilters{}};
    EXPECT_TRUE(all.wants_group("billing"));
    EXPECT_TRUE(all.wants_group(""));
    EXPECT_TRUE(all.wants_group("__internal-looking"));
    EXPECT_FALSE(all.only_named_groups());
    EXPECT_FALSE(all.narrows_topics());
}

TEST(LagSelection, TakesNamesGlobsAndRegularExpressions) {
    const LagSelection some({.groups = {"billing", "logs-*", "/^team-[ab]$/"}});
    EXPECT_TRUE(some.wants_group("billing"));
    EXPECT_TRUE(some.wants_group("logs-app"));
    EXPECT_TRUE(some.wants_group("team-b"));
    EXPECT_FALSE(some.wants_group("billing-2"));
    EXPECT_FALSE(some.wants_group("my-logs-app"));
    EXPECT_FALSE(some.wants_group("team-c"));
}

TEST(LagSelection, LetsExcludesWinOverIncludes) {
    const LagSelection some({.groups = {"a", "b*"}, .excluded_groups = {"b*", "a"}});
    EXPECT_FALSE(some.wants_group("a"));
    EXPECT_FALSE(some.wants_group("b1"));
}

TEST(LagSelection, KeepsNamesOnceSortedAndWithoutTheExcludedOnes) {
    const LagSelection some(
        {.groups = {"zeta", "alpha", "zeta", "old"}, .excluded_groups = {"o*"}});
    EXPECT_EQ(some.named_groups(), (Names{"alpha", "zeta"}));
    EXPECT_TRUE(some.only_named_groups());
}

TEST(LagSelection, NeedsAListingAsSoonAsOnePatternIsNoName) {
    const LagSelection some({.groups = {"alpha", "logs-*"}});
    EXPECT_EQ(some.named_groups(), Names{"alpha"});
    EXPECT_FALSE(some.only_named_groups());
}

TEST(LagSelection, ShowsInternalTopicsOnlyToPatternsThatBeginLikeThem) {
    struct Case {
        Names topics{};
        bool offsets_topic = false;
    };

    const std::vector<Case> cases{
        {{}, false},
        {{"*"}, false},
        {{"/consumer/"}, false},
        {{"__consumer_offsets"}, true},
        {{"__*"}, true},
        {{"__transaction*"}, false},
        {{"*", "__consumer*"}, true},
    };
    for (const Case& c : cases) {
        const LagSelection some({.topics = c.topics});
        EXPECT_EQ(some.wants_topic("__consumer_offsets"), c.offsets_topic)
            << testing::PrintToString(c.topics);
    }
    EXPECT_FALSE(LagSelection({.topics = {"__*"}, .excluded_topics = {"__consumer*"}})
                     .wants_topic("__consumer_offsets"));
    EXPECT_TRUE(LagSelection{LagFilters{}}.wants_topic("_schemas"));
}

TEST(LagSelection, SaysWhichFlagHasAWrongPattern) {
    try {
        const LagSelection wrong({.excluded_topics = {"/[/"}});
        FAIL() << "no error";
    } catch (const UsageError& error) {
        EXPECT_TRUE(std::string_view(error.what()).starts_with("--exclude-topic '/[/': "))
            << error.what();
    }
    EXPECT_THROW(LagSelection({.groups = {""}}), UsageError);
}

TEST(LagSelection, EndsInAUsageErrorWhenAnExpressionTakesTooManySteps) {
    const LagSelection slow({.groups = {"/^(a+)+$/"}});
    EXPECT_THROW((void)slow.wants_group(std::string(60, 'a') + "b"), UsageError);
}

TEST(LagSelection, TakesNamesOfAnyBytesLiterally) {
    const LagSelection some({.groups = {"Büro/log viewer", "a\tb\n", "tab[1]"}});
    EXPECT_TRUE(some.wants_group("Büro/log viewer"));
    EXPECT_TRUE(some.wants_group("a\tb\n"));
    EXPECT_TRUE(some.wants_group("tab1"));
}

TEST(LagSelection, CoversTheFindingsOfWantedGroupsAndTopicsOnly) {
    const LagSelection selection({.groups = {"billing*"}, .excluded_topics = {"secret"}});
    const auto finding = [](std::string group, std::string topic) {
        return Finding{.data = {{"group", std::move(group)}, {"topic", std::move(topic)}}};
    };
    EXPECT_TRUE(selection.covers(finding("billing-1", "logs")));
    EXPECT_FALSE(selection.covers(finding("search", "logs")));
    EXPECT_FALSE(selection.covers(finding("billing-1", "secret")));
    EXPECT_TRUE(selection.covers(Finding{}));
}

TEST(LagSelection, WantsGroupsByTheirStateInAnyCase) {
    const LagSelection all{LagFilters{}};
    EXPECT_FALSE(all.narrows_states());
    EXPECT_TRUE(all.wants_state("Dead"));
    const LagSelection some({.states = {"stable", "PREPARINGREBALANCE"}});
    EXPECT_TRUE(some.narrows_states());
    EXPECT_TRUE(some.wants_state("Stable"));
    EXPECT_TRUE(some.wants_state("PreparingRebalance"));
    EXPECT_FALSE(some.wants_state("Empty"));
    EXPECT_TRUE(some.wants_state("")) << "not known, which must show";
}

TEST(LagSelection, RefusesAStateThatKafkaDoesNotHave) {
    EXPECT_THROW(LagSelection({.states = {"running"}}), UsageError);
    EXPECT_THROW(LagSelection({.states = {""}}), UsageError);
}

}  // namespace
}  // namespace caretaker
