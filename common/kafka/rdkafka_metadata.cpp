// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_metadata.hpp"

#include "common/base/stop_signal.hpp"
#include "common/kafka/detached_work.hpp"

#include <algorithm>
#include <span>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// How long brokers may stay away after all of them failed; some are just being restarted.
constexpr milliseconds grace{2'000};
constexpr milliseconds first_slice{150};
/// Longer calls are left to a thread, so that a stop request need not wait for them.
constexpr milliseconds longest_blocking_slice{200};

struct MetadataCall {
    std::shared_ptr<RdKafkaConnection> connection{};
    milliseconds timeout{};
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    RdMetadata metadata{};

    void run() {
        const struct rd_kafka_metadata* answer = nullptr;
        code = rd_kafka_metadata(
            connection->handle(), 1, nullptr, &answer, static_cast<int>(timeout.count()));
        metadata.reset(answer);
    }
};

void run_call(const std::shared_ptr<MetadataCall>& call, const StopSignal& stop) {
    if (call->timeout <= longest_blocking_slice) {
        call->run();
        return;
    }
    DetachedWork work(1, [call](const std::atomic<bool>&) { call->run(); });
    work.wait(stop);
}

/// Asks in slices, because the library gives the reason for a missing connection only between
/// calls.
RdMetadata wait_for_metadata(const std::shared_ptr<RdKafkaConnection>& connection,
                             SteadyTime deadline,
                             const StopSignal& stop) {
    auto slice = first_slice;
    while (true) {
        stop.check();
        const auto left =
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto call = std::make_shared<MetadataCall>();
        call->connection = connection;
        call->timeout = std::clamp(left, milliseconds(1), slice);
        run_call(call, stop);
        if (call->code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            return std::move(call->metadata);
        }
        if (call->code == RD_KAFKA_RESP_ERR__TIMED_OUT) {
            // A broker was asked, and is slow or has much to tell; or it hangs, and another may be
            // asked next time.
            slice = std::max(first_slice, left / 2);
        }
        const auto report = connection->report();
        if (report.denied) {
            throw connection->error(report.denied);
        }
        const auto now = std::chrono::steady_clock::now();
        const bool given_up = report.all_down_since && now - *report.all_down_since >= grace;
        if (given_up || now >= deadline) {
            throw connection->error(report.last);
        }
    }
}

TopicMetadata make_topic_metadata(const rd_kafka_metadata_topic& topic, TopicId id) {
    TopicMetadata result{.topic = id, .failure = kafka_failure(read_code(topic.err))};
    const std::span partitions(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
    result.leaders.assign(partitions.size(), -1);
    for (const auto& partition : partitions) {
        // Brokers number partitions from 0 without gaps; anything else is not an index.
        if (partition.id >= 0 && static_cast<std::size_t>(partition.id) < partitions.size()) {
            result.leaders[static_cast<std::size_t>(partition.id)] = std::max(partition.leader, -1);
        }
    }
    return result;
}

std::string cluster_id_of(rd_kafka_t* handle) {
    // Without a timeout: it is known from the metadata, or the broker does not tell.
    char* id = rd_kafka_clusterid(handle, 0);
    if (id == nullptr) {
        return {};
    }
    std::string result = one_line(id);
    rd_kafka_mem_free(handle, id);
    return result;
}

}  // namespace

ClusterMetadata fetch_cluster_metadata(const std::shared_ptr<RdKafkaConnection>& connection,
                                       TopicNames& names,
                                       SteadyTime deadline,
                                       const StopSignal& stop) {
    const RdMetadata metadata = wait_for_metadata(connection, deadline, stop);
    ClusterMetadata result{.cluster_id = cluster_id_of(connection->handle())};
    for (const auto& broker :
         std::span(metadata->brokers, static_cast<std::size_t>(metadata->broker_cnt))) {
        result.brokers.push_back({.id = broker.id, .host = broker.host, .port = broker.port});
    }
    const std::span topics(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt));
    result.topics.reserve(topics.size());
    for (const auto& topic : topics) {
        result.topics.push_back(make_topic_metadata(topic, names.intern(topic.topic)));
    }
    return result;
}

std::optional<std::int32_t> find_leader(const rd_kafka_metadata_topic& topic,
                                        std::int32_t partition) {
    const std::span partitions(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
    const auto found = std::ranges::find(partitions, partition, &rd_kafka_metadata_partition::id);
    return found == partitions.end() ? std::nullopt : std::optional(std::max(found->leader, -1));
}

LeaderTable::LeaderTable(const ClusterMetadata& metadata, const TopicNames& names)
    : rows_(names.size()), offsets_topic_(names.find("__consumer_offsets")) {
    std::size_t partitions = 0;
    for (const auto& topic : metadata.topics) {
        partitions += topic.leaders.size();
    }
    leaders_.reserve(partitions);
    for (const auto& topic : metadata.topics) {
        rows_[topic.topic] = {.known = true,
                              .failure = topic.failure,
                              .begin = leaders_.size(),
                              .size = topic.leaders.size()};
        leaders_.insert(leaders_.end(), topic.leaders.begin(), topic.leaders.end());
    }
}

bool LeaderTable::knows(TopicId topic) const {
    return topic < rows_.size() && rows_[topic].known;
}

KafkaFailure LeaderTable::topic_failure(TopicId topic) const {
    return knows(topic) ? rows_[topic].failure : KafkaFailure::none;
}

std::optional<std::int32_t> LeaderTable::leader_of(PartitionRef where) const {
    if (!knows(where.topic) || where.partition < 0) {
        return std::nullopt;
    }
    const auto leaders = leaders_of(rows_[where.topic]);
    const auto index = static_cast<std::size_t>(where.partition);
    return index < leaders.size() ? std::optional(leaders[index]) : std::nullopt;
}

std::span<const std::int32_t> LeaderTable::offsets_leaders() const {
    return offsets_topic_ && knows(*offsets_topic_) ? leaders_of(rows_[*offsets_topic_])
                                                    : std::span<const std::int32_t>{};
}

std::span<const std::int32_t> LeaderTable::leaders_of(const Row& row) const {
    return std::span(leaders_).subspan(row.begin, row.size);
}

}  // namespace caretaker
