// SPDX-License-Identifier: Apache-2.0
// Listing and describing groups through librdkafka.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/group_listing.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"

#include <chrono>
#include <memory>

namespace caretaker {

class StopSignal;

/// ListGroups of every broker through the admin call, which tells what exists and which broker
/// failed; then the older list call, which adds one DescribeGroups a broker: members, assignments
/// and coordinators of all groups. Only where a broker is silent are groups described one by one.
/// Ends within `timeout` plus 400 ms.
GroupListing fetch_group_listing(const std::shared_ptr<RdKafkaConnection>& connection,
                                 const WantedGroups& wanted,
                                 std::chrono::milliseconds timeout,
                                 TopicNames& names,
                                 const StopSignal& stop);

}  // namespace caretaker
