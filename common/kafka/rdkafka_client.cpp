// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_client.hpp"

#include "common/base/stop_signal.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_commits.hpp"
#include "common/kafka/rdkafka_connection.hpp"
#include "common/kafka/rdkafka_groups.hpp"
#include "common/kafka/rdkafka_log_offsets.hpp"
#include "common/kafka/rdkafka_metadata.hpp"
#include "common/kafka/rdkafka_record_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

class RdKafkaClient final : public KafkaClient {
 public:
    RdKafkaClient(const KafkaOptions& options, const StopSignal& stop, ConnectionCloser& closer)
        : options_(options), stop_(stop), closer_(closer) {}

    RdKafkaClient(const RdKafkaClient&) = delete;
    RdKafkaClient& operator=(const RdKafkaClient&) = delete;

    ~RdKafkaClient() override {
        if (connection_) {
            closer_.close(std::move(connection_));
        }
    }

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

    void on_progress(TellProgress tell) override { tell_progress_ = std::move(tell); }

 private:
    void begin_step();
    std::vector<LogOffsets> ask_leaders(std::span<const PartitionRef> partitions,
                                        std::optional<WallTime> since,
                                        const TopicNames& names);

    KafkaOptions options_;
    const StopSignal& stop_;
    ConnectionCloser& closer_;
    std::shared_ptr<RdKafkaConnection> connection_;
    std::vector<std::int32_t> brokers_;  // ids
    LeaderTable leaders_;
    /// Brokers that did not list their groups in time, by id; they are not asked any more.
    std::vector<std::int32_t> silent_brokers_;
    TellProgress tell_progress_{};
};

ClusterMetadata RdKafkaClient::fetch_metadata(TopicNames& names) {
    stop_.check();
    if (!connection_) {
        connection_ =
            std::make_shared<RdKafkaConnection>(options_.properties, options_.keeps_sasl_plugins);
    }
    const auto deadline = std::chrono::steady_clock::now() + options_.connect_timeout;
    auto metadata = fetch_cluster_metadata(connection_, names, deadline, stop_);
    leaders_ = LeaderTable(metadata, names);
    brokers_.clear();
    std::ranges::transform(metadata.brokers, std::back_inserter(brokers_), &KafkaBroker::id);
    silent_brokers_.clear();
    return metadata;
}

GroupListing RdKafkaClient::fetch_groups(std::span<const std::string> named,
                                         bool named_only,
                                         TopicNames& names) {
    begin_step();
    auto [listing, silent] = fetch_group_listing(connection_,
                                                 brokers_,
                                                 {.named = named, .named_only = named_only},
                                                 options_.request_timeout,
                                                 names,
                                                 stop_);
    silent_brokers_ = std::move(silent);
    const auto homes = leaders_.offsets_leaders();
    if (const auto lost = std::ranges::count(homes, -1); lost > 0) {
        // Brokers leave the groups of such a partition out of their lists without a word.
        listing.problems.push_back(
            {.failure = KafkaFailure::no_leader,
             .text =
                 fmt::format("{} of {} partitions of __consumer_offsets have no leader; the groups "
                             "they keep are not listed",
                             lost,
                             homes.size())});
    }
    return listing;
}

std::vector<GroupOffsets> RdKafkaClient::fetch_committed(std::span<const CommittedRequest> requests,
                                                         std::span<const PartitionRef> existing,
                                                         TopicNames& names) {
    begin_step();
    return fetch_committed_offsets(
        connection_,
        requests,
        existing,
        {.offsets_leaders = leaders_.offsets_leaders(), .silent_brokers = silent_brokers_},
        options_.request_timeout,
        names,
        stop_,
        tell_progress_);
}

std::vector<LogOffsets> RdKafkaClient::fetch_log_offsets(std::span<const PartitionRef> partitions,
                                                         const TopicNames& names) {
    return ask_leaders(partitions, std::nullopt, names);
}

std::vector<OffsetSince> RdKafkaClient::fetch_offsets_since(
    std::span<const PartitionRef> partitions, WallTime since, const TopicNames& names) {
    std::vector<OffsetSince> answers;
    answers.reserve(partitions.size());
    for (const LogOffsets& log : ask_leaders(partitions, since, names)) {
        answers.push_back({.offset = log.end, .failure = log.failure});
    }
    return answers;
}

std::vector<RecordTime> RdKafkaClient::fetch_record_times(std::span<const RecordRef> records,
                                                          const TopicNames& names) {
    begin_step();
    const auto deadline = std::chrono::steady_clock::now() + options_.request_timeout;
    return fetch_times_of_records(
        connection_, records, leaders_, silent_brokers_, deadline, names, stop_);
}

std::vector<LogOffsets> RdKafkaClient::ask_leaders(std::span<const PartitionRef> partitions,
                                                   std::optional<WallTime> since,
                                                   const TopicNames& names) {
    begin_step();
    return fetch_partition_log_offsets(connection_,
                                       {.partitions = partitions,
                                        .since = since,
                                        .leaders = leaders_,
                                        .silent_brokers = silent_brokers_,
                                        .timeout = options_.request_timeout},
                                       names,
                                       stop_,
                                       tell_progress_);
}

void RdKafkaClient::begin_step() {
    stop_.check();
    if (!connection_) {
        throw std::logic_error("fetch_metadata must be called first");
    }
    static_cast<void>(connection_->report());  // else the library's errors pile up in its queue
}

}  // namespace

std::unique_ptr<KafkaClient> make_rdkafka_client(const KafkaOptions& options,
                                                 const StopSignal& stop,
                                                 ConnectionCloser& closer) {
    return std::make_unique<RdKafkaClient>(options, stop, closer);
}

}  // namespace caretaker
