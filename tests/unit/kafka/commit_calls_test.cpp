// SPDX-License-Identifier: Apache-2.0
// Which calls read the commits of many groups, and in what order.
#include "common/kafka/commit_calls.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;
using Calls = std::vector<CommitCall*>;

/// `size` partitions of topic 0.
std::vector<PartitionRef> partitions(std::int32_t size) {
    std::vector<PartitionRef> list;
    for (std::int32_t i = 0; i < size; ++i) {
        list.push_back({.topic = 0, .partition = i});
    }
    return list;
}

/// Groups of whose width nothing is known.
std::vector<CommittedRequest> groups(std::size_t count) {
    std::vector<CommittedRequest> requests;
    for (std::size_t i = 0; i < count; ++i) {
        requests.push_back({.group = "group-" + std::to_string(i)});
    }
    return requests;
}

/// Takes what may be sent now.
Calls take_all(CommitCalls& calls, SteadyTime now = {}) {
    Calls taken;
    while (CommitCall* call = calls.take(now)) {
        taken.push_back(call);
    }
    return taken;
}

/// "REQUEST:FIRST+COUNT" of each call, "REQUEST:all" of those without a list.
std::vector<std::string> words(const Calls& calls) {
    std::vector<std::string> result;
    for (const CommitCall* call : calls) {
        std::string word = std::to_string(call->request) + ":";
        word += call->partitions.empty() ? std::string("all")
                                         : std::to_string(call->partitions.front().partition) +
                                               "+" + std::to_string(call->partitions.size());
        result.push_back(word);
    }
    return result;
}

using Words = std::vector<std::string>;

/// A time that is none of a call not sent yet.
const SteadyTime start{1h};

TEST(CommitCalls, AreNoneForNoRequest) {
    CommitCalls calls({}, {});
    EXPECT_TRUE(calls.is_done());
    EXPECT_EQ(calls.take(start), nullptr);
}

TEST(CommitCalls, AreOneForEachNarrowGroupAll64AtOnce) {
    const auto requests = groups(70);
    const auto existing = partitions(500);
    CommitCalls calls(requests, existing);
    const auto first = take_all(calls, start);
    EXPECT_EQ(first.size(), 64U);
    EXPECT_EQ(words(first).front(), "0:all");
    calls.answered(*first[0], 10);
    calls.failed(*first[1]);
    EXPECT_EQ(words(take_all(calls, start)), (Words{"64:all", "65:all"}));
    EXPECT_FALSE(calls.is_done());
    EXPECT_TRUE(calls.is_complete(0));
    EXPECT_TRUE(calls.is_complete(1));
    EXPECT_FALSE(calls.is_complete(2));
    EXPECT_FALSE(calls.is_complete(69));
}

TEST(CommitCalls, BeginWithFewGroupsWhereTheyMayBeWide) {
    const auto requests = groups(10);
    const auto existing = partitions(1'000);
    CommitCalls calls(requests, existing);
    auto first = take_all(calls, start);
    EXPECT_EQ(words(first), (Words{"0:all", "1:all"}));
    calls.answered(*first[0], 3);
    EXPECT_EQ(words(take_all(calls, start)), (Words{"2:all", "3:all"}));
}

TEST(CommitCalls, AskTheRestInPartsOnceTheFirstGroupsWereWide) {
    const auto requests = groups(4);
    const auto existing = partitions(600);
    CommitCalls calls(requests, existing);
    const auto first = take_all(calls, start);
    calls.answered(*first[0], 600);
    calls.answered(*first[1], 600);

    auto begun = take_all(calls, start);
    EXPECT_EQ(words(begun), (Words{"2:0+250", "3:0+250"}));
    EXPECT_TRUE(begun[0]->is_part);

    calls.answered(*begun[0], 250);
    EXPECT_FALSE(calls.is_complete(2));
    const auto others = take_all(calls, start);
    EXPECT_EQ(words(others), (Words{"2:250+250", "2:500+100"}));
    calls.answered(*others[1], 100);
    EXPECT_FALSE(calls.is_complete(2));
    calls.answered(*others[0], 250);
    EXPECT_TRUE(calls.is_complete(2));
    calls.failed(*begun[1]);
    EXPECT_TRUE(calls.is_complete(3));
    EXPECT_EQ(take_all(calls, start), Calls{});
    EXPECT_TRUE(calls.is_done());
}

TEST(CommitCalls, TakeTheWidthOfAGroupFromItsOwners) {
    auto requests = groups(70);
    for (auto& request : requests) {
        request.owned = 1;
    }
    requests[1].owned = 600;
    const auto existing = partitions(600);
    CommitCalls calls(requests, existing);
    const auto first = take_all(calls, start);
    ASSERT_EQ(first.size(), 65U);  // 64 whole ones and one part
    EXPECT_EQ(words({first[0], first[1], first[2]}), (Words{"0:all", "1:0+250", "2:all"}));
}

TEST(CommitCalls, CutLongListsOfTheCallerButNotShortOnes) {
    auto requests = groups(2);
    requests[0].partitions = partitions(500);
    requests[1].partitions = partitions(501);
    CommitCalls calls(requests, {});
    auto first = take_all(calls, start);
    EXPECT_EQ(words(first), (Words{"0:0+500", "1:0+250"}));
    calls.answered(*first[1], 0);
    const auto others = take_all(calls, start);
    EXPECT_EQ(words(others), (Words{"1:250+250", "1:500+1"}));
    calls.answered(*others[0], 0);
    calls.answered(*others[1], 0);
    EXPECT_TRUE(calls.is_complete(1));  // the caller knows what it asked for
    EXPECT_EQ(take_all(calls, start), Calls{});
}

TEST(CommitCalls, AskForAllWhenPartsFoundNothing) {
    auto requests = groups(1);
    requests[0].owned = 600;
    const auto existing = partitions(501);
    CommitCalls calls(requests, existing);
    calls.answered(*take_all(calls, start).at(0), 0);
    const auto others = take_all(calls, start);
    calls.answered(*others.at(0), 0);
    EXPECT_FALSE(calls.is_done());
    calls.answered(*others.at(1), 0);
    EXPECT_FALSE(calls.is_complete(0));
    const auto last = take_all(calls, start);
    EXPECT_EQ(words(last), Words{"0:all"});
    calls.answered(*last[0], 0);
    EXPECT_TRUE(calls.is_complete(0));
    EXPECT_TRUE(calls.is_done());
}

TEST(CommitCalls, DoNotAskForAllWhenAPartFailed) {
    auto requests = groups(1);
    requests[0].owned = 600;
    const auto existing = partitions(501);
    CommitCalls calls(requests, existing);
    calls.answered(*take_all(calls, start).at(0), 0);
    const auto others = take_all(calls, start);
    calls.failed(*others.at(0));
    calls.answered(*others.at(1), 0);
    EXPECT_TRUE(calls.is_done());
}

TEST(CommitCalls, KeepFewGroupsInPartsUnderWay) {
    auto requests = groups(20);
    for (auto& request : requests) {
        request.owned = 1'000;
    }
    const auto existing = partitions(1'000);
    CommitCalls calls(requests, existing);
    const auto first = take_all(calls, start);
    EXPECT_EQ(first.size(), 8U);
    calls.answered(*first[0], 250);
    EXPECT_EQ(words(take_all(calls, start)), (Words{"0:250+250", "0:500+250", "0:750+250"}));
}

TEST(CommitCalls, ThatStandForLongMakeRoomForOthers) {
    const auto requests = groups(5);
    const auto existing = partitions(1'000);
    CommitCalls calls(requests, existing);
    EXPECT_EQ(take_all(calls, start).size(), 2U);
    EXPECT_EQ(calls.next_due(start), start + 300ms);
    EXPECT_EQ(take_all(calls, start + 300ms).size(), 0U);
    EXPECT_EQ(words(take_all(calls, start + 301ms)), (Words{"2:all", "3:all"}));
}

TEST(CommitCalls, AreSentAgainWhenTheyAreDueWhateverIsInFlight) {
    const auto requests = groups(4);
    const auto existing = partitions(1'000);
    CommitCalls calls(requests, existing);
    auto first = take_all(calls, start);
    calls.send_again(*first[0], start + 150ms);
    EXPECT_EQ(words(take_all(calls, start)), Words{"2:all"});
    EXPECT_EQ(calls.next_due(start), start + 150ms);
    EXPECT_EQ(words(take_all(calls, start + 150ms)), Words{"0:all"});
    EXPECT_FALSE(calls.is_complete(0));
}

TEST(CommitCalls, LeaveOutWhatTheyAreTold) {
    const auto requests = groups(3);
    CommitCalls calls(requests, {});
    calls.leave_out(0);
    calls.leave_out(2);
    const auto taken = take_all(calls, start);
    EXPECT_EQ(words(taken), Words{"1:all"});
    calls.answered(*taken[0], 0);
    EXPECT_TRUE(calls.is_done());
    EXPECT_TRUE(calls.is_complete(0));
}

TEST(CommitCalls, AreReplacedOnceWhereNoAnswerComes) {
    const auto requests = groups(2);
    CommitCalls calls(requests, {});
    const auto first = take_all(calls, start);
    ASSERT_EQ(first.size(), 2U);
    calls.answered(*first[1], 3);
    EXPECT_EQ(calls.next_overdue(2s, 5s), start + 2s);
    calls.replace_overdue(start + 1999ms, 2s);
    EXPECT_FALSE(first[0]->is_abandoned);
    calls.replace_overdue(start + 2s, 2s);
    EXPECT_TRUE(first[0]->is_abandoned);
    EXPECT_FALSE(first[1]->is_abandoned) << "it was answered";
    EXPECT_FALSE(calls.is_done());

    const auto second = take_all(calls, start + 2s);
    EXPECT_EQ(words(second), Words{"0:all"});
    EXPECT_TRUE(second[0]->is_last_wait);
    EXPECT_EQ(calls.next_overdue(2s, 5s), start + 5s) << "there is no third one";
    calls.replace_overdue(start + 1h, 2s);
    EXPECT_FALSE(second[0]->is_abandoned);
    calls.answered(*second[0], 1);
    EXPECT_TRUE(calls.is_done());
    EXPECT_TRUE(calls.is_complete(0));
}

TEST(CommitCalls, AreNotReplacedWhileTheirCoordinatorAnswersOthers) {
    auto requests = groups(2);
    requests[0].coordinator = requests[1].coordinator = 7;
    CommitCalls calls(requests, {});
    const auto first = take_all(calls, start);
    calls.heard_from_coordinator_of(1, start + 1s);
    calls.answered(*first[1], 3);
    EXPECT_EQ(calls.next_overdue(2s, 5s), start + 3s);
    calls.replace_overdue(start + 2999ms, 2s);
    EXPECT_FALSE(first[0]->is_abandoned);
    calls.replace_overdue(start + 3s, 2s);
    EXPECT_TRUE(first[0]->is_abandoned);
}

TEST(CommitCalls, OfFiveThousandGroupsAreNotLateWhileTheCoordinatorAnswers) {
    auto requests = groups(5'000);
    for (auto& request : requests) {
        request.coordinator = 1;
    }
    CommitCalls calls(requests, {});
    auto now = start;
    std::deque<CommitCall*> at_broker;
    while (!calls.is_done()) {
        for (CommitCall* call : take_all(calls, now)) {
            at_broker.push_back(call);
        }
        ASSERT_FALSE(at_broker.empty());
        now += 5ms;
        ASSERT_TRUE(calls.give_up_silent(now, 5s).empty());
        calls.replace_overdue(now, 2s);
        ASSERT_FALSE(at_broker.front()->is_abandoned);
        calls.heard_from_coordinator_of(at_broker.front()->request, now);
        calls.answered(*at_broker.front(), 1);
        at_broker.pop_front();
    }
    EXPECT_EQ(now, start + 25s);
    EXPECT_TRUE(calls.is_complete(4'999));
}

TEST(CommitCalls, OfASilentCoordinatorAreGivenUpAtOnceThoseNotSentYetIncluded) {
    auto requests = groups(200);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        requests[i].coordinator = i % 2 == 0 ? 0 : 1;
    }
    CommitCalls calls(requests, {});
    const auto first = take_all(calls, start);
    ASSERT_EQ(first.size(), 64U);
    for (CommitCall* call : first) {
        if (call->request % 2 == 1) {
            calls.heard_from_coordinator_of(call->request, start + 4s);
            calls.answered(*call, 1);
        }
    }
    EXPECT_TRUE(calls.give_up_silent(start + 4999ms, 5s).empty());
    const auto given_up = calls.give_up_silent(start + 5s, 5s);
    ASSERT_EQ(given_up.size(), 100U);
    EXPECT_EQ(given_up.front(), 0U);
    EXPECT_EQ(given_up.back(), 198U);
    EXPECT_TRUE(first[0]->is_abandoned);
    EXPECT_FALSE(calls.is_anything_in_flight());
    for (const CommitCall* call : take_all(calls, start + 5s)) {
        EXPECT_EQ(call->request % 2, 1U) << "the other coordinator's are still asked";
    }
}

TEST(CommitCalls, AreLateByTheFirstTimeTheyWereSent) {
    const auto requests = groups(1);
    CommitCalls calls(requests, {});
    take_all(calls, start);
    calls.replace_overdue(start + 2s, 2s);
    ASSERT_EQ(take_all(calls, start + 2s).size(), 1U);
    EXPECT_EQ(calls.next_overdue(2s, 5s), start + 5s);
    EXPECT_EQ(calls.give_up_silent(start + 5s, 5s), std::vector<std::size_t>{0});
    EXPECT_TRUE(calls.is_done());
}

TEST(CommitCalls, ThatAreReplacedStandForTheSamePartOfTheirGroup) {
    const auto list = partitions(600);
    const std::vector<CommittedRequest> listed{{.group = "g", .partitions = list}};
    CommitCalls calls(listed, {});
    const auto first = take_all(calls, start);
    ASSERT_EQ(words(first), Words{"0:0+250"});
    calls.replace_overdue(start + 2s, 2s);
    const auto again = take_all(calls, start + 2s);
    ASSERT_EQ(words(again), Words{"0:0+250"});
    calls.answered(*again[0], 250);
    EXPECT_EQ(words(take_all(calls, start + 2s)), (Words{"0:250+250", "0:500+100"}));
}

}  // namespace
}  // namespace caretaker
