// SPDX-License-Identifier: Apache-2.0
// The table of partitions shared by all groups of a run.
#include "jobs/lag/lag_facts.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace caretaker {

namespace {

constexpr std::uint32_t nowhere = 0xffff'ffff;

/// Index: topic id; the topic's place among all names in byte order.
std::vector<TopicId> rank_topics(const TopicNames& names) {
    std::vector<TopicId> by_name(names.size());
    std::iota(by_name.begin(), by_name.end(), TopicId{0});
    std::ranges::sort(
        by_name, {}, [&](TopicId id) -> const std::string& { return names.name(id); });
    std::vector<TopicId> ranks(names.size());
    for (TopicId rank = 0; rank < by_name.size(); ++rank) {
        ranks[by_name[rank]] = rank;
    }
    return ranks;
}

}  // namespace

LogTable::LogTable(std::vector<PartitionRef> partitions, const TopicNames& names)
    : partitions_(std::move(partitions)), first_(names.size(), nowhere) {
    const std::vector<TopicId> ranks = rank_topics(names);
    std::ranges::sort(partitions_, {}, [&](PartitionRef ref) {
        return std::pair(ranks.at(ref.topic), ref.partition);
    });
    partitions_.erase(std::unique(partitions_.begin(), partitions_.end()), partitions_.end());
    for (std::uint32_t place = 0; place < partitions_.size(); ++place) {
        std::uint32_t& first = first_[partitions_[place].topic];
        first = std::min(first, place);
    }
    offsets_.resize(partitions_.size());
    leaders_.resize(partitions_.size(), -1);
}

void LogTable::fill(std::vector<LogOffsets> offsets, std::vector<std::int32_t> leaders) {
    if (offsets.size() != partitions_.size() || leaders.size() != partitions_.size()) {
        throw std::logic_error("LogTable::fill: not one element per partition");
    }
    offsets_ = std::move(offsets);
    leaders_ = std::move(leaders);
}

std::optional<std::uint32_t> LogTable::find(PartitionRef where) const {
    if (where.topic >= first_.size() || first_[where.topic] == nowhere) {
        return std::nullopt;
    }
    const auto begin = partitions_.begin() + first_[where.topic];
    const auto found = std::partition_point(begin, partitions_.end(), [&](PartitionRef ref) {
        return ref.topic == where.topic && ref.partition < where.partition;
    });
    if (found == partitions_.end() || *found != where) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(found - partitions_.begin());
}

bool has_offsets(GroupKind kind) {
    return kind != GroupKind::share && kind != GroupKind::other;
}

}  // namespace caretaker
