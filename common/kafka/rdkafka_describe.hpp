// SPDX-License-Identifier: Apache-2.0
// Describing consumer groups one by one through librdkafka.
#pragma once

#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {

class StopSignal;

/// One FindCoordinator and one DescribeGroups a group, each with its own error. Only for groups
/// that brokers have listed: when a broker does not offer DescribeGroups at all, librdkafka 2.0.2
/// to 2.8.0 abort the process. Kinds are not set; members_known says whether the assignments are.
/// Groups that did not answer within `timeout` have a problem.
std::vector<ConsumerGroup> describe_each(const std::shared_ptr<RdKafkaConnection>& connection,
                                         const std::vector<std::string>& groups,
                                         std::chrono::milliseconds timeout,
                                         TopicNames& names,
                                         const StopSignal& stop);

}  // namespace caretaker
