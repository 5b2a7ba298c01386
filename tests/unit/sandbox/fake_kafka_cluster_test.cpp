// SPDX-License-Identifier: Apache-2.0
// The fake cluster as its users see it: over TCP, with faults and changes while it serves.
#include "tests/sandbox/fake_kafka_cluster.hpp"

#include "common/base/error.hpp"
#include "loopback_client.hpp"
#include "tests/sandbox/kafka_wire.hpp"
#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace caretaker::sandbox {
namespace {

constexpr auto list_groups = "0010 0000 00000007 ffff";
constexpr auto metadata_of_all = "0003 0001 00000007 ffff  ffffffff";

/// Sends one request, returns the answer's body in hexadecimal digits; "" if there is none.
std::string ask(LoopbackClient& client, std::string_view request) {
    client.send(frame_kafka_message(wire_bytes(request)));
    const auto length = client.receive(4);
    if (length.size() < 4) {
        return "";
    }
    WireReader in(length, false);
    return to_hex(client.receive(static_cast<std::size_t>(in.read_int32()))).substr(8);
}

std::string ask(const FakeKafkaCluster& cluster, int broker, std::string_view request) {
    LoopbackClient client(cluster.port(broker));
    return ask(client, request);
}

std::string fetch_all_of(std::string_view group) {
    WireWriter out(false);
    out.write_string(group);
    return "0009 0002 00000007 ffff " + to_hex(out.take()) + "ffffffff";
}

std::string bytes(std::string_view text) {
    return to_hex(wire_bytes(text));
}

TEST(FakeKafkaCluster, ListsEachGroupOnExactlyOneBroker) {
    const FakeKafkaCluster cluster(make_demo_scenario(1));
    for (const auto& group : make_demo_scenario(1).groups) {
        WireWriter name(false);
        name.write_string(group.name);
        const auto needle = to_hex(name.take());
        for (int broker = 0; broker < cluster.brokers(); ++broker) {
            EXPECT_EQ(ask(cluster, broker, list_groups).find(needle) != std::string::npos,
                      broker == cluster.coordinator_of(group.name))
                << group.name << " on " << broker;
        }
    }
}

TEST(FakeKafkaCluster, NamesEveryBrokerForBootstrap) {
    const FakeKafkaCluster cluster({}, 2);
    EXPECT_EQ(cluster.bootstrap_servers(),
              "127.0.0.1:" + std::to_string(cluster.port(0)) +
                  ",127.0.0.1:" + std::to_string(cluster.port(1)));
}

TEST(FakeKafkaCluster, AnswersDifferentlyAfterEachChange) {
    FakeKafkaCluster cluster({}, 1);
    LoopbackClient client(cluster.port(0));
    EXPECT_EQ(ask(client, fetch_all_of("g")), bytes("00000000 0000"));
    cluster.set_commit("g", "t", 3, 42);
    EXPECT_EQ(ask(client, fetch_all_of("g")),
              bytes("00000001 0001 't' 00000001 00000003 000000000000002a 0000 0000 0000"));
    cluster.set_commit("g", "t", 3, 43);
    EXPECT_NE(ask(client, fetch_all_of("g")).find("000000000000002b"), std::string::npos);
    cluster.remove_group("g");
    EXPECT_EQ(ask(client, fetch_all_of("g")), bytes("00000000 0000"));
    EXPECT_TRUE(ask(client, metadata_of_all).ends_with(bytes("00000000 00000000")));
    cluster.set_log("t", 0, 5, 9);
    EXPECT_TRUE(ask(client, metadata_of_all)
                    .ends_with(bytes("00000001 0000 0001 't' 00 00000001 0000 00000000 00000000"
                                     "00000001 00000000 00000001 00000000")));
    cluster.set_leader("t", 0, -1);
    EXPECT_NE(ask(client, metadata_of_all).find(bytes("0005 00000000 ffffffff")),
              std::string::npos);
    cluster.remove_topic("t");
    EXPECT_TRUE(ask(client, metadata_of_all).ends_with(bytes("00000000 00000000")));
}

TEST(FakeKafkaCluster, AdvancesLogsOnDemand) {
    KafkaScenario scenario;
    scenario.topics.push_back(make_topic("t", 1, 0, 10));
    scenario.topics[0].partitions[0].records_per_second = 3;
    FakeKafkaCluster cluster(std::move(scenario), 1);
    LoopbackClient client(cluster.port(0));
    constexpr auto end_of_t =
        "0002 0001 00000007 ffff  ffffffff 00000001 0001 't' 00000001 00000000 ffffffffffffffff";
    EXPECT_TRUE(ask(client, end_of_t).ends_with("000000000000000a"));
    cluster.advance(std::chrono::seconds(2));
    EXPECT_TRUE(ask(client, end_of_t).ends_with("0000000000000010"));
}

TEST(FakeKafkaCluster, ClosesThePortOfADeadBrokerButShowsItInMetadata) {
    FakeKafkaCluster cluster({}, 2);
    const auto alive = ask(cluster, 0, metadata_of_all);
    cluster.set_fault("dead:broker=1");
    EXPECT_FALSE(LoopbackClient(cluster.port(1)).connected());
    EXPECT_EQ(ask(cluster, 0, metadata_of_all), alive);
    cluster.clear_faults();
    EXPECT_EQ(ask(cluster, 1, metadata_of_all), alive);
}

TEST(FakeKafkaCluster, RefusesFaultsOfBrokersThatThereAreNot) {
    FakeKafkaCluster cluster({}, 2);
    EXPECT_THROW(cluster.set_fault("dead:broker=2"), UsageError);
    EXPECT_TRUE(cluster.faults().empty());
}

TEST(FakeKafkaCluster, AcceptsButKeepsSilenceWhenTold) {
    FakeKafkaCluster cluster({}, 1);
    cluster.set_fault("silent");
    LoopbackClient client(cluster.port(0));
    ASSERT_TRUE(client.connected());
    client.send(frame_kafka_message(wire_bytes(metadata_of_all)));
    EXPECT_TRUE(client.is_silent_for(50));
    cluster.clear_faults();
    EXPECT_NE(ask(cluster, 0, metadata_of_all), "");
}

TEST(FakeKafkaCluster, CutsTheConnectionInTheMiddleOfAnAnswer) {
    FakeKafkaCluster cluster({}, 1);
    cluster.set_fault("cut:api=Metadata");
    LoopbackClient client(cluster.port(0));
    client.send(frame_kafka_message(wire_bytes(metadata_of_all)));
    const auto got = client.receive_all();
    ASSERT_GE(got.size(), 4U);
    WireReader in(got, false);
    EXPECT_GT(in.read_int32(), static_cast<std::int32_t>(got.size()));
    EXPECT_TRUE(client.is_closed());
}

TEST(FakeKafkaCluster, CountsRequestsByBrokerApiAndVersion) {
    FakeKafkaCluster cluster({}, 2);
    ask(cluster, 0, list_groups);
    ask(cluster, 1, list_groups);
    ask(cluster, 1, list_groups);
    ask(cluster, 1, metadata_of_all);
    EXPECT_EQ(cluster.requests(KafkaApi::list_groups), 3U);
    EXPECT_EQ(cluster.requests(KafkaApi::list_groups, 1), 2U);
    EXPECT_EQ(cluster.requests(KafkaApi::metadata, 0), 0U);
    EXPECT_EQ(cluster.request_counts().size(), 3U);
    EXPECT_EQ(cluster.bad_requests(), 0U);
    ask(cluster, 0, "0000");
    EXPECT_EQ(cluster.bad_requests(), 1U);
    cluster.reset_request_counts();
    EXPECT_TRUE(cluster.request_counts().empty());
    EXPECT_EQ(cluster.bad_requests(), 0U);
}

TEST(FakeKafkaCluster, MayBeChangedWhileItServes) {
    FakeKafkaCluster cluster(make_demo_scenario(1));
    std::jthread changer([&](const std::stop_token& stop) {
        for (std::int64_t i = 0; !stop.stop_requested(); ++i) {
            cluster.set_commit("g", "t", static_cast<std::int32_t>(i % 50), i);
            cluster.advance(std::chrono::seconds(1));
            cluster.set_fault("dead:broker=1");
            cluster.clear_faults();
        }
    });
    LoopbackClient client(cluster.port(0));
    for (int i = 0; i < 200; ++i) {
        EXPECT_NE(ask(client, metadata_of_all), "");
    }
}

}  // namespace
}  // namespace caretaker::sandbox
