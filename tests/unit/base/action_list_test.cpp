// SPDX-License-Identifier: Apache-2.0
// The compact list of actions gives back what was put in.
#include "common/base/action_list.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace caretaker {
namespace {

const WallTime start{std::chrono::seconds{1'767'225'600}};

Action sample_action() {
    return {.kind = "delete_index",
            .subject = "logs-2026.01.01",
            .reason = "34 d old, keep 30 d",
            .state = ActionState::failed,
            .bytes = 0,
            .error = "403",
            .started_at = start,
            .ended_at = start + std::chrono::seconds(2),
            .identity = "uuid-1",
            .destructive = false};
}

TEST(ActionList, GivesBackAllPartsOfAnAction) {
    const ActionList list{{.kind = "other"}, sample_action()};
    const Action action = list[1];
    EXPECT_EQ(action.kind, "delete_index");
    EXPECT_EQ(action.subject, "logs-2026.01.01");
    EXPECT_EQ(action.reason, "34 d old, keep 30 d");
    EXPECT_EQ(action.state, ActionState::failed);
    EXPECT_EQ(action.bytes, 0);
    EXPECT_EQ(action.error, "403");
    EXPECT_EQ(action.started_at, start);
    EXPECT_EQ(action.ended_at, start + std::chrono::seconds(2));
    EXPECT_EQ(action.identity, "uuid-1");
    EXPECT_FALSE(action.destructive);
}

TEST(ActionList, TellsNoBytesFromZeroBytesAndNoEndFromAnEnd) {
    const ActionList list{{.kind = "delete"}};
    EXPECT_EQ(list[0].bytes, std::nullopt);
    EXPECT_EQ(list[0].ended_at, std::nullopt);
    EXPECT_EQ(list.bytes_freed(), std::nullopt);
    EXPECT_EQ(ActionList({{.state = ActionState::done, .bytes = 0}}).bytes_freed(), 0);
}

TEST(ActionList, KeepsTheSubjectsOfNeighboursApart) {
    ActionList list;
    for (int i = 0; i < 1000; ++i) {
        list.push_back({.kind = "delete",
                        .subject = "subject " + std::to_string(i),
                        .reason = i % 2 == 0 ? "even" : "odd",
                        .identity = std::to_string(i * i)});
    }
    EXPECT_EQ(list.subject(0), "subject 0");
    EXPECT_EQ(list.subject(999), "subject 999");
    EXPECT_EQ(list.identity(999), "998001");
    EXPECT_EQ(list.reason(998), "even");
    EXPECT_EQ(list.kind(500), "delete");
}

TEST(ActionList, FollowsAnActionFromItsStartToItsEnd) {
    ActionList list{{.kind = "delete", .subject = "a", .bytes = 7}, {.kind = "delete"}};
    list.set_started(0, start);
    EXPECT_EQ(list.count(ActionState::started), 1);
    list.set_ended(0, ActionState::done, start + std::chrono::seconds(1), {}, std::nullopt);
    EXPECT_EQ(list[0].state, ActionState::done);
    EXPECT_EQ(list[0].bytes, 7) << "an answer that tells no bytes leaves the planned ones";
    EXPECT_EQ(list.count(ActionState::would), 1);
    list.set_ended(1, ActionState::failed, start, "gone", 3);
    EXPECT_EQ(list[1].error, "gone");
    EXPECT_EQ(list.bytes_freed(), 7) << "only what is done freed anything";
}

TEST(ActionList, CountsWhatTheBrakesCount) {
    const ActionList list{{.kind = "delete"}, {.kind = "create", .destructive = false}};
    EXPECT_EQ(list.count_destructive(), 1);
}

TEST(ActionList, LeavesACopyAsItWasWhenTheOriginalGoesOn) {
    ActionList list{{.kind = "delete", .reason = "old"}};
    const ActionList copy = list;
    list.push_back({.kind = "create", .reason = "new"});
    list.set_state(0, ActionState::skipped);
    EXPECT_EQ(copy.size(), 1U);
    EXPECT_EQ(copy[0].reason, "old");
    EXPECT_EQ(copy.state(0), ActionState::would);
}

TEST(ActionList, TakesAnotherSubjectAndIdentityThanTheActions) {
    const auto texts = std::make_shared<TextArena>();
    const std::string_view both = texts->keep_pair("logs-1", "uuid");
    ActionList list(texts);
    list.push_back({.kind = "delete"}, both.substr(0, 6), both.substr(6));
    EXPECT_EQ(list.subject(0).data(), both.data()) << "what is kept already is not copied";
    EXPECT_EQ(list[0].subject, "logs-1");
    EXPECT_EQ(list[0].identity, "uuid");
    list.push_back({.kind = "delete"}, both.substr(0, 6), "another");
    EXPECT_EQ(list[1].identity, "another") << "it does not lie behind the subject";
    const std::string outside = "logs-2";
    list.push_back({.kind = "delete"}, outside, {});
    EXPECT_NE(list.subject(2).data(), outside.data());
    EXPECT_EQ(list[2].subject, "logs-2");
    EXPECT_EQ(list.identity(2), "");
}

TEST(ActionList, KeepsItsTextsWhenTheirGiverIsGone) {
    ActionList list;
    {
        auto texts = std::make_shared<TextArena>();
        list = ActionList(texts);
        list.push_back({.kind = "delete"}, texts->keep("logs-1"), {});
    }
    const ActionList copy = std::exchange(list, {});
    EXPECT_EQ(copy[0].subject, "logs-1");
}

TEST(ActionList, LeavesTheCourseOfThoseBeforeAnActionThatBegan) {
    ActionList list{{.kind = "delete"}, {.kind = "delete"}, {.kind = "delete"}};
    list.set_started(1, start);
    EXPECT_EQ(list[0].started_at, WallTime());
    EXPECT_EQ(list[0].ended_at, std::nullopt);
    EXPECT_EQ(list[1].started_at, start);
    EXPECT_EQ(list[2].started_at, WallTime());
}

TEST(ActionList, CanBeWalkedThrough) {
    const ActionList list{{.subject = "a"}, {.subject = "b"}};
    std::string subjects;
    for (const Action action : list) {
        subjects += action.subject;
    }
    EXPECT_EQ(subjects, "ab");
    const ActionList none;
    EXPECT_EQ(none.begin(), none.end());
}

}  // namespace
}  // namespace caretaker
