// SPDX-License-Identifier: Apache-2.0
// Log start and end of many partitions through librdkafka.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"
#include "common/kafka/rdkafka_metadata.hpp"

#include <memory>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

/// ListOffsets for -2 (start), then -1 (end), a few hundred partitions of one leader at a time, in
/// up to four threads. The library gives one error for a whole call and then leaves its input in
/// the list, so a call that fails is cut in halves until the culprit stands alone; a leader that
/// does not answer is not asked again, and those of `silent_brokers` (in the order of ids) not at
/// all: their partitions have timed out. Partitions come in any order, each as often as the caller
/// likes.
std::vector<LogOffsets> fetch_partition_log_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    std::span<const PartitionRef> partitions,
    const LeaderTable& leaders,
    std::span<const std::int32_t> silent_brokers,
    SteadyTime deadline,
    const TopicNames& names,
    const StopSignal& stop);

}  // namespace caretaker
