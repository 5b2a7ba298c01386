// SPDX-License-Identifier: Apache-2.0
// What a Kafka cluster is asked and answers, in Kafka's own terms: plain values, which decisions
// may include.
#pragma once

#include "common/base/wall_time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace caretaker {

/// Why one broker, group, topic or partition could not be read.
enum class KafkaFailure : std::uint8_t {
    none,
    unknown_topic,  // the topic or the partition does not exist
    no_leader,      // the partition, or the offsets partition of a group, has no leader
    forbidden,      // the ACLs refuse it
    timed_out,      // the broker in charge did not answer in time
    loading,        // the coordinator is moving or still loading
    unsupported,    // this broker does not offer the call
    failed,         // anything else; the text says what
};

/// "no_leader": as rows and codes name it; "none" for no failure.
std::string_view to_string(KafkaFailure failure);

struct KafkaProblem {
    KafkaFailure failure = KafkaFailure::failed;
    std::string text{};        // the library's or broker's words
    std::int32_t broker = -1;  // whose answer it was, or failed to come; -1: not known
};

using TopicId = std::uint32_t;

/// Gives topic names small numbers, so that a million partitions need not repeat them.
class TopicNames {
 public:
    /// The id of `name`, a new one on first sight. Ids count up from 0.
    TopicId intern(std::string_view name);

    [[nodiscard]] std::optional<TopicId> find(std::string_view name) const;

    [[nodiscard]] const std::string& name(TopicId id) const { return names_.at(id); }

    [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
    struct Hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::vector<std::string> names_;
    std::unordered_map<std::string, TopicId, Hash, std::equal_to<>> ids_;
};

struct PartitionRef {
    TopicId topic = 0;
    std::int32_t partition = 0;

    friend auto operator<=>(const PartitionRef&, const PartitionRef&) = default;
};

struct KafkaBroker {
    std::int32_t id = 0;
    std::string host{};
    int port = 0;
};

struct TopicMetadata {
    TopicId topic = 0;
    KafkaFailure failure = KafkaFailure::none;
    std::vector<std::int32_t> leaders{};  // index: partition; -1: no leader
};

/// Metadata API, all topics the client may describe.
struct ClusterMetadata {
    std::string cluster_id{};  // empty where the broker does not tell (before 0.10.1)
    std::vector<KafkaBroker> brokers{};
    std::vector<TopicMetadata> topics{};  // in no particular order
};

/// What kind of group a name stands for; only offsets of `classic`, `simple` and `consumer` are
/// judged.
enum class GroupKind : std::uint8_t {
    unknown,   // could not be listed or described
    classic,   // members by the classic rebalance protocol
    simple,    // commits only, no rebalance protocol
    consumer,  // KIP-848: listed, but its members do not show through DescribeGroups
    share,     // KIP-932: has no committed offsets
    other,     // another protocol type, e.g. Kafka Connect workers
};

struct AssignedTopic {
    TopicId topic = 0;
    std::vector<std::int32_t> partitions{};
};

struct GroupMember {
    std::string member_id{};  // Kafka's CONSUMER-ID
    std::string client_id{};
    std::string host{};
    std::vector<AssignedTopic> assignment{};
};

struct ConsumerGroup {
    std::string name{};
    GroupKind kind = GroupKind::unknown;
    std::string state{};  // Stable, Empty, PreparingRebalance, CompletingRebalance, Dead, Unknown
    std::string protocol_type{};
    std::string assignor{};
    std::int32_t coordinator = -1;  // broker id; -1: not known
    std::vector<GroupMember> members{};
    /// False where owners cannot be seen; then "no owner" must not be concluded.
    bool members_known = false;
    std::optional<KafkaProblem> problem{};
};

/// ListGroups of every broker, joined with one DescribeGroups per broker.
struct GroupListing {
    std::vector<ConsumerGroup> groups{};  // by name, each once
    /// Brokers that did not list their groups, by id: then an absent group may still exist.
    std::vector<KafkaProblem> problems{};
};

struct CommittedRequest {
    std::string group{};
    /// What to ask for; empty: all partitions the group has commits on.
    std::vector<PartitionRef> partitions{};
    /// How many partitions its members own, about as many as it has commits on; 0: not known.
    std::size_t owned = 0;
    std::int32_t coordinator = -1;  // broker id; -1: not known
};

struct CommittedOffset {
    PartitionRef where{};
    std::int64_t offset = 0;
};

struct PartitionProblem {
    PartitionRef where{};
    KafkaProblem problem{};
};

/// OffsetFetch of one group. Partitions without a commit do not appear.
struct GroupOffsets {
    std::string group{};
    std::vector<CommittedOffset> offsets{};
    std::vector<PartitionProblem> partition_problems{};
    std::optional<KafkaProblem> problem{};  // the group as a whole could not be read
};

/// The log of one partition: [start, end), where `end` is the high watermark (read_uncommitted).
struct LogOffsets {
    std::int64_t start = -1;  // -1: unknown
    std::int64_t end = -1;    // -1: unknown
    KafkaFailure failure = KafkaFailure::none;
};

/// The first record of one partition from some time on.
struct OffsetSince {
    std::int64_t offset = -1;  // -1: there is none yet, or it is not known
    KafkaFailure failure = KafkaFailure::none;
};

/// One record.
struct RecordRef {
    PartitionRef where{};
    std::int64_t offset = 0;

    friend auto operator<=>(const RecordRef&, const RecordRef&) = default;
};

struct RecordTime {
    std::optional<WallTime> at{};  // by its producer's clock or the broker's; empty: not known
    KafkaFailure failure = KafkaFailure::none;
};

}  // namespace caretaker
