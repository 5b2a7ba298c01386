// SPDX-License-Identifier: Apache-2.0
// What one run read of a cluster, before any judgement: groups, commits, log offsets, failures.
#pragma once

#include "common/kafka/kafka_values.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// Leaders and log offsets of the partitions that selected groups read. Each partition stands in it
/// once, by topic name and number, however many groups read it; groups refer to its place.
class LogTable {
 public:
    LogTable() = default;

    /// Takes the partitions in any order. Until fill() nothing is known of them.
    LogTable(std::vector<PartitionRef> partitions, const TopicNames& names);

    /// One element per partition of partitions(), in that order.
    void fill(std::vector<LogOffsets> offsets, std::vector<std::int32_t> leaders);

    [[nodiscard]] std::optional<std::uint32_t> find(PartitionRef where) const;

    [[nodiscard]] const std::vector<PartitionRef>& partitions() const { return partitions_; }

    [[nodiscard]] PartitionRef partition(std::uint32_t place) const { return partitions_[place]; }

    [[nodiscard]] const LogOffsets& offsets(std::uint32_t place) const { return offsets_[place]; }

    /// Broker id; -1: none, or not known.
    [[nodiscard]] std::int32_t leader(std::uint32_t place) const { return leaders_[place]; }

 private:
    std::vector<PartitionRef> partitions_;
    std::vector<LogOffsets> offsets_;
    std::vector<std::int32_t> leaders_;
    std::vector<std::uint32_t> first_;  // index: topic; the place of its first partition
};

struct GroupFacts {
    ConsumerGroup group{};
    GroupOffsets offsets{};    // of wanted topics; left empty for kinds that have no offsets
    bool named = false;        // wanted by its own name
    bool recalled = false;     // not listed, but an earlier run saw it
    bool has_commits = false;  // on whatever topic, wanted or not
};

/// A topic wanted by its own name that cannot be read.
struct UnreadableTopic {
    std::string name{};
    KafkaFailure failure = KafkaFailure::unknown_topic;
};

/// What the brokers say of one limit of --sla.
struct SlaFacts {
    std::chrono::milliseconds limit{};
    std::vector<OffsetSince> since{};  // of the time so long ago; one per place of the log table
};

struct LagFacts {
    std::string cluster_id{};  // empty where brokers do not tell
    TopicNames names{};
    std::vector<KafkaBroker> brokers{};
    std::vector<GroupFacts> groups{};  // the wanted ones, by name
    /// Whether the groups came from a listing; otherwise only named ones were looked up.
    bool listed = false;
    /// Why groups may be missing; then an absent group may still exist.
    std::vector<KafkaProblem> listing_problems{};
    std::vector<UnreadableTopic> unreadable_topics{};
    std::vector<TopicId> named_topics{};  // wanted by their own names, as far as they exist; sorted
    LogTable logs{};
    std::vector<SlaFacts> sla{};  // by rising limit; empty unless asked for
    /// By place of the log table and offset: when records were written that groups read next. Empty
    /// unless asked for.
    std::map<std::pair<std::uint32_t, std::int64_t>, RecordTime> record_times{};
    /// Partitions whose records were asked for, and that no group of the run reads.
    std::vector<std::string> unread_named{};
};

/// Whether groups of this kind have committed offsets that stand for progress.
bool has_offsets(GroupKind kind);

}  // namespace caretaker
