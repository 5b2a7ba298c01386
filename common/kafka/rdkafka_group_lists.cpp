// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_group_lists.hpp"

#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/rdkafka_admin.hpp"
#include "common/kafka/rdkafka_errors.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// Tries of a list while a coordinator is loading its groups, as after a broker's restart.
constexpr int list_tries = 4;
constexpr milliseconds list_pause{400};

/// One broker's list.
struct BrokerList {
    std::int32_t broker = -1;
    int tries = 0;
    bool is_answered = false;
    bool is_silent = false;
    std::vector<ListedGroup> groups{};
    std::vector<KafkaProblem> problems{};

    void add_problem(rd_kafka_resp_err_t code, const char* text);
    void read(rd_kafka_event_t* event);

    [[nodiscard]] bool is_loading() const {
        return std::ranges::any_of(problems, [](const KafkaProblem& problem) {
            return problem.failure == KafkaFailure::loading;
        });
    }
};

void BrokerList::add_problem(rd_kafka_resp_err_t code, const char* text) {
    is_silent = is_silent || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
    // The library's text speaks of its own machinery.
    problems.push_back(
        code == RD_KAFKA_RESP_ERR__TIMED_OUT
            ? KafkaProblem{.failure = KafkaFailure::timed_out, .text = "did not answer in time"}
            : kafka_problem(code, text == nullptr ? std::string_view{} : text));
    problems.back().broker = broker;
}

void BrokerList::read(rd_kafka_event_t* event) {
    is_answered = true;
    is_silent = false;
    groups.clear();
    problems.clear();
    if (const auto code = sound_code(rd_kafka_event_error(event));
        code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        add_problem(code, rd_kafka_event_error_string(event));
        return;
    }
    const auto* result = rd_kafka_event_ListConsumerGroups_result(event);
    std::size_t count = 0;
    const auto* listed = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    groups.reserve(count);
    for (const auto* group : std::span(listed, count)) {
        groups.push_back(
            {.name = rd_kafka_ConsumerGroupListing_group_id(group),
             .simple = rd_kafka_ConsumerGroupListing_is_simple_consumer_group(group) != 0,
             .state =
                 rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(group))});
    }
    const auto* errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    for (const auto* error : std::span(errors, count)) {
        add_problem(sound_code(rd_kafka_error_code(error)), rd_kafka_error_string(error));
    }
}

/// Asks all brokers, and those again that are loading.
class GroupListReader {
 public:
    GroupListReader(rd_kafka_t* handle,
                    std::span<const std::int32_t> brokers,
                    milliseconds timeout,
                    const StopSignal& stop)
        : handle_(handle),
          stop_(stop),
          deadline_(std::chrono::steady_clock::now() + timeout),
          queue_(rd_kafka_queue_new(handle)) {
        for (const std::int32_t broker : brokers) {
            lists_.push_back({.broker = broker});
        }
    }

    std::vector<BrokerList> read();

 private:
    void ask(BrokerList& list);
    void take_answers();

    rd_kafka_t* handle_;
    const StopSignal& stop_;
    SteadyTime deadline_;
    RdQueue queue_;
    std::vector<BrokerList> lists_;
};

std::vector<BrokerList> GroupListReader::read() {
    for (BrokerList& list : lists_) {
        ask(list);
    }
    while (true) {
        take_answers();
        const auto is_worth_another_try = [](const BrokerList& list) {
            return list.is_loading() && list.tries < list_tries;
        };
        const bool has_time = std::chrono::steady_clock::now() + list_pause < deadline_;
        if (!has_time || std::ranges::none_of(lists_, is_worth_another_try)) {
            return std::move(lists_);
        }
        if (!stop_.wait_for(list_pause)) {
            stop_.check();
        }
        for (BrokerList& list : lists_) {
            if (is_worth_another_try(list)) {
                ask(list);
            }
        }
    }
}

void GroupListReader::ask(BrokerList& list) {
    ++list.tries;
    list.is_answered = false;
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - std::chrono::steady_clock::now());
    const auto options = make_admin_options(
        handle_, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, std::max(left, milliseconds(1)));
    set_admin_broker(options.get(), list.broker);
    rd_kafka_AdminOptions_set_opaque(options.get(), &list);
    rd_kafka_ListConsumerGroups(handle_, options.get(), queue_.get());
}

/// Until every broker that was asked has answered, or none will any more.
void GroupListReader::take_answers() {
    while (!std::ranges::all_of(lists_, &BrokerList::is_answered)) {
        const auto event = wait_for_event(queue_.get(), deadline_ + admin_answer_delay, stop_);
        if (!event) {
            for (BrokerList& list : lists_) {
                if (!list.is_answered) {
                    list.is_answered = true;
                    list.add_problem(RD_KAFKA_RESP_ERR__TIMED_OUT, nullptr);
                }
            }
            return;
        }
        static_cast<BrokerList*>(rd_kafka_event_opaque(event.get()))->read(event.get());
    }
}

}  // namespace

GroupLists fetch_group_lists(rd_kafka_t* handle,
                             std::span<const std::int32_t> brokers,
                             milliseconds timeout,
                             const StopSignal& stop) {
    std::vector<std::int32_t> ids(brokers.begin(), brokers.end());
    std::ranges::sort(ids);
    GroupLists joined;
    for (BrokerList& list : GroupListReader(handle, ids, timeout, stop).read()) {
        std::ranges::move(list.groups, std::back_inserter(joined.groups));
        std::ranges::move(list.problems, std::back_inserter(joined.problems));
        if (list.is_silent) {
            joined.silent.push_back(list.broker);
        }
    }
    return joined;
}

}  // namespace caretaker
