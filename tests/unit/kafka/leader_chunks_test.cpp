// SPDX-License-Identifier: Apache-2.0
// How partitions are cut into requests, and which partition of __consumer_offsets keeps a group.
#include "common/kafka/leader_chunks.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace caretaker {
namespace {

using Items = std::vector<std::uint32_t>;

TEST(LeaderChunks, GroupByLeaderAndKeepTheOrderOfItems) {
    const std::vector<std::int32_t> leaders = {2, 1, 2, 1, 3};
    const auto chunks = plan_leader_chunks(Items{0, 1, 2, 3, 4}, leaders, 250);
    ASSERT_EQ(chunks.size(), 3U);
    EXPECT_EQ(chunks[0].leader, 1);
    EXPECT_EQ(chunks[0].items, (Items{1, 3}));
    EXPECT_EQ(chunks[1].leader, 2);
    EXPECT_EQ(chunks[1].items, (Items{0, 2}));
    EXPECT_EQ(chunks[2].items, Items{4});
}

TEST(LeaderChunks, HoldAtMostSoManyItems) {
    for (const auto& [count, chunks] :
         {std::pair{0U, 0U}, {1U, 1U}, {250U, 1U}, {251U, 2U}, {10'000U, 40U}}) {
        const std::vector<std::int32_t> leaders(count, 7);
        Items items(count);
        std::iota(items.begin(), items.end(), 0U);
        const auto planned = plan_leader_chunks(items, leaders, 250);
        EXPECT_EQ(planned.size(), chunks) << count;
        for (const auto& chunk : planned) {
            EXPECT_LE(chunk.items.size(), 250U);
        }
    }
}

TEST(LeaderChunks, LeaveOutItemsThatAreNotAskedFor) {
    const std::vector<std::int32_t> leaders = {-1, 5, -2};
    const auto chunks = plan_leader_chunks(Items{2, 1}, leaders, 10);
    ASSERT_EQ(chunks.size(), 2U);
    EXPECT_EQ(chunks[0].leader, -2);
    EXPECT_EQ(chunks[0].items, Items{2});
    EXPECT_EQ(chunks[1].items, Items{1});
}

std::vector<PartitionRef> partitions_of(const std::vector<TopicId>& topics) {
    std::vector<PartitionRef> partitions;
    for (const auto topic : topics) {
        partitions.push_back(
            {.topic = topic, .partition = static_cast<std::int32_t>(partitions.size())});
    }
    return partitions;
}

std::size_t first_half_of(const std::vector<TopicId>& topics) {
    LeaderChunk chunk{.leader = 4, .items = Items(topics.size())};
    std::iota(chunk.items.begin(), chunk.items.end(), 0U);
    const auto partitions = partitions_of(topics);
    const auto [first, second] = split_chunk(chunk, partitions);
    EXPECT_EQ(first.leader, 4);
    EXPECT_EQ(second.leader, 4);
    EXPECT_EQ(first.items.size() + second.items.size(), topics.size());
    EXPECT_EQ(second.items.front(), first.items.back() + 1);
    return first.items.size();
}

TEST(LeaderChunks, AreSplitWhereTheTopicChangesElseInTheMiddle) {
    EXPECT_EQ(first_half_of({1, 1}), 1U);
    EXPECT_EQ(first_half_of({1, 2}), 1U);
    EXPECT_EQ(first_half_of({1, 1, 1}), 1U);
    EXPECT_EQ(first_half_of({1, 2, 2, 2, 2, 2}), 1U);
    EXPECT_EQ(first_half_of({1, 1, 1, 1, 1, 2}), 5U);
    EXPECT_EQ(first_half_of({1, 1, 2, 2, 3, 3}), 2U);
    EXPECT_EQ(first_half_of({1, 1, 1, 1}), 2U);
}

TEST(OffsetsPartition, IsThatOfJavasStringHash) {
    // Utils.abs(name.hashCode()) % 50, computed with the kafka-clients of 4.3.1.
    EXPECT_EQ(offsets_partition_of("", 50), 0);
    EXPECT_EQ(offsets_partition_of("a", 50), 47);
    EXPECT_EQ(offsets_partition_of("logstash-archive", 50), 46);
    EXPECT_EQ(offsets_partition_of("elasticsearch-indexer", 50), 37);  // a negative hash
    EXPECT_EQ(offsets_partition_of("billing", 50), 9);                 // another
    EXPECT_EQ(offsets_partition_of("polygenelubricants", 50), 0);      // -2^31
}

TEST(OffsetsPartition, IsAbsentWhereItIsNotKnown) {
    EXPECT_EQ(offsets_partition_of("a", 0), std::nullopt);
    EXPECT_EQ(offsets_partition_of("b\xc3\xbcro", 50), std::nullopt);
}

}  // namespace
}  // namespace caretaker
