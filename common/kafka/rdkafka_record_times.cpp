// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_record_times.hpp"

#include "common/kafka/detached_work.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_per_record{2'000};
constexpr milliseconds slice{200};  // after that a stop is looked for

using RdTopic = std::unique_ptr<rd_kafka_topic_t, Calls<rd_kafka_topic_destroy>>;
using RdMessage = std::unique_ptr<rd_kafka_message_t, Calls<rd_kafka_message_destroy>>;

/// A record that is to be fetched, and its place among the caller's.
struct WantedRecord {
    std::string topic{};
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::size_t place = 0;
};

/// What the thread works on. It owns all it needs, so that it may outlive the caller.
class RecordTimesWork {
 public:
    RecordTimesWork(std::shared_ptr<RdKafkaConnection> connection,
                    std::vector<WantedRecord> wanted,
                    std::vector<RecordTime> times,
                    SteadyTime deadline)
        : connection_(std::move(connection)),
          wanted_(std::move(wanted)),
          times_(std::move(times)),
          deadline_(deadline) {}

    void run(const std::atomic<bool>& abandoned) {
        for (const WantedRecord& record : wanted_) {
            if (abandoned) {
                return;
            }
            times_[record.place] = fetch(record, abandoned);
        }
    }

    [[nodiscard]] const std::vector<RecordTime>& times() const { return times_; }

 private:
    [[nodiscard]] RecordTime fetch(const WantedRecord& record,
                                   const std::atomic<bool>& abandoned) const {
        const RdTopic topic(
            rd_kafka_topic_new(connection_->handle(), record.topic.c_str(), nullptr));
        if (!topic || rd_kafka_consume_start(topic.get(), record.partition, record.offset) != 0) {
            return {.failure = kafka_failure(sound_code(rd_kafka_last_error()))};
        }
        const RecordTime time = wait_for_record(topic.get(), record.partition, abandoned);
        rd_kafka_consume_stop(topic.get(), record.partition);
        return time;
    }

    [[nodiscard]] RecordTime wait_for_record(rd_kafka_topic_t* topic,
                                             std::int32_t partition,
                                             const std::atomic<bool>& abandoned) const {
        const auto until =
            std::min(deadline_, std::chrono::steady_clock::now() + longest_per_record);
        while (!abandoned && std::chrono::steady_clock::now() < until) {
            const RdMessage message(
                rd_kafka_consume(topic, partition, static_cast<int>(slice.count())));
            if (!message) {
                continue;
            }
            if (const auto code = read_code(message->err); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return {.failure = kafka_failure(code)};
            }
            rd_kafka_timestamp_type_t type{};
            const std::int64_t ms = rd_kafka_message_timestamp(message.get(), &type);
            return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms < 0
                       ? RecordTime{.failure = KafkaFailure::unsupported}
                       : RecordTime{.at = WallTime(milliseconds(ms))};
        }
        return {.failure = KafkaFailure::timed_out};
    }

    std::shared_ptr<RdKafkaConnection> connection_;
    std::vector<WantedRecord> wanted_;
    std::vector<RecordTime> times_;
    SteadyTime deadline_;
};

/// What the metadata says of a partition that cannot be asked.
KafkaFailure known_failure(PartitionRef where,
                           const LeaderTable& leaders,
                           std::span<const std::int32_t> silent_brokers) {
    if (const auto failure = leaders.topic_failure(where.topic); failure != KafkaFailure::none) {
        return failure;
    }
    const auto leader = leaders.leader_of(where);
    if (!leader) {
        return KafkaFailure::unknown_topic;
    }
    if (*leader < 0) {
        return KafkaFailure::no_leader;
    }
    return std::ranges::binary_search(silent_brokers, *leader) ? KafkaFailure::timed_out
                                                               : KafkaFailure::none;
}

}  // namespace

std::vector<RecordTime> fetch_times_of_records(const std::shared_ptr<RdKafkaConnection>& connection,
                                               std::span<const RecordRef> records,
                                               const LeaderTable& leaders,
                                               std::span<const std::int32_t> silent_brokers,
                                               SteadyTime deadline,
                                               const TopicNames& names,
                                               const StopSignal& stop) {
    std::vector<RecordTime> times(records.size());
    std::vector<WantedRecord> wanted;
    for (std::size_t place = 0; place < records.size(); ++place) {
        const RecordRef& record = records[place];
        times[place].failure = known_failure(record.where, leaders, silent_brokers);
        if (times[place].failure == KafkaFailure::none) {
            wanted.push_back({.topic = names.name(record.where.topic),
                              .partition = record.where.partition,
                              .offset = record.offset,
                              .place = place});
        }
    }
    if (wanted.empty()) {
        return times;
    }
    const auto work = std::make_shared<RecordTimesWork>(
        connection, std::move(wanted), std::move(times), deadline);
    DetachedWork thread(1, [work](const std::atomic<bool>& abandoned) { work->run(abandoned); });
    thread.wait(stop);
    return work->times();
}

}  // namespace caretaker
