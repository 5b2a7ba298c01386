// SPDX-License-Identifier: Apache-2.0
// The lists of groups that the brokers of a cluster keep, through librdkafka.
#pragma once

#include "common/kafka/group_listing.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_handles.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

/// What the brokers listed, joined.
struct GroupLists {
    std::vector<ListedGroup> groups{};
    std::vector<KafkaProblem> problems{};  // each with its broker, in the order of ids
    /// Brokers that did not answer in time, in the order of ids.
    std::vector<std::int32_t> silent{};
};

/// One ListGroups for each of `brokers`, all at once. A broker that is loading groups, as after its
/// restart, is asked again. Ends within `timeout` plus 400 ms.
///
/// One call a broker and not one for all, because the library's answer for all does not say which
/// broker was silent, and keeps a processor busy while it waits for it.
GroupLists fetch_group_lists(rd_kafka_t* handle,
                             std::span<const std::int32_t> brokers,
                             std::chrono::milliseconds timeout,
                             const StopSignal& stop);

}  // namespace caretaker
