// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_log_offsets.hpp"

#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/detached_work.hpp"
#include "common/kafka/leader_chunks.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t worker_threads = 4;
/// How many requests more than planned a run may spend on isolating culprits: when thousands of
/// partitions fail (a broker that has just restarted) asking for each of them would only add load.
constexpr int extra_requests = 200;
/// Stands for "the library may find out": partitions of topics that the metadata does not show,
/// deleted or forbidden.
constexpr std::int32_t unlisted = -2;

/// What the threads share. It owns all it needs, so that they may outlive the caller.
class LogOffsetsWork {
 public:
    /// Unless `since` is set it asks for start and end, else for the first record from then on,
    /// which becomes the end.
    LogOffsetsWork(std::shared_ptr<RdKafkaConnection> connection,
                   std::vector<PartitionRef> partitions,
                   std::optional<WallTime> since,
                   milliseconds timeout,
                   const TopicNames& names)
        : connection_(std::move(connection)),
          since_(since),
          timeout_(timeout),
          partitions_(std::move(partitions)),
          names_(names.size()),
          leaders_(partitions_.size(), unlisted),
          results_(partitions_.size()) {
        for (const auto& where : partitions_) {
            if (names_[where.topic].empty()) {
                names_[where.topic] = names.name(where.topic);
            }
        }
    }

    /// Answers what the table knows already and queues the rest; the number of requests to make.
    std::size_t plan(const LeaderTable& table, std::span<const std::int32_t> silent_brokers);

    /// What each thread does.
    void run(const std::atomic<bool>& abandoned);

    [[nodiscard]] const std::vector<LogOffsets>& results() const { return results_; }

    /// About how many partitions have been asked for.
    [[nodiscard]] std::int64_t asked() const { return asked_; }

 private:
    struct Chunk {
        LeaderChunk what{};
        bool is_replanned = false;  // after a look at fresh metadata
    };

    struct LeaderQueue {
        std::deque<Chunk> chunks{};
        int in_flight = 0;
        SteadyTime owes_since{};  // while a chunk is in flight
        SteadyTime heard{};       // its last answer
        bool is_down = false;
    };

    std::optional<Chunk> take();
    void put(Chunk chunk);
    void put_back(std::int32_t leader);
    void hear(std::int32_t leader);
    milliseconds time_left(std::int32_t leader);
    void ask(const Chunk& chunk);
    rd_kafka_resp_err_t ask_for(const LeaderChunk& chunk,
                                rd_kafka_topic_partition_list_t* list,
                                std::int64_t which,
                                std::int64_t LogOffsets::*field);
    void handle(const Chunk& chunk, rd_kafka_resp_err_t code);
    void mark(const LeaderChunk& chunk, KafkaFailure failure);
    void mark_down(std::int32_t leader);
    void replan(const Chunk& chunk);
    bool refresh();
    [[nodiscard]] bool is_one_topic(const LeaderChunk& chunk) const;

    std::shared_ptr<RdKafkaConnection> connection_;
    std::optional<WallTime> since_;
    milliseconds timeout_;
    std::vector<PartitionRef> partitions_;  // sorted, each once
    std::vector<std::string> names_;        // index: topic id; empty where not asked for
    std::vector<std::int32_t> leaders_;     // index: as partitions_
    std::vector<LogOffsets> results_;       // index: as partitions_; each written by one thread

    std::atomic<std::int64_t> asked_{0};

    std::mutex mutex_;
    std::map<std::int32_t, LeaderQueue> queues_;
    int extra_requests_left_ = extra_requests;

    std::mutex refresh_mutex_;
    bool is_refreshed_ = false;
    RdMetadata fresh_;
    std::unordered_map<std::string_view, const rd_kafka_metadata_topic*> fresh_topics_;
};

std::size_t LogOffsetsWork::plan(const LeaderTable& table,
                                 std::span<const std::int32_t> silent_brokers) {
    for (const std::int32_t broker : silent_brokers) {
        queues_[broker].is_down = true;
    }
    std::vector<std::uint32_t> items;
    items.reserve(partitions_.size());
    for (std::uint32_t i = 0; i < partitions_.size(); ++i) {
        const auto where = partitions_[i];
        const auto leader = table.leader_of(where);
        if (!table.knows(where.topic)) {
            items.push_back(i);
        } else if (const auto failure = table.topic_failure(where.topic);
                   failure != KafkaFailure::none) {
            results_[i].failure = failure;
        } else if (!leader) {
            results_[i].failure = KafkaFailure::unknown_topic;
        } else if (*leader < 0) {
            results_[i].failure = KafkaFailure::no_leader;
        } else {
            leaders_[i] = *leader;
            items.push_back(i);
        }
    }
    auto chunks = plan_leader_chunks(items, leaders_, partitions_per_request);
    for (auto& chunk : chunks) {
        put({.what = std::move(chunk)});
    }
    return chunks.size();
}

void LogOffsetsWork::run(const std::atomic<bool>& abandoned) {
    while (auto chunk = take()) {
        if (abandoned) {
            return;
        }
        ask(*chunk);
        put_back(chunk->what.leader);
    }
}

/// The next chunk of the leader that is asked least at the moment: a leader that hangs then keeps
/// one thread as long as others have work.
std::optional<LogOffsetsWork::Chunk> LogOffsetsWork::take() {
    const std::lock_guard lock(mutex_);
    LeaderQueue* best = nullptr;
    for (auto& [leader, queue] : queues_) {
        if (!queue.chunks.empty() && (best == nullptr || queue.in_flight < best->in_flight)) {
            best = &queue;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    auto chunk = std::move(best->chunks.front());
    best->chunks.pop_front();
    if (best->in_flight++ == 0) {
        best->owes_since = std::chrono::steady_clock::now();
    }
    return chunk;
}

void LogOffsetsWork::put(Chunk chunk) {
    const std::lock_guard lock(mutex_);
    auto& queue = queues_[chunk.what.leader];
    if (queue.is_down) {
        mark(chunk.what, KafkaFailure::timed_out);
        return;
    }
    queue.chunks.push_back(std::move(chunk));
}

void LogOffsetsWork::put_back(std::int32_t leader) {
    const std::lock_guard lock(mutex_);
    --queues_[leader].in_flight;
}

/// The leader answered something.
void LogOffsetsWork::hear(std::int32_t leader) {
    const std::lock_guard lock(mutex_);
    queues_[leader].heard = std::chrono::steady_clock::now();
}

/// Until a leader that owes an answer counts as down; it may take its time as long as it answers.
milliseconds LogOffsetsWork::time_left(std::int32_t leader) {
    const std::lock_guard lock(mutex_);
    const LeaderQueue& queue = queues_[leader];
    const auto late = std::max(queue.owes_since, queue.heard) + timeout_;
    return std::chrono::ceil<milliseconds>(late - std::chrono::steady_clock::now());
}

void LogOffsetsWork::ask(const Chunk& chunk) {
    const auto& items = chunk.what.items;
    const RdPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(items.size())));
    for (const auto item : items) {
        results_[item] = {};  // a chunk may be asked for again
        const auto where = partitions_[item];
        rd_kafka_topic_partition_list_add(list.get(), names_[where.topic].c_str(), where.partition);
    }
    auto code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (since_) {
        const auto ms = std::max<std::int64_t>(0, since_->time_since_epoch().count());
        code = ask_for(chunk.what, list.get(), ms, &LogOffsets::end);
    } else {
        // The start first: then it cannot be beyond the end, whatever retention deletes meanwhile.
        code = ask_for(chunk.what, list.get(), RD_KAFKA_OFFSET_BEGINNING, &LogOffsets::start);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            code = ask_for(chunk.what, list.get(), RD_KAFKA_OFFSET_END, &LogOffsets::end);
        }
    }
    asked_ += std::ssize(items);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        handle(chunk, code);
    }
}

/// One call. With success each element has its own answer; without, none has.
rd_kafka_resp_err_t LogOffsetsWork::ask_for(const LeaderChunk& chunk,
                                            rd_kafka_topic_partition_list_t* list,
                                            std::int64_t which,
                                            std::int64_t LogOffsets::*field) {
    const std::span elements(list->elems, static_cast<std::size_t>(list->cnt));
    for (auto& element : elements) {
        element.offset = which;
        element.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    auto code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    // The library cannot be told to wait longer, so it is asked again where the leader answered
    // other chunks meanwhile.
    for (auto left = time_left(chunk.leader);
         code == RD_KAFKA_RESP_ERR__TIMED_OUT && left > milliseconds(0);
         left = time_left(chunk.leader)) {
        code = sound_code(rd_kafka_offsets_for_times(
            connection_->handle(), list, static_cast<int>(left.count())));
    }
    if (kafka_failure(code) != KafkaFailure::timed_out) {
        hear(chunk.leader);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION) {
        return code;
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        auto& result = results_[chunk.items[i]];
        const auto own_code = read_code(elements[i].err);
        if (own_code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            result.failure = kafka_failure(own_code);
        } else if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            result.failure = KafkaFailure::unknown_topic;
        } else if (elements[i].offset < 0) {
            // Of a time it says that no record is so new.
            result.failure = which < 0 ? KafkaFailure::failed : KafkaFailure::none;
        } else {
            result.*field = elements[i].offset;
        }
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void LogOffsetsWork::handle(const Chunk& chunk, rd_kafka_resp_err_t code) {
    const auto failure = kafka_failure(code);
    if (failure == KafkaFailure::timed_out) {
        mark(chunk.what, failure);
        mark_down(chunk.what.leader);
        return;
    }
    if (is_leader_moved(code) && !chunk.is_replanned && refresh()) {
        replan(chunk);
        return;
    }
    const bool is_split = chunk.what.items.size() > 1 &&
                          !(is_topic_error(code) && is_one_topic(chunk.what)) && [this] {
                              const std::lock_guard lock(mutex_);
                              return extra_requests_left_ > 0 && --extra_requests_left_ >= 0;
                          }();
    if (!is_split) {
        mark(chunk.what, failure);
        return;
    }
    auto [first, second] = split_chunk(chunk.what, partitions_);
    put({.what = std::move(first), .is_replanned = chunk.is_replanned});
    put({.what = std::move(second), .is_replanned = chunk.is_replanned});
}

void LogOffsetsWork::mark(const LeaderChunk& chunk, KafkaFailure failure) {
    for (const auto item : chunk.items) {
        results_[item].failure = failure;
    }
}

void LogOffsetsWork::mark_down(std::int32_t leader) {
    const std::lock_guard lock(mutex_);
    auto& queue = queues_[leader];
    queue.is_down = true;
    for (const auto& chunk : queue.chunks) {
        mark(chunk.what, KafkaFailure::timed_out);
    }
    queue.chunks.clear();
}

/// Groups a chunk again by the leaders that fresh metadata shows.
void LogOffsetsWork::replan(const Chunk& chunk) {
    std::vector<std::uint32_t> items;
    for (const auto item : chunk.what.items) {
        const auto where = partitions_[item];
        const auto topic = fresh_topics_.find(names_[where.topic]);
        const auto leader = topic == fresh_topics_.end()
                                ? std::optional(unlisted)
                                : find_leader(*topic->second, where.partition);
        if (leader == -1) {
            results_[item].failure = KafkaFailure::no_leader;
            continue;
        }
        leaders_[item] = leader.value_or(unlisted);
        items.push_back(item);
    }
    for (auto& part : plan_leader_chunks(items, leaders_, partitions_per_request)) {
        put({.what = std::move(part), .is_replanned = true});
    }
}

/// Fetches fresh metadata, once for all threads.
bool LogOffsetsWork::refresh() {
    const std::lock_guard lock(refresh_mutex_);
    if (!is_refreshed_) {
        is_refreshed_ = true;
        const struct rd_kafka_metadata* answer = nullptr;
        rd_kafka_metadata(
            connection_->handle(), 1, nullptr, &answer, static_cast<int>(timeout_.count()));
        fresh_.reset(answer);
    }
    if (fresh_ && fresh_topics_.empty()) {
        for (const auto& topic :
             std::span(fresh_->topics, static_cast<std::size_t>(fresh_->topic_cnt))) {
            fresh_topics_.emplace(topic.topic, &topic);
        }
    }
    return fresh_ != nullptr;
}

bool LogOffsetsWork::is_one_topic(const LeaderChunk& chunk) const {
    // Items are in the order of topics.
    return partitions_[chunk.items.front()].topic == partitions_[chunk.items.back()].topic;
}

}  // namespace

std::vector<LogOffsets> fetch_partition_log_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    const LogOffsetsRequest& request,
    const TopicNames& names,
    const StopSignal& stop,
    const TellProgress& tell) {
    // The library allows each partition once; and in order neighbours share a topic.
    std::vector<PartitionRef> unique(request.partitions.begin(), request.partitions.end());
    std::ranges::sort(unique);
    unique.erase(std::unique(unique.begin(), unique.end()), unique.end());

    const auto work =
        std::make_shared<LogOffsetsWork>(connection, unique, request.since, request.timeout, names);
    const auto requests = work->plan(request.leaders, request.silent_brokers);
    if (requests > 0) {
        DetachedWork threads(std::min(requests, worker_threads),
                             [work](const std::atomic<bool>& abandoned) { work->run(abandoned); });
        while (tell && !threads.wait_for(milliseconds(100))) {
            stop.check();
            tell(work->asked());
        }
        threads.wait(stop);
    }
    std::vector<LogOffsets> results;
    results.reserve(request.partitions.size());
    for (const auto& where : request.partitions) {
        const auto at = std::ranges::lower_bound(unique, where) - unique.begin();
        results.push_back(work->results()[static_cast<std::size_t>(at)]);
    }
    return results;
}

}  // namespace caretaker
