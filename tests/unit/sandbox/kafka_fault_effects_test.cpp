// SPDX-License-Identifier: Apache-2.0
// What faults do to answers, and what SASL does to connections.
#include "tests/sandbox/kafka_handlers.hpp"
#include "wire_bytes.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

class KafkaFaultEffects : public testing::Test {
 protected:
    void add(std::string_view spec) { state.add_fault(parse_kafka_fault(spec)); }

    KafkaReply ask(std::string_view request) {
        return answer_kafka_request(state, session, wire_bytes(request));
    }

    /// The answer without its length and the correlation id.
    std::string body(std::string_view request) {
        const auto frame = ask(request).frame;
        return frame.size() < 8 ? "no answer" : to_hex(std::string_view(frame).substr(8));
    }

    static std::string bytes(std::string_view text) { return to_hex(wire_bytes(text)); }

    static KafkaScenario make_scenario() {
        KafkaScenario scenario;
        scenario.topics.push_back(make_topic("t", 2, 0, 10));
        scenario.groups.push_back({.name = "g", .commits = {make_commits("t", {8})}});
        scenario.groups.push_back({.name = "k", .commits = {make_commits("t", {9})}});
        return scenario;
    }

    KafkaClusterState state{make_scenario(), {9001}};
    KafkaSession session;
};

constexpr auto find_g = "000a 0000 00000007 ffff  0001 'g'";
constexpr auto list_groups = "0010 0000 00000007 ffff";
constexpr auto describe_g_and_k = "000f 0000 00000007 ffff  00000002 0001 'g' 0001 'k'";
constexpr auto fetch_all_of_g = "0009 0002 00000007 ffff  0001 'g' ffffffff";
constexpr auto fetch_t_of_g =
    "0009 0002 00000007 ffff  0001 'g' 00000001 0001 't' 00000001 00000000";
constexpr auto fetch_all_of_k = "0009 0002 00000007 ffff  0001 'k' ffffffff";
constexpr auto ends_of_t =
    "0002 0001 00000007 ffff  ffffffff 00000001 0001 't' 00000002"
    "00000000 ffffffffffffffff 00000001 ffffffffffffffff";
constexpr auto metadata_of_all = "0003 0001 00000007 ffff  ffffffff";
constexpr auto metadata_of_t = "0003 0001 00000007 ffff  00000001 0001 't'";
constexpr auto handshake_0 = "0011 0000 00000007 ffff  0005 'PLAIN'";
constexpr auto handshake_1 = "0011 0001 00000007 ffff  0005 'PLAIN'";

TEST_F(KafkaFaultEffects, AreNoneWithoutAFault) {
    EXPECT_EQ(body(fetch_all_of_g),
              bytes("00000001 0001 't' 00000001 00000000 0000000000000008 0000 0000 0000"));
}

TEST_F(KafkaFaultEffects, HitOnlyTheGroupNamed) {
    add("error:code=NOT_COORDINATOR,group=g");
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 0010"));
    EXPECT_TRUE(body(fetch_all_of_k).ends_with("0000"));
    const auto described = body(describe_g_and_k);
    EXPECT_EQ(described.substr(0, 18), bytes("00000002 0010 0001 'g'"));
    EXPECT_NE(described.find(bytes("0000 0001 'k' 0006 'Stable'")), std::string::npos);
    EXPECT_TRUE(body(find_g).starts_with("0000"));
}

TEST_F(KafkaFaultEffects, EndAfterTheNumberOfTimesGiven) {
    add("error:code=COORDINATOR_LOAD_IN_PROGRESS,group=g,times=2");
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 000e"));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(body(fetch_all_of_k).substr(0, 8), "00000001") << "not met, not counted";
    }
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 000e"));
    EXPECT_EQ(body(fetch_all_of_g).substr(0, 8), "00000001");
    EXPECT_TRUE(state.faults().empty());
}

TEST_F(KafkaFaultEffects, CountOnceForARequestThatTheyHitOften) {
    add("error:code=NOT_LEADER,topic=t,times=1");
    const auto hit = body(ends_of_t);
    EXPECT_NE(hit.find(bytes("00000000 0006")), std::string::npos);
    EXPECT_NE(hit.find(bytes("00000001 0006")), std::string::npos);
    EXPECT_EQ(body(ends_of_t).find("0006"), std::string::npos);
}

TEST_F(KafkaFaultEffects, HitOnlyThePartitionNamed) {
    add("error:code=NOT_LEADER,topic=t,partition=1");
    EXPECT_EQ(body(ends_of_t),
              bytes("00000001 0001 't' 00000002"
                    "00000000 0000 ffffffffffffffff 000000000000000a"
                    "00000001 0006 ffffffffffffffff ffffffffffffffff"));
}

TEST_F(KafkaFaultEffects, ForbidGroupsEverywhereButInTheList) {
    add("error:code=GROUP_AUTHORIZATION_FAILED,group=g");
    EXPECT_TRUE(body(find_g).starts_with("001e"));
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 001e"));
    EXPECT_EQ(body(describe_g_and_k).substr(8, 4), "001e");
    EXPECT_NE(body(list_groups).find(bytes("0001 'g'")), std::string::npos);
}

TEST_F(KafkaFaultEffects, ForbidTopicsAsBrokersDo) {
    add("error:code=TOPIC_AUTHORIZATION_FAILED,topic=t");
    // Asked for by name it is refused, among all it is left out.
    EXPECT_TRUE(body(metadata_of_t).ends_with(bytes("00000001 001d 0001 't' 00 00000000")));
    EXPECT_TRUE(body(metadata_of_all).ends_with(bytes("00000000 00000000")));
    EXPECT_EQ(body(fetch_t_of_g),
              bytes("00000001 0001 't' 00000001 00000000 ffffffffffffffff 0000 001d 0000"));
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 0000"));
    EXPECT_NE(body(ends_of_t).find("001d"), std::string::npos);
}

TEST_F(KafkaFaultEffects, ForbidListing) {
    add("error:code=CLUSTER_AUTHORIZATION_FAILED");
    EXPECT_EQ(body(list_groups), bytes("001f 00000000"));
    EXPECT_TRUE(body(find_g).starts_with("0000"));
}

TEST_F(KafkaFaultEffects, ReportUnstableOffsetsOnlyToThoseWhoRequireStableOnes) {
    add("error:code=UNSTABLE_OFFSET_COMMIT");
    const auto fetch = [&](std::string_view require_stable) {
        return body(std::string("0009 0007 00000007 ffff 00  02 'g' 00 ") +
                    std::string(require_stable) + " 00");
    };
    EXPECT_EQ(fetch("00").find("0058"), std::string::npos);
    EXPECT_NE(fetch("01").find("0058"), std::string::npos);
}

TEST_F(KafkaFaultEffects, AnswerNullWithNothing) {
    add("empty-null");
    EXPECT_EQ(body(fetch_all_of_g), bytes("00000000 0000"));
    EXPECT_EQ(body(fetch_t_of_g).substr(0, 8), "00000001");
}

TEST_F(KafkaFaultEffects, MakeAnOlderBroker) {
    add("max-version:api=OffsetFetch,version=5");
    EXPECT_NE(body("0012 0000 00000007 ffff").find(bytes("0009 0001 0005")), std::string::npos);
    EXPECT_TRUE(ask("0009 0006 00000007 ffff 00  02 'g' 00 00").close);
}

TEST_F(KafkaFaultEffects, HideAnApi) {
    add("hide:api=DescribeGroups");
    const auto offered = body("0012 0000 00000007 ffff");
    EXPECT_EQ(offered.substr(0, 12), bytes("0000 00000008"));
    EXPECT_TRUE(ask(describe_g_and_k).close);
}

TEST_F(KafkaFaultEffects, LeaveOtherBrokersAlone) {
    add("hide:api=ListGroups,broker=1");
    add("hang:api=ListGroups,broker=1");
    add("error:code=CLUSTER_AUTHORIZATION_FAILED,broker=1");
    EXPECT_TRUE(body(list_groups).starts_with("0000"));
}

TEST_F(KafkaFaultEffects, HangTheConnectionFromThatRequestOn) {
    add("hang:api=ListGroups");
    EXPECT_NE(body(find_g), "no answer");
    EXPECT_EQ(body(list_groups), "no answer");
    EXPECT_EQ(body(find_g), "no answer");
    KafkaSession other;
    EXPECT_FALSE(answer_kafka_request(state, other, wire_bytes(find_g)).frame.empty());
}

TEST_F(KafkaFaultEffects, SwallowOnlyThatRequest) {
    add("swallow:api=ListGroups");
    EXPECT_EQ(body(list_groups), "no answer");
    EXPECT_NE(body(find_g), "no answer");
    EXPECT_EQ(state.counts().at({0, KafkaApi::list_groups, 0}), 1U);
}

TEST_F(KafkaFaultEffects, KeepSilence) {
    add("silent");
    const auto reply = ask("0012 0000 00000007 ffff");
    EXPECT_TRUE(reply.frame.empty());
    EXPECT_FALSE(reply.close);
}

TEST_F(KafkaFaultEffects, DelayAnswers) {
    add("delay:ms=5,api=ListGroups");
    EXPECT_EQ(ask(list_groups).delay, std::chrono::milliseconds(5));
    EXPECT_EQ(ask(find_g).delay, std::chrono::milliseconds(0));
}

TEST_F(KafkaFaultEffects, SpoilTheBytesOfAnAnswer) {
    const auto sound = ask(fetch_all_of_g).frame;
    add("garbage:api=OffsetFetch,times=1");
    const auto noise = ask(fetch_all_of_g).frame;
    EXPECT_EQ(to_hex(noise).substr(8, 8), "00000007");
    EXPECT_EQ(to_hex(noise).find(to_hex(sound).substr(16)), std::string::npos);
    add("truncated:times=1");
    const auto half = ask(fetch_all_of_g).frame;
    EXPECT_EQ(half.size(), 4 + 4 + (sound.size() - 8) / 2);
    EXPECT_EQ(to_hex(half).substr(0, 8), to_hex(frame_kafka_message(half.substr(4)).substr(0, 4)));
    add("huge-length:times=1");
    EXPECT_EQ(to_hex(ask(fetch_all_of_g).frame).substr(0, 8), "7fffffff");
    add("cut:times=1");
    const auto cut = ask(fetch_all_of_g);
    EXPECT_EQ(cut.frame, sound.substr(0, sound.size() / 2));
    EXPECT_TRUE(cut.close);
    EXPECT_EQ(ask(fetch_all_of_g).frame, sound);
}

class KafkaSasl : public KafkaFaultEffects {
 protected:
    KafkaSasl() {
        state.update([](KafkaScenario& scenario) { scenario.sasl = {"me", "secret"}; });
    }
};

TEST_F(KafkaSasl, ClosesConnectionsThatDoNotAuthenticate) {
    EXPECT_TRUE(ask(metadata_of_all).close);
    EXPECT_FALSE(ask("0012 0000 00000007 ffff").close);
}

TEST_F(KafkaSasl, TakesTheRightPassword) {
    EXPECT_EQ(body(handshake_1), bytes("0000 00000001 0005 'PLAIN'"));
    EXPECT_EQ(body("0024 0001 00000007 ffff  0000000a 00 'me' 00 'secret'"),
              bytes("0000 ffff 00000000 0000000000000000"));
    EXPECT_FALSE(ask(metadata_of_all).close);
}

TEST_F(KafkaSasl, RefusesAWrongPasswordWithBrokersWords) {
    body(handshake_1);
    const auto reply = ask("0024 0001 00000007 ffff  00000009 00 'me' 00 'wrong'");
    EXPECT_TRUE(reply.close);
    EXPECT_EQ(to_hex(reply.frame).substr(16),
              bytes("003a 0033 'Authentication failed: Invalid username or password' 00000000"
                    "0000000000000000"));
    EXPECT_TRUE(ask(metadata_of_all).close);
}

TEST_F(KafkaSasl, RefusesOtherMechanisms) {
    const auto reply = ask("0011 0001 00000007 ffff  000d 'SCRAM-SHA-256'");
    EXPECT_TRUE(reply.close);
    EXPECT_EQ(to_hex(reply.frame).substr(16), bytes("0021 00000001 0005 'PLAIN'"));
}

TEST_F(KafkaSasl, TakesABareTokenAfterHandshake0) {
    body(handshake_0);
    EXPECT_EQ(to_hex(ask("00 'me' 00 'secret'").frame), "00000000");
    EXPECT_FALSE(ask(metadata_of_all).close);
}

TEST_F(KafkaSasl, HangsUpOnAWrongBareToken) {
    for (const auto* token : {"", "00", "00 'me' 00 'wrong'", "'me' 00 'secret'", "00 'me'"}) {
        session = {};
        body(handshake_0);
        EXPECT_TRUE(ask(token).close) << token;
        EXPECT_FALSE(session.authenticated) << token;
    }
}

}  // namespace
}  // namespace caretaker::sandbox
