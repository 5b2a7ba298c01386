// SPDX-License-Identifier: Apache-2.0
// The fake Kafka cluster: its state behind a lock, its brokers as ports of one server.
#include "tests/sandbox/fake_kafka_cluster.hpp"

#include "common/base/error.hpp"
#include "tests/sandbox/framed_tcp_server.hpp"
#include "tests/sandbox/kafka_cluster_state.hpp"
#include "tests/sandbox/kafka_handlers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

namespace caretaker::sandbox {

struct FakeKafkaCluster::Parts {
    Parts(KafkaScenario scenario, int brokers)
        : server(static_cast<std::size_t>(brokers), Framing::length_prefix),
          state(std::move(scenario), server.ports()) {}

    // The state takes its ports from the server and goes before it: no request may come in then.
    ~Parts() { server.stop(); }

    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    FramedSession open_session(std::size_t port) {
        KafkaSession session{.broker = static_cast<std::int32_t>(port)};
        return [this, session](std::string_view request) mutable {
            const std::lock_guard lock(mutex);
            auto reply = answer_kafka_request(state, session, request);
            return FramedReply{std::move(reply.frame), reply.delay, reply.close};
        };
    }

    void open_ports() {
        std::vector<bool> dead(server.ports().size());
        {
            const std::lock_guard lock(mutex);
            for (std::size_t i = 0; i < dead.size(); ++i) {
                dead[i] = state
                              .find_fault(
                                  KafkaFaultKind::dead, std::nullopt, static_cast<std::int32_t>(i))
                              .has_value();
            }
        }
        for (std::size_t i = 0; i < dead.size(); ++i) {
            server.set_open(i, !dead[i]);
        }
    }

    FramedTcpServer server;
    mutable std::mutex mutex;
    KafkaClusterState state;
};

FakeKafkaCluster::FakeKafkaCluster(KafkaScenario scenario, int brokers)
    : parts_(std::make_unique<Parts>(std::move(scenario), brokers)) {
    parts_->server.start(
        [parts = parts_.get()](std::size_t port) { return parts->open_session(port); });
}

FakeKafkaCluster::~FakeKafkaCluster() = default;

std::string FakeKafkaCluster::bootstrap_servers() const {
    std::vector<std::string> addresses;
    for (const auto port : parts_->server.ports()) {
        addresses.push_back(loopback_address(port));
    }
    return fmt::format("{}", fmt::join(addresses, ","));
}

int FakeKafkaCluster::brokers() const {
    return static_cast<int>(parts_->server.ports().size());
}

std::uint16_t FakeKafkaCluster::port(int broker) const {
    return parts_->server.ports().at(static_cast<std::size_t>(broker));
}

int FakeKafkaCluster::coordinator_of(std::string_view group) const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->state.coordinator(group);
}

void FakeKafkaCluster::set_fault(const KafkaFault& fault) {
    if (fault.broker && *fault.broker >= brokers()) {
        throw UsageError(fmt::format("setting the fault '{}': the brokers are 0 to {}",
                                     format_kafka_fault(fault),
                                     brokers() - 1));
    }
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->state.add_fault(fault);
    }
    parts_->open_ports();
}

void FakeKafkaCluster::set_fault(std::string_view spec) {
    set_fault(parse_kafka_fault(spec));
}

void FakeKafkaCluster::clear_faults() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->state.clear_faults();
    }
    parts_->open_ports();
}

std::vector<KafkaFault> FakeKafkaCluster::faults() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->state.faults();
}

void FakeKafkaCluster::update(const std::function<void(KafkaScenario&)>& change) {
    const std::lock_guard lock(parts_->mutex);
    parts_->state.update(change);
}

void FakeKafkaCluster::set_commit(std::string_view group,
                                  std::string_view topic,
                                  std::int32_t partition,
                                  std::int64_t offset) {
    update([&](KafkaScenario& scenario) {
        auto* in_group = find_group(scenario, group);
        if (in_group == nullptr) {
            in_group = &scenario.groups.emplace_back();
            in_group->name = group;
            in_group->state = "Empty";
            in_group->protocol_type = "";
        }
        auto on_topic = std::ranges::find(in_group->commits, topic, &FakeCommits::topic);
        if (on_topic == in_group->commits.end()) {
            in_group->commits.push_back({.topic = std::string(topic)});
            on_topic = std::prev(in_group->commits.end());
        }
        auto commit = std::ranges::find(on_topic->commits, partition, &FakeCommit::partition);
        if (commit == on_topic->commits.end()) {
            on_topic->commits.push_back({.partition = partition});
            commit = std::prev(on_topic->commits.end());
        }
        commit->offset = offset;
    });
}

void FakeKafkaCluster::set_log(std::string_view topic,
                               std::int32_t partition,
                               std::int64_t log_start,
                               std::int64_t log_end) {
    update([&](KafkaScenario& scenario) {
        auto* logs = find_topic(scenario, topic);
        if (logs == nullptr) {
            logs = &scenario.topics.emplace_back();
            logs->name = topic;
        }
        const auto index = static_cast<std::size_t>(partition);
        if (index >= logs->partitions.size()) {
            logs->partitions.resize(index + 1);
        }
        logs->partitions[index].log_start = log_start;
        logs->partitions[index].log_end = log_end;
    });
}

void FakeKafkaCluster::set_leader(std::string_view topic,
                                  std::int32_t partition,
                                  std::int32_t leader) {
    update([&](KafkaScenario& scenario) {
        auto* logs = find_topic(scenario, topic);
        const auto index = static_cast<std::size_t>(partition);
        if (logs != nullptr && index < logs->partitions.size()) {
            logs->partitions[index].leader = leader;
        }
    });
}

void FakeKafkaCluster::remove_topic(std::string_view topic) {
    update([&](KafkaScenario& scenario) {
        std::erase_if(scenario.topics, [&](const FakeTopic& each) { return each.name == topic; });
    });
}

void FakeKafkaCluster::remove_group(std::string_view group) {
    update([&](KafkaScenario& scenario) {
        std::erase_if(scenario.groups, [&](const FakeGroup& each) { return each.name == group; });
    });
}

void FakeKafkaCluster::advance(std::chrono::seconds duration) {
    const std::lock_guard lock(parts_->mutex);
    parts_->state.advance(duration);
}

std::vector<KafkaRequestCount> FakeKafkaCluster::request_counts() const {
    const std::lock_guard lock(parts_->mutex);
    std::vector<KafkaRequestCount> rows;
    for (const auto& [key, requests] : parts_->state.counts()) {
        const auto& [broker, api, version] = key;
        rows.push_back({broker, api, version, requests});
    }
    return rows;
}

std::uint64_t FakeKafkaCluster::requests(KafkaApi api) const {
    std::uint64_t sum = 0;
    for (const auto& row : request_counts()) {
        sum += row.api == api ? row.requests : 0;
    }
    return sum;
}

std::uint64_t FakeKafkaCluster::requests(KafkaApi api, int broker) const {
    std::uint64_t sum = 0;
    for (const auto& row : request_counts()) {
        sum += row.api == api && row.broker == broker ? row.requests : 0;
    }
    return sum;
}

void FakeKafkaCluster::reset_request_counts() {
    const std::lock_guard lock(parts_->mutex);
    parts_->state.reset_counts();
}

std::uint64_t FakeKafkaCluster::bad_requests() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->state.bad_requests();
}

}  // namespace caretaker::sandbox
