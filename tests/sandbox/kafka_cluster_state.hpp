// SPDX-License-Identifier: Apache-2.0
// The fake cluster between its requests: the scenario with look-up tables, active faults, counts.
#pragma once

#include "tests/sandbox/kafka_api.hpp"
#include "tests/sandbox/kafka_fault.hpp"
#include "tests/sandbox/kafka_scenario.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace caretaker::sandbox {

/// Not thread-safe; FakeKafkaCluster guards it.
class KafkaClusterState {
 public:
    /// Broker i listens on ports[i].
    KafkaClusterState(KafkaScenario scenario, std::vector<std::uint16_t> ports);

    [[nodiscard]] const KafkaScenario& scenario() const { return scenario_; }

    [[nodiscard]] std::span<const std::uint16_t> ports() const { return ports_; }

    [[nodiscard]] std::int32_t brokers() const { return static_cast<std::int32_t>(ports_.size()); }

    void update(const std::function<void(KafkaScenario&)>& change);
    void advance(std::chrono::seconds duration);

    [[nodiscard]] const FakeTopic* topic(std::string_view name) const;
    [[nodiscard]] const FakeGroup* group(std::string_view name) const;

    /// -1: none.
    [[nodiscard]] std::int32_t leader(const FakeTopic& topic, std::int32_t partition) const;
    /// -1: none.
    [[nodiscard]] std::int32_t coordinator(std::string_view group) const;
    /// The groups that a broker coordinates.
    [[nodiscard]] const std::vector<const FakeGroup*>& groups_of(std::int32_t broker) const;

    /// Milliseconds since 1970 of the newest record.
    [[nodiscard]] std::int64_t newest_timestamp(const FakePartition& log) const;

    struct ActiveFault {
        KafkaFault fault{};
        bool used = false;  // by the request being answered
    };

    void add_fault(const KafkaFault& fault);

    void clear_faults() { faults_.clear(); }

    [[nodiscard]] std::vector<KafkaFault> faults() const;

    /// The latest matching fault of that kind, marked as used.
    std::optional<KafkaFault> take_fault(KafkaFaultKind kind, KafkaApi api, std::int32_t broker);
    /// Likewise, without the mark.
    [[nodiscard]] std::optional<KafkaFault> find_fault(KafkaFaultKind kind,
                                                       std::optional<KafkaApi> api,
                                                       std::int32_t broker) const;

    /// At the end of each request: times= of the faults that it used goes down by one.
    void settle_faults();

    /// The errors that one answer must contain; those that it asks for count as used.
    class Errors {
     public:
        Errors(KafkaClusterState& state, KafkaApi api, std::int32_t broker);

        /// For the whole answer, 0 if none.
        std::int16_t of_answer();
        std::int16_t of_group(std::string_view group);
        std::int16_t of_topic(std::string_view topic);
        /// `group`: the one whose offsets are asked for, empty in ListOffsets and Metadata.
        std::int16_t of_partition(std::string_view group,
                                  std::string_view topic,
                                  std::int32_t partition);

     private:
        std::vector<ActiveFault*> matching_;
    };

    /// The version range that a broker offers, nullopt if it hides the API.
    [[nodiscard]] std::optional<KafkaApiInfo> offered(const KafkaApiInfo& api,
                                                      std::int32_t broker) const;

    void count_request(std::int32_t broker, KafkaApi api, std::int16_t version);

    void count_bad_request() { ++bad_requests_; }

    using Counts = std::map<std::tuple<std::int32_t, KafkaApi, std::int16_t>, std::uint64_t>;

    [[nodiscard]] const Counts& counts() const { return counts_; }

    [[nodiscard]] std::uint64_t bad_requests() const { return bad_requests_; }

    void reset_counts();

 private:
    void rebuild_index();

    // Keys point into scenario_, which only update() changes.
    using Index = std::unordered_map<std::string_view, std::size_t>;

    KafkaScenario scenario_;
    std::vector<std::uint16_t> ports_;
    std::chrono::milliseconds present_time_{0};  // since 1970
    Index topics_;
    Index groups_;
    std::vector<std::vector<const FakeGroup*>> groups_by_broker_;
    std::vector<ActiveFault> faults_;
    Counts counts_;
    std::uint64_t bad_requests_ = 0;
};

}  // namespace caretaker::sandbox
