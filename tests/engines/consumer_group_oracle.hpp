// SPDX-License-Identifier: Apache-2.0
// What Kafka's own ConsumerGroupCommand says about every group: the truth that `lag` is compared
// with.
#pragma once

#include "tests/engines/kafka_server.hpp"

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker::testing {

struct GroupPartition {
    std::string group{};
    std::string topic{};
    std::int32_t partition = 0;

    friend auto operator<=>(const GroupPartition&, const GroupPartition&) = default;
};

/// One row of the command; unset where it prints "-".
struct GroupPartitionState {
    std::optional<std::int64_t> current_offset{};
    std::optional<std::int64_t> log_end_offset{};
    std::optional<std::int64_t> lag{};
    std::optional<std::string> consumer_id{};
    std::optional<std::string> host{};
    std::optional<std::string> client_id{};

    friend bool operator==(const GroupPartitionState&, const GroupPartitionState&) = default;
};

/// For the messages of failing expectations.
void PrintTo(const GroupPartition& key, std::ostream* out);
void PrintTo(const GroupPartitionState& state, std::ostream* out);

using GroupDescription = std::map<GroupPartition, GroupPartitionState>;

/// Reads the output of `--describe`. Rows of members without partitions are left out.
/// Throws std::runtime_error for a line it does not understand.
GroupDescription parse_group_description(std::string_view output);

/// Runs `--describe --all-groups` (1 to 2 s).
GroupDescription describe_all_groups(const KafkaServer& server);

}  // namespace caretaker::testing
