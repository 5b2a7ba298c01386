// SPDX-License-Identifier: Apache-2.0
// What kind of group a name is, from what the two calls said about it.
#include "common/kafka/group_listing.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace caretaker {
namespace {

ConsumerGroup described(std::string state, std::string protocol_type, std::size_t members = 0) {
    ConsumerGroup group{.name = "g",
                        .state = std::move(state),
                        .protocol_type = std::move(protocol_type),
                        .members_known = true};
    group.members.resize(members);
    return group;
}

ConsumerGroup forbidden_description() {
    auto group = described("", "");
    group.problem = {.failure = KafkaFailure::forbidden, .text = "Group authorization failed"};
    return group;
}

ConsumerGroup join_one(std::optional<ListedGroup> listed,
                       std::optional<ConsumerGroup> description,
                       bool listing_complete = true) {
    GroupAnswers answers{.listing_complete = listing_complete};
    if (listed) {
        answers.listed.push_back(*listed);
    }
    if (description) {
        answers.described.push_back(*description);
    }
    auto groups = join_groups(std::move(answers), {});
    EXPECT_EQ(groups.size(), 1U);
    return groups.at(0);
}

TEST(GroupListing, TellsTheKindsOfGroupsApart) {
    const auto listed = [](std::string state, bool simple = false) {
        return ListedGroup{.name = "g", .simple = simple, .state = std::move(state)};
    };

    const struct {
        const char* what;
        std::optional<ListedGroup> listed;
        std::optional<ConsumerGroup> description;
        GroupKind kind;
        std::string state;
        bool members_known;
    } cases[] = {
        {"classic with members",
         listed("Stable"),
         described("Stable", "consumer", 2),
         GroupKind::classic,
         "Stable",
         true},
        {"classic without members",
         listed("Empty"),
         described("Empty", "consumer"),
         GroupKind::classic,
         "Empty",
         true},
        {"classic in a rebalance: assignments are not told",
         listed("PreparingRebalance"),
         described("PreparingRebalance", "consumer", 2),
         GroupKind::classic,
         "PreparingRebalance",
         false},
        {"commits only",
         listed("Empty", true),
         described("Empty", ""),
         GroupKind::simple,
         "Empty",
         true},
        {"new protocol, live",
         listed("Stable"),
         described("Dead", ""),
         GroupKind::consumer,
         "Stable",
         false},
        {"new protocol, members joining",
         listed("Unknown"),
         described("Dead", ""),
         GroupKind::consumer,
         "Unknown",
         false},
        {"new protocol, all members left",
         listed("Empty"),
         described("Dead", ""),
         GroupKind::consumer,
         "Empty",
         false},
        {"share group", std::nullopt, described("Dead", ""), GroupKind::share, "Dead", false},
        {"Connect workers",
         std::nullopt,
         described("Stable", "connect", 1),
         GroupKind::other,
         "Stable",
         true},
        {"made after the list was",
         std::nullopt,
         described("Stable", "consumer", 1),
         GroupKind::classic,
         "Stable",
         true},
        {"listed, not described",
         listed("Stable"),
         std::nullopt,
         GroupKind::unknown,
         "Stable",
         false},
        {"commits only, not described",
         listed("Empty", true),
         std::nullopt,
         GroupKind::simple,
         "Empty",
         true},
        {"listed, description forbidden",
         listed("Stable"),
         forbidden_description(),
         GroupKind::unknown,
         "Stable",
         false},
        {"described only, forbidden",
         std::nullopt,
         forbidden_description(),
         GroupKind::unknown,
         "",
         false},
    };

    for (const auto& row : cases) {
        const auto group = join_one(row.listed, row.description);
        EXPECT_EQ(group.kind, row.kind) << row.what;
        EXPECT_EQ(group.state, row.state) << row.what;
        EXPECT_EQ(group.members_known, row.members_known) << row.what;
    }
}

TEST(GroupListing, DoesNotTakeADeadGroupForAShareGroupWhenTheListIsIncomplete) {
    EXPECT_EQ(join_one(std::nullopt, described("Dead", ""), false).kind, GroupKind::unknown);
}

TEST(GroupListing, DoesNotKnowTheOwnersWhenAnAssignmentCannotBeRead) {
    auto group = described("Stable", "consumer", 1);
    group.members_known = false;
    EXPECT_FALSE(join_one(ListedGroup{.name = "g", .state = "Stable"}, group).members_known);
}

TEST(GroupListing, SaysWhyAListedGroupIsNotDescribed) {
    GroupAnswers answers{.listed = {{.name = "g", .state = "Stable"}}, .listing_complete = true};
    answers.description_problem = {.failure = KafkaFailure::timed_out, .text = "Timed out"};
    const auto groups = join_groups(answers, {});
    ASSERT_TRUE(groups.at(0).problem);
    EXPECT_EQ(groups[0].problem->failure, KafkaFailure::timed_out);
    answers.description_problem.reset();
    EXPECT_EQ(join_groups(answers, {}).at(0).problem->failure, KafkaFailure::failed);
}

TEST(GroupListing, ShowsEachNameOnceAndPrefersWhatSaysMore) {
    GroupAnswers answers{
        .listed = {{.name = "g", .state = "Unknown"}, {.name = "g", .state = "Stable"}},
        .listing_complete = true,
        .described = {
            described("Dead", ""), described("Stable", "consumer", 1), forbidden_description()}};
    const auto groups = join_groups(std::move(answers), {});
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].kind, GroupKind::classic);
    EXPECT_EQ(groups[0].members.size(), 1U);
}

std::vector<std::string> names_of(const std::vector<ConsumerGroup>& groups) {
    std::vector<std::string> names;
    for (const auto& group : groups) {
        names.push_back(group.name);
    }
    return names;
}

TEST(GroupListing, SortsByNameAndAddsTheNamesThatNobodyListed) {
    const GroupAnswers answers{.listed = {{.name = "b", .simple = true, .state = "Empty"},
                                          {.name = "a", .simple = true, .state = "Empty"}},
                               .listing_complete = true};
    const std::vector<std::string> named = {"c", "b", "c"};
    EXPECT_EQ(names_of(join_groups(answers, {})), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(names_of(join_groups(answers, {.named = named})),
              (std::vector<std::string>{"a", "b", "c"}));
    const auto only = join_groups(answers, {.named = named, .named_only = true});
    EXPECT_EQ(names_of(only), (std::vector<std::string>{"b", "c"}));
    EXPECT_EQ(only[0].kind, GroupKind::simple);
    EXPECT_EQ(only[1].kind, GroupKind::unknown);
    EXPECT_FALSE(only[1].problem);
}

}  // namespace
}  // namespace caretaker
