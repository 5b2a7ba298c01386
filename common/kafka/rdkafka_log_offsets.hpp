// SPDX-License-Identifier: Apache-2.0
// Log start and end of many partitions, and offsets by time, through librdkafka.
#pragma once

#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"
#include "common/kafka/rdkafka_metadata.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

struct LogOffsetsRequest {
    std::span<const PartitionRef> partitions{};  // in any order, each as often as the caller likes
    /// Set: the first record from then on is asked for in place of start and end.
    std::optional<WallTime> since{};
    const LeaderTable& leaders;
    std::span<const std::int32_t> silent_brokers{};  // in the order of ids
    std::chrono::milliseconds timeout{};             // of a leader that says nothing
};

/// ListOffsets for -2 (start), then -1 (end), or for a time, which gives the `end` of the answers
/// (-1: no record is so new); a few hundred partitions of one leader at a time, in up to four
/// threads. The library gives one error for a whole call and then leaves its input in the list, so
/// a call that fails is cut in halves until the culprit stands alone; a leader that owes an answer
/// and gives none for `timeout` is not asked again, and silent brokers not at all: their partitions
/// have timed out. One answer per partition, in the same order. `tell` may be empty.
std::vector<LogOffsets> fetch_partition_log_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    const LogOffsetsRequest& request,
    const TopicNames& names,
    const StopSignal& stop,
    const TellProgress& tell);

}  // namespace caretaker
