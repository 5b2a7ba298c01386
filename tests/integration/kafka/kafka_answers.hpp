// SPDX-License-Identifier: Apache-2.0
// A small scenario for the tests of Kafka clients, and their answers by name instead of by number.
#pragma once

#include "common/base/stop_signal.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

using PartitionName = std::pair<std::string, std::int32_t>;

/// When the newest records of the scenario were written: 2026-01-01.
inline constexpr WallTime small_scenario_time{std::chrono::seconds{1'767'225'600}};

/// Brokers 0 to 2; partition p of a topic is led by broker p % 3.
///   orders   3 partitions, [10, 100); on the second a record a second, else all at one time
///   audit    2 partitions, [0, 50), the second without a leader
/// Groups: `classic` with two members, `simple` with commits only, `modern` of the new protocol.
sandbox::KafkaScenario make_small_scenario();

/// Options for that cluster, with timeouts short enough for tests that run into them.
KafkaOptions options_for(
    const sandbox::FakeKafkaCluster& cluster,
    std::chrono::milliseconds request_timeout = std::chrono::milliseconds(800));

/// A client and what it needs, connected.
class Connected {
 public:
    explicit Connected(const KafkaOptions& options)
        : client_(make_rdkafka_client(options, stop_, closer_)),
          metadata_(client_->fetch_metadata(names_)) {}

    StopSignal& stop() { return stop_; }

    [[nodiscard]] const ClusterMetadata& metadata() const { return metadata_; }

    GroupListing groups(const std::vector<std::string>& named = {}, bool named_only = false) {
        return client_->fetch_groups(named, named_only, names_);
    }

    /// The commits of one group.
    GroupOffsets committed(const std::string& group, const std::vector<PartitionName>& asked = {}) {
        return committed_of({group}, asked).at(0);
    }

    std::vector<GroupOffsets> committed_of(const std::vector<std::string>& groups,
                                           const std::vector<PartitionName>& asked = {}) {
        std::vector<CommittedRequest> requests;
        for (const auto& group : groups) {
            requests.push_back({.group = group, .partitions = refs(asked)});
        }
        return client_->fetch_committed(requests, {}, names_);
    }

    /// All commits of groups that may be asked for in parts, over all that the metadata shows.
    std::vector<GroupOffsets> all_commits(const std::vector<CommittedRequest>& requests) {
        std::vector<PartitionRef> existing;
        for (const TopicMetadata& topic : metadata_.topics) {
            for (std::int32_t p = 0; p < std::ssize(topic.leaders); ++p) {
                existing.push_back({.topic = topic.topic, .partition = p});
            }
        }
        return client_->fetch_committed(requests, existing, names_);
    }

    std::vector<LogOffsets> log_offsets(const std::vector<PartitionName>& asked) {
        return client_->fetch_log_offsets(refs(asked), names_);
    }

    [[nodiscard]] std::map<PartitionName, std::int64_t> by_name(const GroupOffsets& answer) const {
        std::map<PartitionName, std::int64_t> offsets;
        for (const auto& commit : answer.offsets) {
            offsets[{names_.name(commit.where.topic), commit.where.partition}] = commit.offset;
        }
        return offsets;
    }

    TopicNames& names() { return names_; }

 private:
    std::vector<PartitionRef> refs(const std::vector<PartitionName>& asked) {
        std::vector<PartitionRef> result;
        for (const auto& [topic, partition] : asked) {
            result.push_back({.topic = names_.intern(topic), .partition = partition});
        }
        return result;
    }

    StopSignal stop_;
    ConnectionCloser closer_;
    TopicNames names_;
    std::unique_ptr<KafkaClient> client_;
    ClusterMetadata metadata_;
};

/// The group of that name; fails the test and gives an empty one where there is none.
ConsumerGroup group_named(const GroupListing& listing, std::string_view name);

std::vector<std::string> names_of(const GroupListing& listing);

/// All of `partition`s of a topic, in order.
std::vector<PartitionName> all_of(const std::string& topic, std::int32_t partitions);

}  // namespace caretaker::testing
