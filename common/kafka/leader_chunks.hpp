// SPDX-License-Identifier: Apache-2.0
// How the partitions of a cluster are cut into requests: by leader, a few hundred each.
#pragma once

#include "common/kafka/kafka.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace caretaker {

/// The library matches replies to its list by linear search, so long lists cost their square; short
/// ones cost round trips. Measured best for 10 000 partitions.
inline constexpr std::size_t partitions_per_request = 250;

/// What one request to one broker asks for.
struct LeaderChunk {
    std::int32_t leader = -1;
    std::vector<std::uint32_t> items{};  // indexes into the caller's partitions, ascending
};

/// Groups items by `leaders[item]` and cuts each group into chunks of at most `max_size`, in
/// ascending order of leaders and items. Items of a leader may be anything, a negative id included.
std::vector<LeaderChunk> plan_leader_chunks(std::span<const std::uint32_t> items,
                                            std::span<const std::int32_t> leaders,
                                            std::size_t max_size);

/// Cuts a chunk of at least two items in two, where the topic changes nearest to the middle, else
/// in the middle: an error that concerns a whole topic is then found in few steps.
std::pair<LeaderChunk, LeaderChunk> split_chunk(const LeaderChunk& chunk,
                                                std::span<const PartitionRef> partitions);

/// The partition of __consumer_offsets, of `partition_count`, that keeps `group`: the absolute
/// value of Java's String.hashCode(), modulo (GroupCoordinatorService.partitionFor, Kafka 4.3.1).
/// Absent for names outside ASCII, whose UTF-16 form is not worth it.
std::optional<std::int32_t> offsets_partition_of(std::string_view group,
                                                 std::size_t partition_count);

}  // namespace caretaker
