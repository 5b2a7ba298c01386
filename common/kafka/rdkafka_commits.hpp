// SPDX-License-Identifier: Apache-2.0
// Committed offsets of many groups through librdkafka.
#pragma once

#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

/// One FindCoordinator and one OffsetFetch a group (the library takes one group a call), many
/// groups at once; long lists in parts, and so groups with so many commits that asking for all that
/// is `existing` is cheaper. A group whose coordinator moves or loads is asked
/// again for up to 2 s. `offsets_leaders`: the leaders of __consumer_offsets; groups of a partition
/// without one are not asked, for that would cost the whole timeout. Ends within `timeout` plus 400
/// ms.
std::vector<GroupOffsets> fetch_committed_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    std::span<const CommittedRequest> requests,
    std::span<const PartitionRef> existing,
    std::span<const std::int32_t> offsets_leaders,
    std::chrono::milliseconds timeout,
    TopicNames& names,
    const StopSignal& stop);

}  // namespace caretaker
