// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_commits.hpp"

#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/leader_chunks.hpp"
#include "common/kafka/rdkafka_admin.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <string_view>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// From this many partitions on a list is sent in parts: the library matches answers by linear
/// search.
constexpr std::size_t longest_whole_list = 500;
constexpr std::size_t whole_calls_at_once = 64;
/// The library remembers about ten coordinators; more groups at once in parts, and each part would
/// look for its coordinator again.
constexpr std::size_t part_calls_at_once = 10;
/// A call in flight for longer does not count as one at once: the groups of a dead broker must not
/// stand in the way of the others.
constexpr milliseconds stalled_after{300};
/// The share of the time that a call has before it is sent again, in percent. The coordinator is
/// looked up at any broker; if that one hangs, groups of the others need a second chance.
constexpr int first_wait_percent = 40;
/// Pauses before asking again a coordinator that is moving or loading.
constexpr std::array<milliseconds, 3> retry_pauses = {
    milliseconds(150), milliseconds(550), milliseconds(1'300)};

struct Call {
    std::size_t request = 0;
    std::span<const PartitionRef> partitions{};  // empty: all
    bool is_part = false;
    std::size_t retries = 0;
    bool is_last_wait = false;  // the first wait was in vain
    SteadyTime due{};           // of a retry
    SteadyTime sent{};
    bool is_answered = false;
};

class CommitReader {
 public:
    CommitReader(rd_kafka_t* handle,
                 std::span<const CommittedRequest> requests,
                 TopicNames& names,
                 milliseconds timeout)
        : handle_(handle),
          requests_(requests),
          names_(names),
          timeout_(timeout),
          deadline_(std::chrono::steady_clock::now() + timeout),
          queue_(rd_kafka_queue_new(handle)),
          options_(make_admin_options(handle, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout)),
          answers_(requests.size()) {
        // Offsets under an open transaction are of interest too.
        const RdError error(rd_kafka_AdminOptions_set_require_stable_offsets(options_.get(), 0));
        for (std::size_t i = 0; i < requests.size(); ++i) {
            answers_[i].group = requests[i].group;
        }
    }

    std::vector<GroupOffsets> read(std::span<const std::int32_t> offsets_leaders,
                                   const StopSignal& stop);

 private:
    void plan_calls(std::span<const std::int32_t> offsets_leaders);
    void add_call(std::size_t request, std::span<const PartitionRef> partitions, bool is_part);
    void send_what_is_due();
    [[nodiscard]] bool has_room_for(const Call& call);
    void send(Call& call);
    [[nodiscard]] SteadyTime next_due() const;
    void take(rd_kafka_event_t* event);
    void take_partitions(const rd_kafka_topic_partition_list_t& list, GroupOffsets& answer);
    bool retry(Call& call);
    void fail(const Call& call, KafkaProblem problem);

    rd_kafka_t* handle_;
    std::span<const CommittedRequest> requests_;
    TopicNames& names_;
    milliseconds timeout_;
    SteadyTime deadline_;
    RdQueue queue_;
    RdAdminOptions options_;
    std::vector<GroupOffsets> answers_;
    std::deque<Call> calls_;  // a deque, because the library carries pointers to its elements
    std::deque<Call*> waiting_;
    std::vector<Call*> retrying_;
    std::vector<Call*> at_once_;
    std::size_t in_flight_ = 0;
};

std::vector<GroupOffsets> CommitReader::read(std::span<const std::int32_t> offsets_leaders,
                                             const StopSignal& stop) {
    plan_calls(offsets_leaders);
    while (in_flight_ > 0 || !waiting_.empty() || !retrying_.empty()) {
        send_what_is_due();
        const auto last = deadline_ + admin_answer_delay;
        const auto now = std::chrono::steady_clock::now();
        if (now >= last || (in_flight_ == 0 && now >= deadline_)) {
            break;
        }
        if (const auto event = wait_for_event(queue_.get(), std::min(last, next_due()), stop)) {
            take(event.get());
        }
    }
    for (const Call& call : calls_) {
        if (!call.is_answered) {
            fail(call, kafka_problem(RD_KAFKA_RESP_ERR__TIMED_OUT));
        }
    }
    return std::move(answers_);
}

void CommitReader::plan_calls(std::span<const std::int32_t> offsets_leaders) {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
        const auto home = offsets_partition_of(requests_[i].group, offsets_leaders.size());
        if (home && offsets_leaders[static_cast<std::size_t>(*home)] < 0) {
            answers_[i].problem = {.failure = KafkaFailure::no_leader,
                                   .text = "its partition of __consumer_offsets has no leader"};
            continue;
        }
        const std::span partitions(requests_[i].partitions);
        if (partitions.size() <= longest_whole_list) {
            add_call(i, partitions, false);
            continue;
        }
        for (std::size_t at = 0; at < partitions.size(); at += partitions_per_request) {
            const auto size = std::min(partitions_per_request, partitions.size() - at);
            add_call(i, partitions.subspan(at, size), true);
        }
    }
    for (auto& call : calls_) {
        waiting_.push_back(&call);
    }
    std::stable_partition(
        waiting_.begin(), waiting_.end(), [](const Call* call) { return !call->is_part; });
}

void CommitReader::add_call(std::size_t request,
                            std::span<const PartitionRef> partitions,
                            bool is_part) {
    calls_.push_back({.request = request, .partitions = partitions, .is_part = is_part});
}

void CommitReader::send_what_is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline_) {
        return;
    }
    const auto first_due = std::stable_partition(
        retrying_.begin(), retrying_.end(), [&](const Call* call) { return call->due > now; });
    waiting_.insert(waiting_.begin(), first_due, retrying_.end());
    retrying_.erase(first_due, retrying_.end());
    while (!waiting_.empty() && has_room_for(*waiting_.front())) {
        Call* call = waiting_.front();
        waiting_.pop_front();
        send(*call);
    }
}

bool CommitReader::has_room_for(const Call& call) {
    const auto limit = call.is_part ? part_calls_at_once : whole_calls_at_once;
    if (at_once_.size() < limit) {
        return true;
    }
    const auto stalled = std::chrono::steady_clock::now() - stalled_after;
    std::erase_if(at_once_,
                  [&](const Call* other) { return other->is_answered || other->sent < stalled; });
    return at_once_.size() < limit;
}

void CommitReader::send(Call& call) {
    RdPartitionList list;
    if (!call.partitions.empty()) {
        list.reset(rd_kafka_topic_partition_list_new(static_cast<int>(call.partitions.size())));
        for (const auto& where : call.partitions) {
            rd_kafka_topic_partition_list_add(
                list.get(), names_.name(where.topic).c_str(), where.partition);
        }
    }
    const RdGroupOffsets group(
        rd_kafka_ListConsumerGroupOffsets_new(requests_[call.request].group.c_str(), list.get()));
    call.sent = std::chrono::steady_clock::now();
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - call.sent);
    const auto first_wait = timeout_ * first_wait_percent / 100;
    call.is_last_wait = call.is_last_wait || left <= first_wait;
    set_request_timeout(options_.get(), call.is_last_wait ? left : first_wait);
    rd_kafka_AdminOptions_set_opaque(options_.get(), &call);
    auto* argument = group.get();
    rd_kafka_ListConsumerGroupOffsets(handle_, &argument, 1, options_.get(), queue_.get());
    ++in_flight_;
    at_once_.push_back(&call);
}

/// When something may be sent that cannot be sent now.
SteadyTime CommitReader::next_due() const {
    auto due =
        waiting_.empty() ? SteadyTime::max() : std::chrono::steady_clock::now() + stalled_after;
    for (const Call* call : retrying_) {
        due = std::min(due, call->due);
    }
    return due;
}

void CommitReader::take(rd_kafka_event_t* event) {
    auto& call = *static_cast<Call*>(rd_kafka_event_opaque(event));
    --in_flight_;
    auto code = sound_code(rd_kafka_event_error(event));
    std::string_view text = code == RD_KAFKA_RESP_ERR_NO_ERROR
                                ? std::string_view{}
                                : std::string_view(rd_kafka_event_error_string(event));
    const rd_kafka_topic_partition_list_t* list = nullptr;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::size_t count = 0;
        const auto* groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
        if (count == 1) {
            list = rd_kafka_group_result_partitions(groups[0]);
            if (const auto* error = rd_kafka_group_result_error(groups[0]); error != nullptr) {
                code = sound_code(rd_kafka_error_code(error));
                text = rd_kafka_error_string(error);
            }
        }
    }
    const auto failure = kafka_failure(code);
    if (failure == KafkaFailure::loading && retry(call)) {
        return;
    }
    if (failure == KafkaFailure::timed_out && !call.is_last_wait) {
        call.is_last_wait = true;
        waiting_.push_back(&call);
        return;
    }
    call.is_answered = true;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail(call, kafka_problem(code, text));
    } else if (list != nullptr) {
        take_partitions(*list, answers_[call.request]);
    }
}

void CommitReader::take_partitions(const rd_kafka_topic_partition_list_t& list,
                                   GroupOffsets& answer) {
    const std::span elements(list.elems, static_cast<std::size_t>(list.cnt));
    answer.offsets.reserve(answer.offsets.size() + elements.size());
    std::string_view last_name;
    TopicId topic = 0;
    for (const auto& element : elements) {
        if (last_name != element.topic) {  // partitions of one topic follow each other
            last_name = element.topic;
            topic = names_.intern(last_name);
        }
        const PartitionRef where{.topic = topic, .partition = element.partition};
        const auto code = read_code(element.err);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            answer.partition_problems.push_back({.where = where, .problem = kafka_problem(code)});
        } else if (element.offset >= 0) {
            answer.offsets.push_back({.where = where, .offset = element.offset});
        }
    }
}

/// Plans another try; false when there were enough, or no time is left.
bool CommitReader::retry(Call& call) {
    if (call.retries == retry_pauses.size()) {
        return false;
    }
    const auto due = std::chrono::steady_clock::now() + retry_pauses[call.retries];
    if (due >= deadline_) {
        return false;
    }
    ++call.retries;
    call.due = due;
    retrying_.push_back(&call);
    std::erase(at_once_, &call);
    return true;
}

void CommitReader::fail(const Call& call, KafkaProblem problem) {
    auto& answer = answers_[call.request];
    if (!answer.problem) {
        answer.problem = std::move(problem);
    }
}

}  // namespace

std::vector<GroupOffsets> fetch_committed_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    std::span<const CommittedRequest> requests,
    std::span<const std::int32_t> offsets_leaders,
    milliseconds timeout,
    TopicNames& names,
    const StopSignal& stop) {
    if (requests.empty()) {
        return {};
    }
    return CommitReader(connection->handle(), requests, names, timeout).read(offsets_leaders, stop);
}

}  // namespace caretaker
