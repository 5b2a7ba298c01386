// SPDX-License-Identifier: Apache-2.0
// From facts to lag: what each partition, topic and group is behind, and what is not known.
#pragma once

#include "jobs/lag/lag_facts.hpp"
#include "jobs/lag/lag_status.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

/// Distances between a committed offset and a log, in records. Without a value: not known, which is
/// never the same as 0.
struct Lag {
    std::optional<std::int64_t> lag{};      // end - commit: what Kafka's own tool prints
    std::optional<std::int64_t> backlog{};  // end - max(commit, start): what can still be read
    std::optional<std::int64_t> lost{};     // start - commit: deleted before it was read
    std::optional<std::int64_t> ahead{};    // commit - end: the log was recreated or cut

    friend bool operator==(const Lag&, const Lag&) = default;
};

/// None of the values is negative. A negative offset, committed or of the log, means "not known".
Lag compute_lag(std::int64_t committed, const LogOffsets& log);

/// The most notable thing about one partition of a group, in this order of precedence from below.
enum class PartitionState : std::uint8_t {
    measured,   // lag is known and nothing is odd
    ahead,      // committed beyond the log's end
    lost,       // records were deleted before the group read them
    no_commit,  // owned, but nothing committed yet
    // From here on failures, in the order of KafkaFailure.
    unknown_topic,  // the topic was deleted; its commits are still there
    no_leader,
    forbidden,
    timed_out,
    loading,
    unsupported,
    failed,
};

/// The state as rows show it: "measured", "no_commit", ….
std::string_view to_string(PartitionState state);

PartitionState state_for(KafkaFailure failure);

/// Whether the state or the failure means that something wanted could not be read: a deleted topic
/// is not missed.
bool is_unread(PartitionState state);
bool is_unread(KafkaFailure failure);

/// One partition of one group, in 16 bytes: a run may hold a million of these.
struct PartitionLag {
    /// No owner, or not known; also the owners beyond the 65 535th, whom no real group has.
    static constexpr std::uint16_t no_member = 0xffff;

    std::int64_t committed = -1;       // -1: no commit
    std::uint32_t log = 0;             // the partition's place in the LogTable
    std::uint16_t member = no_member;  // the owner's place among the members
    KafkaFailure commit_failure = KafkaFailure::none;
};

PartitionState state_of(const PartitionLag& row, const LogOffsets& log);

/// Sums over partitions. Those without a known value add nothing; a sum without any known value has
/// none itself. Sums stop at the largest 64-bit number.
struct LagTotals {
    std::int64_t partitions = 0;  // all of them, known or not
    std::int64_t behind = 0;      // lag > 0
    std::int64_t no_commit = 0;
    std::int64_t ignored = 0;  // the topic is gone, or forbidden and passed over
    std::int64_t unread = 0;   // could not be read
    Lag sum{};
    std::optional<std::int64_t> lag_max{};
    std::uint32_t max_at = 0;  // place in the LogTable of the first partition with the largest lag

    /// To be called in the order of the LogTable: of equal lags the first stays the largest.
    void add(const PartitionLag& row, const LogTable& logs);
    /// Adds the sums; lag_max and max_at stay as they are.
    void add_sums(const LagTotals& other);
};

enum class GroupReading : std::uint8_t {
    measured,
    not_measured,  // a kind of group that has no committed offsets, e.g. a share group
    not_found,     // named, but it does not exist
    unread,        // could not be read
};

std::string_view to_string(GroupReading reading);

struct GroupLag {
    ConsumerGroup group{};  // members by member id, their assignments dropped
    bool named = false;
    GroupReading reading = GroupReading::measured;
    bool remembered = false;  // seen by earlier runs only
    /// Partitions of topics that the ACLs forbid and nobody named count as ignored, as the group
    /// reads others.
    bool passes_over_forbidden = false;
    std::optional<KafkaProblem> problem{};   // also where only a part could be read
    std::vector<PartitionLag> partitions{};  // by topic name and number
    LagTotals totals{};
    GroupVerdict verdict{};  // set by judge_by_history()
};

/// The partitions of one topic in one group.
struct TopicLag {
    TopicId topic = 0;
    std::span<const PartitionLag> partitions{};
    LagTotals totals{};
};

/// One entry per topic, by topic name. The entries point into `group`.
std::vector<TopicLag> sum_by_topic(const GroupLag& group, const LogTable& logs);

struct ClusterLag {
    LagFacts facts{};                // its groups have moved to `groups`
    std::vector<GroupLag> groups{};  // by name
    LagTotals totals{};
    /// The place of the group with the largest lag of a single partition; of equal ones the first.
    std::optional<std::size_t> worst{};

    [[nodiscard]] const std::string& topic_name(std::uint32_t place) const {
        return facts.names.name(facts.logs.partition(place).topic);
    }
};

/// Sums the groups up anew; expired ones do not count.
void sum_groups(ClusterLag& cluster);

/// Takes the facts group by group, so that they and the result are never in memory twice.
ClusterLag measure_lag(LagFacts facts);

}  // namespace caretaker
