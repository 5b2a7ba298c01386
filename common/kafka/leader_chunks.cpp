// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/leader_chunks.hpp"

#include <algorithm>

namespace caretaker {

std::vector<LeaderChunk> plan_leader_chunks(std::span<const std::uint32_t> items,
                                            std::span<const std::int32_t> leaders,
                                            std::size_t max_size) {
    std::vector<std::uint32_t> order(items.begin(), items.end());
    std::ranges::sort(
        order, {}, [&](std::uint32_t item) { return std::pair(leaders[item], item); });
    std::vector<LeaderChunk> chunks;
    for (const std::uint32_t item : order) {
        if (chunks.empty() || chunks.back().leader != leaders[item] ||
            chunks.back().items.size() == max_size) {
            chunks.push_back({.leader = leaders[item]});
        }
        chunks.back().items.push_back(item);
    }
    return chunks;
}

std::pair<LeaderChunk, LeaderChunk> split_chunk(const LeaderChunk& chunk,
                                                std::span<const PartitionRef> partitions) {
    const auto& items = chunk.items;
    const auto changes_at = [&](std::size_t i) {
        return partitions[items[i - 1]].topic != partitions[items[i]].topic;
    };
    std::size_t cut = items.size() / 2;
    for (std::size_t distance = 0; distance < items.size() / 2; ++distance) {
        const std::size_t below = items.size() / 2 - distance;
        const std::size_t above = items.size() / 2 + distance;
        if (changes_at(below)) {
            cut = below;
            break;
        }
        if (above < items.size() && changes_at(above)) {
            cut = above;
            break;
        }
    }
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(cut);
    return {LeaderChunk{.leader = chunk.leader, .items = {items.begin(), middle}},
            LeaderChunk{.leader = chunk.leader, .items = {middle, items.end()}}};
}

std::optional<std::int32_t> offsets_partition_of(std::string_view group,
                                                 std::size_t partition_count) {
    if (partition_count == 0) {
        return std::nullopt;
    }
    std::uint32_t hash = 0;
    for (const char c : group) {
        const auto unit = static_cast<unsigned char>(c);
        if (unit >= 0x80) {
            return std::nullopt;
        }
        hash = hash * 31 + unit;
    }
    // Kafka's Utils.abs: the absolute value of an int, and 0 for the least of them, which has none.
    const auto magnitude = hash < 0x80000000U ? hash : (~hash + 1U) & 0x7FFFFFFFU;
    return static_cast<std::int32_t>(magnitude % partition_count);
}

}  // namespace caretaker
