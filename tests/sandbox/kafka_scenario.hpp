// SPDX-License-Identifier: Apache-2.0
// What the fake Kafka cluster holds: topics with their logs, groups with their members and commits.
#pragma once

#include "common/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// The log of one partition: [log_start, log_end).
struct FakePartition {
    std::int64_t log_start = 0;
    std::int64_t log_end = 0;
    /// What a read_committed client sees as the end; unset: log_end.
    std::optional<std::int64_t> last_stable_offset{};
    /// Broker id; unset: partition % brokers; -1: no leader.
    std::optional<std::int32_t> leader{};
    /// Growth by FakeKafkaCluster::advance, and the even distance between the records' timestamps,
    /// of which the newest is the cluster's present time minus `newest_record_age`.
    /// 0: the log stands still and all its records have the newest one's timestamp.
    std::int64_t records_per_second = 0;
    std::chrono::milliseconds newest_record_age{0};

    friend bool operator==(const FakePartition&, const FakePartition&) = default;
};

struct FakeTopic {
    std::string name{};
    bool internal = false;
    std::vector<FakePartition> partitions{};  // index: partition

    friend bool operator==(const FakeTopic&, const FakeTopic&) = default;
};

struct FakeCommit {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    /// Progress by FakeKafkaCluster::advance, which ends at the end of the log.
    std::int64_t records_per_second = 0;

    friend bool operator==(const FakeCommit&, const FakeCommit&) = default;
};

/// The commits of a group on one topic, which need not exist (any more).
struct FakeCommits {
    std::string topic{};
    std::vector<FakeCommit> commits{};

    friend bool operator==(const FakeCommits&, const FakeCommits&) = default;
};

struct FakeAssignment {
    std::string topic{};
    std::vector<std::int32_t> partitions{};

    friend bool operator==(const FakeAssignment&, const FakeAssignment&) = default;
};

struct FakeMember {
    std::string member_id{};
    std::string client_id{};
    std::string host = "/127.0.0.1";  // with the slash that brokers put before it
    std::vector<FakeAssignment> assignment{};

    friend bool operator==(const FakeMember&, const FakeMember&) = default;
};

enum class FakeGroupKind {
    classic,   // members show through DescribeGroups
    consumer,  // KIP-848: listed and with commits, but Dead and without members in DescribeGroups
    share,     // KIP-932: listed with protocol type "share", Dead in DescribeGroups, no commits
};

struct FakeGroup {
    std::string name{};
    FakeGroupKind kind = FakeGroupKind::classic;
    /// Stable, Empty, PreparingRebalance, CompletingRebalance or Dead. Members show their
    /// assignment only in a Stable group.
    std::string state = "Stable";
    std::string protocol_type = "consumer";  // "connect" for Connect workers, "" for commits only
    std::string assignor = "range";
    std::vector<FakeMember> members{};
    std::vector<FakeCommits> commits{};

    friend bool operator==(const FakeGroup&, const FakeGroup&) = default;
};

/// Demands SASL/PLAIN with this user.
struct FakeSasl {
    std::string user{};
    std::string password{};

    friend bool operator==(const FakeSasl&, const FakeSasl&) = default;
};

struct KafkaScenario {
    std::string cluster_id = "c2FuZGJveC1jbHVzdGVyLQ";
    std::vector<FakeTopic> topics{};
    std::vector<FakeGroup> groups{};
    std::optional<FakeSasl> sasl{};
    /// The cluster's present time when it starts, for timestamps of records; unset: the real time.
    std::optional<WallTime> epoch{};

    friend bool operator==(const KafkaScenario&, const KafkaScenario&) = default;
};

/// The topic or group of that name, nullptr if there is none. Linear in the number of names.
FakeTopic* find_topic(KafkaScenario& scenario, std::string_view name);
FakeGroup* find_group(KafkaScenario& scenario, std::string_view name);

/// A topic whose partitions all hold [log_start, log_end).
FakeTopic make_topic(std::string name,
                     std::int32_t partitions,
                     std::int64_t log_start,
                     std::int64_t log_end);

/// The commits of a group on partitions 0, 1, 2, … of `topic`.
FakeCommits make_commits(std::string topic, const std::vector<std::int64_t>& offsets);

/// A log platform with every kind of group that `lag` tells apart. The same for the same seed.
KafkaScenario make_demo_scenario(std::uint64_t seed);

/// The names of the demo's groups that stand for something, so that tests need not repeat them.
namespace demo {
inline constexpr std::string_view healthy_group = "elasticsearch-indexer";
inline constexpr std::string_view slow_group = "logstash-archive";
inline constexpr std::string_view big_lag_group = "billing-reports";
inline constexpr std::string_view dead_group = "grafana-metrics-old";
inline constexpr std::string_view deleted_topic_group = "legacy-syslog-forwarder";
inline constexpr std::string_view lost_records_group = "security-audit";
inline constexpr std::string_view ahead_group = "kibana-alerts";
inline constexpr std::string_view no_commit_group = "metrics-rollup";
inline constexpr std::string_view connect_group = "connect-s3-archive";
inline constexpr std::string_view odd_name_group = "Büro/log viewer";
inline constexpr std::string_view deleted_topic = "logs-syslog-legacy";
}  // namespace demo

/// A regular cluster for benchmarks: topics `topic-000…`, groups `group-000…`. Group g has its
/// commits on consecutive partitions, beginning with partition g * commits_per_group of the whole
/// row of partitions (wrapping around), each 10 records behind the end; one member owns them.
KafkaScenario make_grid_scenario(std::int32_t topics,
                                 std::int32_t partitions_per_topic,
                                 std::int32_t groups,
                                 std::int32_t commits_per_group);

/// make_grid_scenario from "TOPICSxPARTITIONS:GROUPSxCOMMITS", e.g. "100x100:100x100". Throws
/// UsageError.
KafkaScenario parse_grid_scenario(std::string_view text);

}  // namespace caretaker::sandbox
