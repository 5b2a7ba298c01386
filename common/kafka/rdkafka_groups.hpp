// SPDX-License-Identifier: Apache-2.0
// Listing and describing groups through librdkafka.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/group_listing.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

struct GroupsRead {
    GroupListing listing{};
    std::vector<std::int32_t> silent_brokers{};  // did not answer in time; by id
};

/// ListGroups of each of `brokers` through the admin call, which tells what exists and which broker
/// failed; then the older list call, which adds one DescribeGroups a broker: members, assignments
/// and coordinators of all groups. Only where a broker is silent are groups described one by one.
/// Ends within `timeout` plus 400 ms.
GroupsRead fetch_group_listing(const std::shared_ptr<RdKafkaConnection>& connection,
                               std::span<const std::int32_t> brokers,
                               const WantedGroups& wanted,
                               std::chrono::milliseconds timeout,
                               TopicNames& names,
                               const StopSignal& stop);

}  // namespace caretaker
