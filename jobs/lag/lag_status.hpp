// SPDX-License-Identifier: Apache-2.0
// The words of a verdict: of a partition, and of a group, with what stands beside them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace caretaker {

enum class LagStatus : std::uint8_t {
    ok,
    warn,       // commits, but never gets closer
    stop,       // does not commit any more
    stall,      // alive, but commits the same offset again and again, or nothing
    rewind,     // went back and has not come to where it was
    lost,       // records were deleted before they were read
    ahead,      // committed beyond the end of the log, for two runs
    no_commit,  // owned, but nothing was committed yet
    no_topic,   // the topic is gone
    no_leader,
    unknown,  // could not be read
};

/// "OK", "WARN", "STOP", "STALL", "REWIND", "LOST", "AHEAD", "NOCOMMIT", "NOTOPIC", "NOLEADER" or
/// "UNKNOWN".
inline std::string_view to_string(LagStatus status) {
    constexpr std::array<std::string_view, 11> words{"OK",
                                                     "WARN",
                                                     "STOP",
                                                     "STALL",
                                                     "REWIND",
                                                     "LOST",
                                                     "AHEAD",
                                                     "NOCOMMIT",
                                                     "NOTOPIC",
                                                     "NOLEADER",
                                                     "UNKNOWN"};
    return words.at(static_cast<std::size_t>(status));
}

enum class GroupStatus : std::uint8_t {
    ok,
    warn,
    err,
    unknown,     // could not be read
    not_found,   // named, but it does not exist
    expired,     // has not moved for very long: not judged, not counted
    not_judged,  // a kind of group that has no committed offsets
};

/// "OK", "WARN", "ERR", "UNKNOWN", "NOTFOUND", "EXPIRED" or "NOTJUDGED".
inline std::string_view to_string(GroupStatus status) {
    constexpr std::array<std::string_view, 7> words{
        "OK", "WARN", "ERR", "UNKNOWN", "NOTFOUND", "EXPIRED", "NOTJUDGED"};
    return words.at(static_cast<std::size_t>(status));
}

/// The verdict about one partition of a group, in 8 bytes: a run may hold a million of these.
struct PartitionVerdict {
    static constexpr std::int32_t no_time = -1;
    static constexpr std::int32_t longest_ms = std::numeric_limits<std::int32_t>::max();  // 24 days

    std::int32_t time_lag_ms = no_time;
    LagStatus status = LagStatus::ok;
    /// What it counts for the group: ok, warn or err; the others count nothing.
    GroupStatus weight = GroupStatus::ok;
    bool time_is_least = false;  // the lag in time is at least that
    bool complete = false;       // judged from as many runs as the rules want

    friend bool operator==(const PartitionVerdict&, const PartitionVerdict&) = default;
};

struct GroupVerdict {
    GroupStatus status = GroupStatus::not_judged;
    std::vector<PartitionVerdict> partitions{};  // as those of the group
    std::int64_t complete = 0;                   // partitions judged from enough runs
    std::int64_t warn = 0;                       // partitions
    std::int64_t err = 0;
    /// The place in the group of the worst partition; of equal ones that with the largest lag.
    std::optional<std::size_t> worst{};
    /// The place of the largest lag in time; a lower bound that is larger counts for more.
    std::optional<std::size_t> slowest{};

    /// How long until nothing is left to read, at the speed with which lag fell over the windows:
    /// of the partition that takes longest. Nothing while one of them does not get closer.
    std::optional<std::int64_t> drain_ms{};

    /// The verdict of the group's partition at that place; one without a word before any was
    /// judged.
    [[nodiscard]] PartitionVerdict at(std::size_t place) const {
        return place < partitions.size() ? partitions[place] : PartitionVerdict();
    }
};

}  // namespace caretaker
