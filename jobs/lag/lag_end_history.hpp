// SPDX-License-Identifier: Apache-2.0
// The ends of the logs of one topic over time: what lag in time is read from, and what "caught up
// recently" is judged by. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

/// The end of a partition's log as a run saw it.
struct LogEnd {
    std::int64_t offset = 0;
    std::int64_t at_ms = 0;

    friend bool operator==(const LogEnd&, const LogEnd&) = default;
};

struct EndRules {
    std::int64_t intervals = 10;           // of so many last runs every end is kept
    std::int64_t max_age_ms = 86'400'000;  // older ends are forgotten
};

/// `ends` (oldest first, growing in time and never falling in offset) with what a run saw: a lower
/// end begins anew, for the topic was made again; of a stretch without growth its two ends stay;
/// the older, the fewer are kept, at gaps of about a quarter of their age.
void add_end(std::vector<LogEnd>& ends, const LogEnd& seen, const EndRules& rules);

/// The ends of one partition of the topic.
struct PartitionEnds {
    std::int32_t partition = 0;
    std::span<const LogEnd> ends{};
};

/// The ends of the partitions of one topic; all lie in one vector.
class EndList {
 public:
    void clear();

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    [[nodiscard]] PartitionEnds at(std::size_t index) const {
        const Entry& entry = entries_[index];
        return {entry.partition, std::span(ends_).subspan(entry.begin, entry.count)};
    }

    /// Partitions must come in ascending order.
    void add(std::int32_t partition, std::span<const LogEnd> ends);

    /// The same, for ends that are still to be written there, before the next call.
    std::span<LogEnd> add(std::int32_t partition, std::size_t count);

    /// Nothing for a partition that is not in the list.
    [[nodiscard]] std::span<const LogEnd> find(std::int32_t partition) const;

 private:
    struct Entry {
        std::int32_t partition = 0;
        std::size_t begin = 0;
        std::size_t count = 0;
    };

    std::vector<Entry> entries_;
    std::vector<LogEnd> ends_;
};

}  // namespace caretaker
