// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_commits.hpp"

#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/commit_calls.hpp"
#include "common/kafka/leader_chunks.hpp"
#include "common/kafka/rdkafka_admin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// The share of the timeout after which a call is sent again if its coordinator said nothing since,
/// in percent. The coordinator is looked up at any broker; if that one hangs, groups of the others
/// need a second chance.
constexpr int first_wait_percent = 40;
/// Pauses before asking again a coordinator that is moving or loading.
constexpr std::array<milliseconds, 3> retry_pauses = {
    milliseconds(150), milliseconds(550), milliseconds(1'300)};

class CommitReader {
 public:
    CommitReader(rd_kafka_t* handle,
                 std::span<const CommittedRequest> requests,
                 std::span<const PartitionRef> existing,
                 TopicNames& names,
                 milliseconds timeout)
        : handle_(handle),
          requests_(requests),
          names_(names),
          timeout_(timeout),
          first_wait_(timeout * first_wait_percent / 100),
          queue_(rd_kafka_queue_new(handle)),
          options_(make_admin_options(
              handle, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, coordinator_call_timeout)),
          calls_(requests, existing),
          answers_(requests.size()) {
        // Offsets under an open transaction are of interest too.
        const RdError error(rd_kafka_AdminOptions_set_require_stable_offsets(options_.get(), 0));
        for (std::size_t i = 0; i < requests.size(); ++i) {
            answers_[i].group = requests[i].group;
        }
    }

    std::vector<GroupOffsets> read(const UnreadableHomes& homes,
                                   const StopSignal& stop,
                                   const TellProgress& tell);

 private:
    void leave_out_unreadable(const UnreadableHomes& homes);
    void send_what_is_due();
    void send(CommitCall& call);
    void take(rd_kafka_event_t* event);
    std::size_t take_partitions(const rd_kafka_topic_partition_list_t& list, GroupOffsets& answer);
    bool retry(CommitCall& call);
    void fail(std::size_t request, KafkaProblem problem);

    rd_kafka_t* handle_;
    std::span<const CommittedRequest> requests_;
    TopicNames& names_;
    milliseconds timeout_;
    milliseconds first_wait_;
    RdQueue queue_;
    RdAdminOptions options_;
    CommitCalls calls_;
    std::vector<GroupOffsets> answers_;
};

std::vector<GroupOffsets> CommitReader::read(const UnreadableHomes& homes,
                                             const StopSignal& stop,
                                             const TellProgress& tell) {
    leave_out_unreadable(homes);
    while (true) {
        send_what_is_due();
        if (calls_.is_done()) {  // what was given up just now no event will tell of
            break;
        }
        const auto now = std::chrono::steady_clock::now();
        const auto until =
            std::min(calls_.next_due(now), calls_.next_overdue(first_wait_, timeout_));
        if (const auto event = wait_for_event(queue_.get(), until, stop)) {
            take(event.get());
            if (tell) {
                tell(static_cast<std::int64_t>(calls_.begun()));
            }
        }
    }
    return std::move(answers_);
}

void CommitReader::leave_out_unreadable(const UnreadableHomes& homes) {
    const auto& leaders = homes.offsets_leaders;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
        const auto home = offsets_partition_of(requests_[i].group, leaders.size());
        const std::int32_t coordinator =
            home ? leaders[static_cast<std::size_t>(*home)] : requests_[i].coordinator;
        if (home && coordinator < 0) {
            fail(i,
                 {.failure = KafkaFailure::no_leader,
                  .text = "its partition of __consumer_offsets has no leader"});
            calls_.leave_out(i);
        } else if (std::ranges::binary_search(homes.silent_brokers, coordinator)) {
            fail(i,
                 {.failure = KafkaFailure::timed_out,
                  .text = fmt::format("its coordinator, broker {}, did not answer in time",
                                      coordinator),
                  .broker = coordinator});
            calls_.leave_out(i);
        } else {
            calls_.know_coordinator(i, coordinator);
        }
    }
}

void CommitReader::send_what_is_due() {
    const auto now = std::chrono::steady_clock::now();
    for (const std::size_t request : calls_.give_up_silent(now, timeout_)) {
        fail(request, kafka_problem(RD_KAFKA_RESP_ERR__TIMED_OUT));
    }
    calls_.replace_overdue(now, first_wait_);
    while (CommitCall* call = calls_.take(now)) {
        send(*call);
    }
}

void CommitReader::send(CommitCall& call) {
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
    rd_kafka_AdminOptions_set_opaque(options_.get(), &call);
    auto* argument = group.get();
    rd_kafka_ListConsumerGroupOffsets(handle_, &argument, 1, options_.get(), queue_.get());
}

void CommitReader::take(rd_kafka_event_t* event) {
    auto& call = *static_cast<CommitCall*>(rd_kafka_event_opaque(event));
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
    if (failure != KafkaFailure::timed_out) {
        calls_.heard_from_coordinator_of(call.request, std::chrono::steady_clock::now());
    }
    if (call.is_abandoned) {
        return;
    }
    if (failure == KafkaFailure::loading && retry(call)) {
        return;
    }
    if (failure == KafkaFailure::timed_out && !call.is_last_wait) {
        call.is_last_wait = true;
        calls_.send_again(call, std::chrono::steady_clock::now());
        return;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        calls_.failed(call);
        fail(call.request, kafka_problem(code, text));
        return;
    }
    calls_.answered(call, list == nullptr ? 0 : take_partitions(*list, answers_[call.request]));
}

std::size_t CommitReader::take_partitions(const rd_kafka_topic_partition_list_t& list,
                                          GroupOffsets& answer) {
    const std::span elements(list.elems, static_cast<std::size_t>(list.cnt));
    const std::size_t before = answer.offsets.size() + answer.partition_problems.size();
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
    return answer.offsets.size() + answer.partition_problems.size() - before;
}

/// Plans another try; false when there were enough.
bool CommitReader::retry(CommitCall& call) {
    if (call.retries == retry_pauses.size()) {
        return false;
    }
    const auto due = std::chrono::steady_clock::now() + retry_pauses[call.retries];
    ++call.retries;
    calls_.send_again(call, due);
    return true;
}

void CommitReader::fail(std::size_t request, KafkaProblem problem) {
    auto& answer = answers_[request];
    if (!answer.problem) {
        answer.problem = std::move(problem);
    }
}

}  // namespace

std::vector<GroupOffsets> fetch_committed_offsets(
    const std::shared_ptr<RdKafkaConnection>& connection,
    std::span<const CommittedRequest> requests,
    std::span<const PartitionRef> existing,
    const UnreadableHomes& homes,
    milliseconds timeout,
    TopicNames& names,
    const StopSignal& stop,
    const TellProgress& tell) {
    if (requests.empty()) {
        return {};
    }
    return CommitReader(connection->handle(), requests, existing, names, timeout)
        .read(homes, stop, tell);
}

}  // namespace caretaker
