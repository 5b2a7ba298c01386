// SPDX-License-Identifier: Apache-2.0
// The ends of a topic's logs as bytes for the store, some 4 for each that is kept.
//
// Byte 0: the version, 1. Then numbers (packed_bytes.hpp): the count of the last runs and their
// times, the newest as it is, the others as distances to the later one; the number of partitions,
// and for each, in ascending order: the distance to the one before it less one, the number of ends,
// the number of bytes that these take, and the ends from the newest (before the last run) to the
// oldest as distances in time and offset to the later one.
#pragma once

#include "jobs/lag/lag_end_history.hpp"
#include "jobs/lag/packed_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct TopicEnds {
    std::vector<std::int64_t> runs_ms{};  // that saw the topic, the newest first, at most intervals
    EndList partitions{};
};

/// Appends to `out`.
void pack_ends(const TopicEnds& ends, std::string& out);

/// False, and `ends` empty, when the bytes are not of this form; never fails otherwise.
bool unpack_ends(std::string_view bytes, TopicEnds& ends);

/// Reads the ends of some partitions of a topic without unpacking those of the others.
class PackedEnds {
 public:
    /// `bytes` must be well formed and outlive this.
    explicit PackedEnds(std::string_view bytes);

    /// The ends of a partition, valid until the next call; `partition` must not be below that of
    /// the call before. Empty for one that is not there.
    std::span<const LogEnd> find(std::int32_t partition);

 private:
    PackedReader in_;
    std::int64_t run_ms_ = 0;
    std::size_t left_ = 0;         // partitions
    std::int64_t partition_ = -1;  // the one whose ends come next in `in_`
    std::size_t count_ = 0;        // of these
    std::size_t bytes_ = 0;
    bool is_held_ = false;  // `ends_` are those of `partition_`
    std::vector<LogEnd> ends_{};
};

}  // namespace caretaker
