// SPDX-License-Identifier: Apache-2.0
// Connecting to a cluster, and what its metadata says about leaders.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

class StopSignal;

/// Waits until some broker has answered, but not longer than `deadline`. Throws as
/// KafkaClient::fetch_metadata does.
ClusterMetadata fetch_cluster_metadata(const std::shared_ptr<RdKafkaConnection>& connection,
                                       TopicNames& names,
                                       SteadyTime deadline,
                                       const StopSignal& stop);

/// The leader of a partition in the library's form of metadata: absent where the partition does not
/// exist, -1 where it has no leader.
std::optional<std::int32_t> find_leader(const rd_kafka_metadata_topic& topic,
                                        std::int32_t partition);

/// Who leads what, by topic and partition; four bytes a partition.
class LeaderTable {
 public:
    LeaderTable() = default;
    LeaderTable(const ClusterMetadata& metadata, const TopicNames& names);

    /// Whether the metadata holds the topic.
    [[nodiscard]] bool knows(TopicId topic) const;

    /// Why the topic's partitions are not known; `none` for an ordinary one.
    [[nodiscard]] KafkaFailure topic_failure(TopicId topic) const;

    /// Of a topic that the table knows: absent for a partition that does not exist, -1: no leader.
    [[nodiscard]] std::optional<std::int32_t> leader_of(PartitionRef where) const;

    /// The partitions of __consumer_offsets; empty where the metadata does not show the topic.
    [[nodiscard]] std::span<const std::int32_t> offsets_leaders() const;

 private:
    struct Row {
        bool known = false;
        KafkaFailure failure = KafkaFailure::none;
        std::size_t begin = 0;
        std::size_t size = 0;
    };

    [[nodiscard]] std::span<const std::int32_t> leaders_of(const Row& row) const;

    std::vector<Row> rows_;  // index: topic id
    std::vector<std::int32_t> leaders_;
    std::optional<TopicId> offsets_topic_;
};

}  // namespace caretaker
