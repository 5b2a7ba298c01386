// SPDX-License-Identifier: Apache-2.0
// Requests written by hand from the protocol's documentation, and the answers byte for byte.
#include "tests/sandbox/kafka_handlers.hpp"

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

KafkaScenario make_small_scenario() {
    KafkaScenario scenario{.cluster_id = "id"};
    scenario.topics.push_back(make_topic("t", 2, 5, 10));
    scenario.groups.push_back(
        {.name = "g",
         .members =
             {{.member_id = "m", .client_id = "c", .host = "/h", .assignment = {{"t", {0, 1}}}}},
         .commits = {make_commits("t", {8})}});
    return scenario;
}

/// Broker 0 leads t/0; broker 1 leads t/1 and coordinates g ('g' is 103, an odd number).
class KafkaHandlers : public testing::Test {
 protected:
    KafkaReply ask(std::string_view request, std::int32_t broker = 0) {
        session.broker = broker;
        return answer_kafka_request(state, session, wire_bytes(request));
    }

    /// The answer without its length, after checking that.
    std::string answer(std::string_view request, std::int32_t broker = 0) {
        const auto reply = ask(request, broker);
        EXPECT_FALSE(reply.close);
        return reply.frame.empty() ? "no answer" : unframed(reply.frame);
    }

    static std::string unframed(const std::string& frame) {
        WireReader in(frame, false);
        EXPECT_EQ(in.read_int32(), static_cast<std::int32_t>(frame.size() - 4));
        return to_hex(std::string_view(frame).substr(4));
    }

    static std::string bytes(std::string_view text) { return to_hex(wire_bytes(text)); }

    KafkaClusterState state{make_small_scenario(), {9001, 9002}};
    KafkaSession session;
};

// Key, version, correlation id, client id "me".
constexpr auto api_versions_0 = "0012 0000 00000007 0002 'me'";
constexpr auto api_versions_3 = "0012 0003 00000007 0002 'me' 00  03 'me' 02 '1' 00";
constexpr auto list_groups_0 = "0010 0000 00000007 0002 'me'";
constexpr auto describe_g_0 = "000f 0000 00000007 0002 'me'  00000001 0001 'g'";
constexpr auto fetch_all_7 = "0009 0007 00000007 0002 'me' 00  02 'g' 00 00 00";
constexpr auto fetch_t_1 =
    "0009 0001 00000007 0002 'me'  0001 'g' 00000001 0001 't' 00000001 00000000";

TEST_F(KafkaHandlers, ListTheApisInVersion0) {
    EXPECT_EQ(answer(api_versions_0),
              bytes("00000007 0000 00000009"
                    "0002 0001 0006  0003 0000 000c  0009 0001 0007  000a 0000 0003  000f 0000 0005"
                    "0010 0000 0005  0011 0000 0001  0012 0000 0003  0024 0000 0002"));
}

TEST_F(KafkaHandlers, ListTheApisInVersion3WithACompactBodyUnderTheOldHeader) {
    EXPECT_EQ(answer(api_versions_3),
              bytes("00000007 0000 0a"
                    "0002 0001 0006 00  0003 0000 000c 00  0009 0001 0007 00  000a 0000 0003 00"
                    "000f 0000 0005 00  0010 0000 0005 00  0011 0000 0001 00  0012 0000 0003 00"
                    "0024 0000 0002 00  00000000 00"));
}

TEST_F(KafkaHandlers, AnswerApiVersionsOfTheFutureInVersion0) {
    const auto answered = answer("0012 0063 00000007 0002 'me' 00 aabbcc");
    EXPECT_EQ(answered.substr(0, 20), bytes("00000007 0023 00000009"));
    EXPECT_EQ(answered.size(), bytes("00000007 0000 00000009").size() + 9 * 12);
}

TEST_F(KafkaHandlers, DescribeTheClusterInMetadata1) {
    EXPECT_EQ(answer("0003 0001 00000007 ffff  ffffffff"),
              bytes("00000007"
                    "00000002 00000000 0009 '127.0.0.1' 00002329 ffff"
                    "         00000001 0009 '127.0.0.1' 0000232a ffff"
                    "00000000"
                    "00000001 0000 0001 't' 00 00000002"
                    "  0000 00000000 00000000 00000001 00000000 00000001 00000000"
                    "  0000 00000001 00000001 00000001 00000001 00000001 00000001"));
}

TEST_F(KafkaHandlers, NameUnknownTopicsInMetadata4) {
    EXPECT_EQ(answer("0003 0004 00000007 ffff  00000001 0001 'x' 00"),
              bytes("00000007 00000000"
                    "00000002 00000000 0009 '127.0.0.1' 00002329 ffff"
                    "         00000001 0009 '127.0.0.1' 0000232a ffff"
                    "0002 'id' 00000000"
                    "00000001 0003 0001 'x' 00 00000000"));
}

TEST_F(KafkaHandlers, GiveNoTopicsForAnEmptyListButAllInMetadata0) {
    const auto brokers_only = answer("0003 0001 00000007 ffff  00000000");
    EXPECT_TRUE(brokers_only.ends_with("00000000")) << brokers_only;
    EXPECT_NE(answer("0003 0000 00000007 ffff  00000000").find(bytes("0001 't'")),
              std::string::npos);
}

TEST_F(KafkaHandlers, ShowPartitionsWithoutALeaderInMetadata) {
    state.update([](KafkaScenario& scenario) { scenario.topics[0].partitions[1].leader = -1; });
    const auto answered = answer("0003 0001 00000007 ffff  00000001 0001 't'");
    EXPECT_TRUE(answered.ends_with(bytes("0005 00000001 ffffffff 00000001 00000001 00000000")))
        << answered;
}

TEST_F(KafkaHandlers, FindTheCoordinatorOfAnyGroup) {
    EXPECT_EQ(answer("000a 0000 00000007 0002 'me'  0001 'g'"),
              bytes("00000007 0000 00000001 0009 '127.0.0.1' 0000232a"));
    EXPECT_EQ(answer("000a 0002 00000007 0002 'me'  0001 'g' 00"),
              bytes("00000007 00000000 0000 ffff 00000001 0009 '127.0.0.1' 0000232a"));
}

TEST_F(KafkaHandlers, FindNoCoordinatorWhereTheOffsetsPartitionHasNoLeader) {
    state.update([](KafkaScenario& scenario) {
        scenario.topics.push_back(make_topic("__consumer_offsets", 1, 0, 0));
        scenario.topics.back().partitions[0].leader = -1;
    });
    EXPECT_EQ(answer("000a 0000 00000007 0002 'me'  0001 'g'"),
              bytes("00000007 000f ffffffff 0000 ffffffff"));
    for (const std::int32_t broker : {0, 1}) {
        EXPECT_EQ(answer(list_groups_0, broker), bytes("00000007 0000 00000000"));
    }
}

TEST_F(KafkaHandlers, ListTheGroupsThatTheBrokerCoordinates) {
    EXPECT_EQ(answer(list_groups_0, 0), bytes("00000007 0000 00000000"));
    EXPECT_EQ(answer(list_groups_0, 1), bytes("00000007 0000 00000001 0001 'g' 0008 'consumer'"));
    EXPECT_EQ(answer("0010 0004 00000007 0002 'me' 00  01 00", 1),
              bytes("00000007 00  00000000 0000 02 02 'g' 09 'consumer' 07 'Stable' 00 00"));
}

TEST_F(KafkaHandlers, FilterListedGroupsByState) {
    EXPECT_EQ(answer("0010 0004 00000007 0002 'me' 00  02 07 'stable' 00", 1),
              bytes("00000007 00  00000000 0000 02 02 'g' 09 'consumer' 07 'Stable' 00 00"));
    EXPECT_EQ(answer("0010 0004 00000007 0002 'me' 00  02 06 'Empty' 00", 1),
              bytes("00000007 00  00000000 0000 01 00"));
}

TEST_F(KafkaHandlers, PassOverTheByteTooManyOfLibrdkafka) {
    EXPECT_EQ(answer("0010 0004 00000007 0002 'me' 00  01 00 00", 0),
              bytes("00000007 00  00000000 0000 01 00"));
}

TEST_F(KafkaHandlers, DescribeAMemberWithItsAssignment) {
    EXPECT_EQ(answer(describe_g_0, 1),
              bytes("00000007 00000001 0000 0001 'g' 0006 'Stable' 0008 'consumer' 0005 'range'"
                    "00000001 0001 'm' 0001 'c' 0002 '/h'"
                    "0000000d 0000 00000001 0001 't' ffffffff"
                    "00000019 0000 00000001 0001 't' 00000002 00000000 00000001 ffffffff"));
}

TEST_F(KafkaHandlers, DescribeUnknownGroupsAsDead) {
    EXPECT_EQ(answer("000f 0000 00000007 0002 'me'  00000001 0001 'k'", 1),
              bytes("00000007 00000001 0000 0001 'k' 0004 'Dead' 0000 0000 00000000"));
}

TEST_F(KafkaHandlers, DescribeGroupsOfTheNewProtocolAsDead) {
    state.update([](KafkaScenario& s) { s.groups[0].kind = FakeGroupKind::consumer; });
    EXPECT_EQ(answer(describe_g_0, 1),
              bytes("00000007 00000001 0000 0001 'g' 0004 'Dead' 0000 0000 00000000"));
}

TEST_F(KafkaHandlers, HideAssignmentsDuringARebalance) {
    state.update([](KafkaScenario& s) { s.groups[0].state = "PreparingRebalance"; });
    EXPECT_EQ(answer(describe_g_0, 1),
              bytes("00000007 00000001 0000 0001 'g' 0012 'PreparingRebalance' 0008 'consumer' 0000"
                    "00000001 0001 'm' 0001 'c' 0002 '/h' 00000000 00000000"));
}

TEST_F(KafkaHandlers, SendGroupsElsewhereToTheirCoordinator) {
    EXPECT_EQ(answer(describe_g_0, 0),
              bytes("00000007 00000001 0010 0001 'g' 0000 0000 0000 00000000"));
    EXPECT_EQ(answer(fetch_t_1, 0),
              bytes("00000007 00000001 0001 't' 00000001 00000000 ffffffffffffffff 0000 0010"));
    EXPECT_EQ(answer(fetch_all_7, 0), bytes("00000007 00  00000000 01 0010 00"));
}

TEST_F(KafkaHandlers, FetchAllOffsetsForNull) {
    EXPECT_EQ(answer(fetch_all_7, 1),
              bytes("00000007 00  00000000 02 02 't' 02"
                    "00000000 0000000000000008 ffffffff 01 0000 00 00 0000 00"));
    EXPECT_EQ(answer("0009 0002 00000007 0002 'me'  0001 'g' ffffffff", 1),
              bytes("00000007 00000001 0001 't' 00000001"
                    "00000000 0000000000000008 0000 0000  0000"));
}

TEST_F(KafkaHandlers, FetchNothingForAnEmptyList) {
    EXPECT_EQ(answer("0009 0002 00000007 0002 'me'  0001 'g' 00000000", 1),
              bytes("00000007 00000000 0000"));
}

TEST_F(KafkaHandlers, FetchMinusOneWhereNothingIsCommitted) {
    EXPECT_EQ(answer("0009 0001 00000007 0002 'me'  0001 'g' 00000001 0001 't' 00000002 00000000"
                     "00000001",
                     1),
              bytes("00000007 00000001 0001 't' 00000002"
                    "00000000 0000000000000008 0000 0000"
                    "00000001 ffffffffffffffff 0000 0000"));
}

TEST_F(KafkaHandlers, FindTheEndsOfALog) {
    EXPECT_EQ(answer("0002 0001 00000007 0002 'me'  ffffffff 00000001 0001 't' 00000001"
                     "00000000 ffffffffffffffff"),
              bytes("00000007 00000001 0001 't' 00000001"
                    "00000000 0000 ffffffffffffffff 000000000000000a"));
    EXPECT_EQ(answer("0002 0004 00000007 0002 'me'  ffffffff 00 00000001 0001 't' 00000001"
                     "00000000 ffffffff fffffffffffffffe"),
              bytes("00000007 00000000 00000001 0001 't' 00000001"
                    "00000000 0000 ffffffffffffffff 0000000000000005 00000000"));
}

TEST_F(KafkaHandlers, EndAtTheLastStableOffsetForReadCommitted) {
    state.update([](KafkaScenario& s) { s.topics[0].partitions[0].last_stable_offset = 6; });
    constexpr auto with_isolation =
        "0002 0002 00000007 0002 'me'  ffffffff {} 00000001 0001 't' 00000001"
        "00000000 ffffffffffffffff";
    const auto ask_with = [&](std::string_view level) {
        auto request = std::string(with_isolation);
        return answer(request.replace(request.find("{}"), 2, level));
    };
    EXPECT_TRUE(ask_with("00").ends_with("000000000000000a"));
    EXPECT_TRUE(ask_with("01").ends_with("0000000000000006"));
}

TEST_F(KafkaHandlers, RefuseOffsetsOfOtherLeadersAndUnknownPartitions) {
    EXPECT_EQ(answer("0002 0001 00000007 0002 'me'  ffffffff 00000002"
                     "0001 't' 00000002 00000001 ffffffffffffffff 00000002 ffffffffffffffff"
                     "0001 'x' 00000001 00000000 ffffffffffffffff"),
              bytes("00000007 00000002"
                    "0001 't' 00000002"
                    "00000001 0006 ffffffffffffffff ffffffffffffffff"
                    "00000002 0003 ffffffffffffffff ffffffffffffffff"
                    "0001 'x' 00000001"
                    "00000000 0003 ffffffffffffffff ffffffffffffffff"));
}

class BrokenRequest : public KafkaHandlers, public testing::WithParamInterface<const char*> {};

TEST_P(BrokenRequest, ClosesTheConnection) {
    const auto reply = ask(GetParam());
    EXPECT_TRUE(reply.close);
    EXPECT_TRUE(reply.frame.empty());
    EXPECT_EQ(state.bad_requests(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Hostile,
    BrokenRequest,
    testing::Values("",
                    "0012",
                    "0012 0000 00000007",                              // no client id
                    "0000 0000 00000007 0002 'me'",                    // Produce
                    "0003 0063 00000007 0002 'me'",                    // version 99
                    "0003 ffff 00000007 0002 'me'",                    // version -1
                    "0002 0000 00000007 0002 'me'",                    // below the lowest
                    "0003 0001 00000007 0002 'me' 7fffffff",           // a huge array
                    "0003 0001 00000007 0002 'me' 00000001 7fff 'x'",  // a string beyond the end
                    "0009 0001 00000007 0002 'me' 0001 'g' ffffffff",  // null before version 2
                    "0009 0007 00000007 0002 'me' 00 02 'g' 00",       // ends too early
                    "000a 0002 00000007 0002 'me' ffff 00",            // a null group
                    "'GET / HTTP/1.1'"));

TEST_F(KafkaHandlers, CountWhatTheyWereAsked) {
    ask(api_versions_0);
    ask(api_versions_3);
    ask(api_versions_3);
    ask(list_groups_0, 1);
    const KafkaClusterState::Counts expected{{{0, KafkaApi::api_versions, 0}, 1},
                                             {{0, KafkaApi::api_versions, 3}, 2},
                                             {{1, KafkaApi::list_groups, 0}, 1}};
    EXPECT_EQ(state.counts(), expected);
}

}  // namespace
}  // namespace caretaker::sandbox
