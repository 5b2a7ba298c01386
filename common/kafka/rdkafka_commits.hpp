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

/// Which groups cannot be read, so that asking for them would only cost the whole timeout.
struct UnreadableHomes {
    /// The leaders of __consumer_offsets: the coordinators of the groups that its partitions keep;
    /// -1: none. Empty where the topic does not show.
    std::span<const std::int32_t> offsets_leaders{};
    /// Brokers that do not answer, in the order of ids.
    std::span<const std::int32_t> silent_brokers{};
};

/// One FindCoordinator and one OffsetFetch a group (the library takes one group a call), many
/// groups at once; long lists in parts, and so groups with so many commits that asking for all that
/// is `existing` is cheaper. A group whose coordinator moves or loads is asked again for up to 2 s.
/// Groups whose home is unreadable are not asked. A group is given up, and with it all others of
/// its coordinator, when that owes an answer and said nothing for `timeout`; as long as it answers
/// it may take its time. Calls without an answer are left to the library until the handle goes.
/// `tell` may be empty.
std::vector<GroupOffsets> fetch_committed_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    std::span<const CommittedRequest> requests,
    std::span<const PartitionRef> existing,
    const UnreadableHomes& homes,
    std::chrono::milliseconds timeout,
    TopicNames& names,
    const StopSignal& stop,
    const TellProgress& tell);

}  // namespace caretaker
