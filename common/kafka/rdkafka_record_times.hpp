// SPDX-License-Identifier: Apache-2.0
// When single records were written, through librdkafka.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/kafka.hpp"
#include "common/kafka/rdkafka_connection.hpp"
#include "common/kafka/rdkafka_metadata.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caretaker {

class StopSignal;

/// One Fetch or a few for each record, one record after the other, by the library's simple
/// consumer: no group is joined and nothing is committed. Records of partitions without a leader,
/// or led by one of `silent_brokers` (in the order of ids), are not asked for. A record that is not
/// there any more is answered for by the next one; two seconds are spent on each at most.
std::vector<RecordTime> fetch_times_of_records(const std::shared_ptr<RdKafkaConnection>& connection,
                                               std::span<const RecordRef> records,
                                               const LeaderTable& leaders,
                                               std::span<const std::int32_t> silent_brokers,
                                               SteadyTime deadline,
                                               const TopicNames& names,
                                               const StopSignal& stop);

}  // namespace caretaker
