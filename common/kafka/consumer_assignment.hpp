// SPDX-License-Identifier: Apache-2.0
// The assignment of a member of a classic consumer group, as the group's leader encoded it.
#pragma once

#include "common/kafka/kafka.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

/// Parses Kafka's ConsumerProtocolAssignment (versions 0 to 3: int16 version, int32 number of
/// topics, then for each a string and an int32 array; what follows is the assignor's own and
/// ignored). No bytes at all stand for no assignment, as while a group rebalances. Absent where the
/// bytes are something else; any client may have written them.
std::optional<std::vector<AssignedTopic>> parse_consumer_assignment(
    std::span<const std::byte> bytes, TopicNames& names);

}  // namespace caretaker
