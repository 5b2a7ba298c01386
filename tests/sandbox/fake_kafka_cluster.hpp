// SPDX-License-Identifier: Apache-2.0
// A Kafka cluster of our own on loopback, for what `lag` asks: real wire protocol, state from a
// scenario, faults on command, requests counted.
#pragma once

#include "tests/sandbox/kafka_api.hpp"
#include "tests/sandbox/kafka_fault.hpp"
#include "tests/sandbox/kafka_scenario.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// How often one broker was asked one API in one version.
struct KafkaRequestCount {
    std::int32_t broker = 0;
    KafkaApi api{};
    std::int16_t version = 0;
    std::uint64_t requests = 0;
};

/// Serves from construction to destruction. Broker ids are 0 … brokers-1, the ports are the
/// kernel's choice. Every function may be called from any thread; a change is seen by the next
/// request.
class FakeKafkaCluster {
 public:
    explicit FakeKafkaCluster(KafkaScenario scenario, int brokers = 3);
    ~FakeKafkaCluster();
    FakeKafkaCluster(const FakeKafkaCluster&) = delete;
    FakeKafkaCluster& operator=(const FakeKafkaCluster&) = delete;

    /// "127.0.0.1:PORT,127.0.0.1:PORT,…", dead brokers included.
    [[nodiscard]] std::string bootstrap_servers() const;

    [[nodiscard]] int brokers() const;

    [[nodiscard]] std::uint16_t port(int broker) const;

    /// The broker in charge of a group, whether it exists or not: the leader of partition
    /// hash(name) % partitions of __consumer_offsets (-1: that has none) or, without such a topic,
    /// broker hash(name) % brokers.
    [[nodiscard]] int coordinator_of(std::string_view group) const;

    /// Throws UsageError for a broker that there is not.
    void set_fault(const KafkaFault& fault);
    /// As parse_kafka_fault reads it: set_fault("hang:api=ListGroups,broker=1").
    void set_fault(std::string_view spec);
    /// Also brings dead brokers back on their old ports. Requests left hanging stay unanswered.
    void clear_faults();
    [[nodiscard]] std::vector<KafkaFault> faults() const;

    /// Any change, made between two requests. Names must stay unique.
    void update(const std::function<void(KafkaScenario&)>& change);

    /// These create what is missing, group, topic or partition.
    void set_commit(std::string_view group,
                    std::string_view topic,
                    std::int32_t partition,
                    std::int64_t offset);
    void set_log(std::string_view topic,
                 std::int32_t partition,
                 std::int64_t log_start,
                 std::int64_t log_end);
    /// -1: no leader. Does nothing for a partition that does not exist.
    void set_leader(std::string_view topic, std::int32_t partition, std::int32_t leader);
    /// Commits on the topic stay, unlike in a real cluster a moment later.
    void remove_topic(std::string_view topic);
    void remove_group(std::string_view group);

    /// Moves the cluster's present time; logs and commits grow by their rates.
    void advance(std::chrono::seconds duration);

    /// Counted when a request was read completely, whether it is answered or not. By broker, API,
    /// version.
    [[nodiscard]] std::vector<KafkaRequestCount> request_counts() const;
    [[nodiscard]] std::uint64_t requests(KafkaApi api) const;
    [[nodiscard]] std::uint64_t requests(KafkaApi api, int broker) const;
    void reset_request_counts();
    /// Requests that could not be read, or of an API or version not offered; a sound client causes
    /// none.
    [[nodiscard]] std::uint64_t bad_requests() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace caretaker::sandbox
