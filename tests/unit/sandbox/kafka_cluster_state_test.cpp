// SPDX-License-Identifier: Apache-2.0
// The state of the fake cluster: time, growth, and look-ups after changes.
#include "tests/sandbox/kafka_cluster_state.hpp"

#include "tests/sandbox/kafka_handlers.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

constexpr std::int64_t epoch_ms = 1'000'000;

KafkaScenario make_growing_scenario() {
    KafkaScenario scenario{.epoch = WallTime(std::chrono::milliseconds(epoch_ms))};
    scenario.topics.push_back({.name = "t", .partitions = {{.log_end = 100}, {.log_end = 100}}});
    scenario.topics[0].partitions[0].records_per_second = 10;
    scenario.groups.push_back({.name = "slow", .commits = {{.topic = "t"}}});
    scenario.groups[0].commits[0].commits = {
        {.partition = 0, .offset = 90, .records_per_second = 4},
        {.partition = 1, .offset = 98, .records_per_second = 4}};
    return scenario;
}

std::int64_t commit_of(const KafkaClusterState& state, std::size_t at) {
    return state.group("slow")->commits[0].commits[at].offset;
}

TEST(KafkaClusterState, LetsLogsAndCommitsGrowByTheirRates) {
    KafkaClusterState state(make_growing_scenario(), {9001});
    state.advance(std::chrono::seconds(3));
    EXPECT_EQ(state.topic("t")->partitions[0].log_end, 130);
    EXPECT_EQ(state.topic("t")->partitions[1].log_end, 100);
    EXPECT_EQ(commit_of(state, 0), 102);
    EXPECT_EQ(commit_of(state, 1), 100) << "ends at the end of the log";
}

TEST(KafkaClusterState, NeverMovesACommitBack) {
    KafkaClusterState state(make_growing_scenario(), {9001});
    state.update(
        [](KafkaScenario& scenario) { scenario.groups[0].commits[0].commits[1].offset = 500; });
    state.advance(std::chrono::seconds(1));
    EXPECT_EQ(commit_of(state, 1), 500);
}

TEST(KafkaClusterState, FindsWhatAChangeMade) {
    KafkaClusterState state(make_growing_scenario(), {9001, 9002});
    EXPECT_EQ(state.topic("new"), nullptr);
    state.update([](KafkaScenario& scenario) {
        scenario.topics.push_back(make_topic("new", 1, 0, 0));
        scenario.topics.erase(scenario.topics.begin());
        scenario.groups.push_back({.name = "other"});
    });
    EXPECT_EQ(state.topic("t"), nullptr);
    ASSERT_NE(state.topic("new"), nullptr);
    ASSERT_NE(state.group("other"), nullptr);
    EXPECT_EQ(state.groups_of(0).size() + state.groups_of(1).size(), 2U);
}

TEST(KafkaClusterState, SpreadsGroupsAsKafkaDoes) {
    auto scenario = make_growing_scenario();
    scenario.topics.push_back(make_topic("__consumer_offsets", 50, 0, 0));
    const KafkaClusterState state(std::move(scenario), {9001, 9002, 9003});
    // Java's hashCode() of these names: 3533313, and -260766737, of which the absolute value
    // counts.
    EXPECT_EQ(state.coordinator("slow"), 13 % 3);
    EXPECT_EQ(state.coordinator("elasticsearch-indexer"), 37 % 3);
}

struct TimeCase {
    std::int64_t timestamp;
    std::int64_t offset;
    std::int64_t found_at;
};

class OffsetsByTime : public testing::TestWithParam<TimeCase> {};

// Records 0 … 99, ten a second, the newest at the epoch: record 99 - n is n * 100 ms older.
TEST_P(OffsetsByTime, AreTheFirstRecordNotOlder) {
    KafkaClusterState state(make_growing_scenario(), {9001});
    KafkaSession session;
    WireWriter request(false);
    request.write_int16(2);
    request.write_int16(1);
    request.write_int32(7);
    request.write_nullable_string(std::nullopt);
    request.write_int32(-1);
    request.write_array_length(1);
    request.write_string("t");
    request.write_array_length(1);
    request.write_int32(0);
    request.write_int64(GetParam().timestamp);
    const auto reply = answer_kafka_request(state, session, request.take()).frame;
    WireReader in(reply, false);
    in.skip(4 + 4 + 4 + 3 + 4 + 4);
    EXPECT_EQ(in.read_int16(), 0);
    EXPECT_EQ(in.read_int64(), GetParam().found_at);
    EXPECT_EQ(in.read_int64(), GetParam().offset);
}

INSTANTIATE_TEST_SUITE_P(Boundaries,
                         OffsetsByTime,
                         testing::Values(TimeCase{epoch_ms, 99, epoch_ms},
                                         TimeCase{epoch_ms + 1, -1, -1},
                                         TimeCase{epoch_ms - 99, 99, epoch_ms},
                                         TimeCase{epoch_ms - 100, 98, epoch_ms - 100},
                                         TimeCase{epoch_ms - 101, 98, epoch_ms - 100},
                                         TimeCase{epoch_ms - 9900, 0, epoch_ms - 9900},
                                         TimeCase{epoch_ms - 9901, 0, epoch_ms - 9900},
                                         TimeCase{0, 0, epoch_ms - 9900},
                                         TimeCase{INT64_MAX, -1, -1}));

}  // namespace
}  // namespace caretaker::sandbox
