// SPDX-License-Identifier: Apache-2.0
// A Kafka cluster in memory behind the KafkaClient seam: a test fills in what there is, and reads
// back what was asked.
#pragma once

#include "common/base/context.hpp"
#include "common/kafka/kafka.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

struct FakeKafkaPartition {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int32_t leader = 1;  // -1: none
    KafkaFailure failure = KafkaFailure::none;
    /// When records were written, by their offsets, in order; each holds up to the next one.
    std::map<std::int64_t, WallTime> written{};
};

struct FakeKafkaTopic {
    std::vector<FakeKafkaPartition> partitions{};
    KafkaFailure failure = KafkaFailure::none;  // in the metadata
};

struct FakeKafkaMember {
    std::string member_id{};
    std::string client_id{};
    std::string host{};
    std::map<std::string, std::vector<std::int32_t>> assignment{};  // by topic
};

/// "topic" and number, as a test names a partition.
using FakePartitionName = std::pair<std::string, std::int32_t>;

struct FakeKafkaGroup {
    GroupKind kind = GroupKind::classic;
    std::string state = "Stable";
    std::string protocol_type = "consumer";
    std::int32_t coordinator = 1;
    bool members_known = true;
    std::vector<FakeKafkaMember> members{};
    std::map<FakePartitionName, std::int64_t> commits{};
    std::map<FakePartitionName, KafkaProblem> commit_problems{};
    std::optional<KafkaProblem> describe_problem{};
    std::optional<KafkaProblem> offsets_problem{};
    bool listed = true;
};

/// What is asked of it, in order: "metadata", "groups", "committed", "log_offsets",
/// "offsets_since", "record_times".
struct FakeKafkaCalls {
    std::vector<std::string> order{};
    std::vector<std::string> named_groups{};  // of the last listing
    bool named_only = false;                  // of the last listing
    std::vector<std::string> fetched_groups{};
    /// Per request with a list: group and what was asked for.
    std::vector<std::pair<std::string, std::vector<FakePartitionName>>> explicit_requests{};
    /// Of the last request for commits: what "all" may be replaced by, and by group what was known
    /// of its width and its coordinator.
    std::vector<FakePartitionName> existing{};
    std::map<std::string, std::pair<std::size_t, std::int32_t>> known_of_groups{};
    std::vector<FakePartitionName> log_offsets{};
};

/// Gives answers as real brokers do, failures included: topics that do not exist, leaders that are
/// gone, brokers that do not answer.
class FakeKafka final : public KafkaClient {
 public:
    std::map<std::string, FakeKafkaTopic> topics{};
    std::map<std::string, FakeKafkaGroup> groups{};
    std::vector<KafkaBroker> brokers{{.id = 1, .host = "kafka-1", .port = 9092}};
    /// Brokers that are in the metadata and do not answer.
    std::set<std::int32_t> silent_brokers{};
    /// Answered to a listing, beside the groups.
    std::string cluster_id{"fake"};
    std::vector<KafkaProblem> listing_problems{};
    /// "All partitions" finds none, as with brokers before Kafka 2.4 and librdkafka before 2.3.
    bool null_finds_nothing = false;

    FakeKafkaCalls calls{};

    /// A topic whose partitions all hold [start, end).
    void add_topic(const std::string& name,
                   std::size_t partitions,
                   std::int64_t start,
                   std::int64_t end);

    ClusterMetadata fetch_metadata(TopicNames& names) override;
    GroupListing fetch_groups(std::span<const std::string> named,
                              bool named_only,
                              TopicNames& names) override;
    std::vector<GroupOffsets> fetch_committed(std::span<const CommittedRequest> requests,
                                              std::span<const PartitionRef> existing,
                                              TopicNames& names) override;
    std::vector<LogOffsets> fetch_log_offsets(std::span<const PartitionRef> partitions,
                                              const TopicNames& names) override;

    std::vector<OffsetSince> fetch_offsets_since(std::span<const PartitionRef> partitions,
                                                 WallTime since,
                                                 const TopicNames& names) override;

    std::vector<RecordTime> fetch_record_times(std::span<const RecordRef> records,
                                               const TopicNames& names) override;

    /// Told at the end of each call.
    void on_progress(TellProgress tell) override { tell_progress_ = std::move(tell); }

    /// Connectors whose clients forward to this object; options land in `connected_with`.
    Connectors connectors();
    std::vector<KafkaOptions> connected_with{};

 private:
    [[nodiscard]] ConsumerGroup describe(const std::string& name,
                                         const FakeKafkaGroup& group,
                                         TopicNames& names) const;
    [[nodiscard]] GroupOffsets committed(const CommittedRequest& request, TopicNames& names);
    [[nodiscard]] LogOffsets log_offsets(const FakePartitionName& where) const;
    void tell_progress(std::size_t done) const;

    TellProgress tell_progress_{};
};

}  // namespace caretaker
