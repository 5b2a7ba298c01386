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
/// failed, and at the same time through the older call, which adds one DescribeGroups a broker:
/// members, assignments and coordinators of all groups (the admin call for that asks group by
/// group, and in 2.0.2 to 2.8.0 aborts the process when a broker does not offer it). Both end
/// within `timeout` plus 400 ms.
GroupListing fetch_group_listing(const std::shared_ptr<RdKafkaConnection>& connection,
                                 const WantedGroups& wanted,
                                 std::chrono::milliseconds timeout,
                                 TopicNames& names,
                                 const StopSignal& stop);

}  // namespace caretaker
