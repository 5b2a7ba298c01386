// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_describe.hpp"

#include "common/base/stop_signal.hpp"
#include "common/kafka/rdkafka_admin.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace caretaker {

namespace {

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

std::vector<AssignedTopic> make_assignment(const rd_kafka_topic_partition_list_t* list,
                                           TopicNames& names) {
    std::vector<AssignedTopic> assignment;
    if (list == nullptr) {
        return assignment;
    }
    for (const auto& element : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
        const auto topic = names.intern(element.topic);
        auto row = std::ranges::find(assignment, topic, &AssignedTopic::topic);
        if (row == assignment.end()) {
            row = assignment.insert(row, {.topic = topic});
        }
        row->partitions.push_back(element.partition);
    }
    return assignment;
}

ConsumerGroup make_group(const rd_kafka_ConsumerGroupDescription_t* description,
                         TopicNames& names) {
    ConsumerGroup group{
        .name = rd_kafka_ConsumerGroupDescription_group_id(description),
        .state = text_of(rd_kafka_consumer_group_state_name(
            rd_kafka_ConsumerGroupDescription_state(description))),
        // The call does not tell; others are not listed, and those without one have no members.
        .protocol_type = "consumer",
        .assignor = text_of(rd_kafka_ConsumerGroupDescription_partition_assignor(description)),
        .members_known = true};
    if (const auto* error = rd_kafka_ConsumerGroupDescription_error(description);
        error != nullptr) {
        group.problem =
            kafka_problem(sound_code(rd_kafka_error_code(error)), rd_kafka_error_string(error));
        return group;
    }
    if (const auto* node = rd_kafka_ConsumerGroupDescription_coordinator(description);
        node != nullptr) {
        group.coordinator = rd_kafka_Node_id(node);
    }
    const auto count = rd_kafka_ConsumerGroupDescription_member_count(description);
    group.members.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto* member = rd_kafka_ConsumerGroupDescription_member(description, i);
        const auto* assignment = rd_kafka_MemberDescription_assignment(member);
        group.members.push_back(
            {.member_id = text_of(rd_kafka_MemberDescription_consumer_id(member)),
             .client_id = text_of(rd_kafka_MemberDescription_client_id(member)),
             .host = text_of(rd_kafka_MemberDescription_host(member)),
             .assignment =
                 make_assignment(rd_kafka_MemberAssignment_partitions(assignment), names)});
    }
    return group;
}

ConsumerGroup make_failed(const std::string& name, KafkaProblem problem) {
    return {.name = name, .problem = std::move(problem)};
}

/// The answer about one group.
ConsumerGroup read_answer(const std::string& name, rd_kafka_event_t* event, TopicNames& names) {
    if (const auto code = sound_code(rd_kafka_event_error(event));
        code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return make_failed(name, kafka_problem(code, rd_kafka_event_error_string(event)));
    }
    std::size_t count = 0;
    const auto* descriptions = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event), &count);
    return count == 1 ? make_group(descriptions[0], names)
                      : make_failed(name, kafka_problem(RD_KAFKA_RESP_ERR__BAD_MSG));
}

}  // namespace

std::vector<ConsumerGroup> describe_each(const std::shared_ptr<RdKafkaConnection>& connection,
                                         const std::vector<std::string>& groups,
                                         std::chrono::milliseconds timeout,
                                         TopicNames& names,
                                         const StopSignal& stop) {
    if (groups.empty()) {
        return {};
    }
    auto* handle = connection->handle();
    auto deadline = std::chrono::steady_clock::now() + timeout;
    const RdQueue queue(rd_kafka_queue_new(handle));
    const auto options = make_admin_options(
        handle, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, coordinator_call_timeout);
    // A call for all of them would answer no sooner than the slowest.
    std::vector<std::optional<ConsumerGroup>> answers(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        rd_kafka_AdminOptions_set_opaque(options.get(), &answers[i]);
        const char* name = groups[i].c_str();
        rd_kafka_DescribeConsumerGroups(handle, &name, 1, options.get(), queue.get());
    }
    for (std::size_t missing = groups.size(); missing > 0; --missing) {
        const auto event = wait_for_event(queue.get(), deadline, stop);
        if (!event) {
            break;
        }
        auto* answer =
            static_cast<std::optional<ConsumerGroup>*>(rd_kafka_event_opaque(event.get()));
        const auto place = static_cast<std::size_t>(answer - answers.data());
        *answer = read_answer(groups[place], event.get(), names);
        const auto& problem = (*answer)->problem;
        if (!problem || problem->failure != KafkaFailure::timed_out) {
            deadline = std::max(deadline, std::chrono::steady_clock::now() + timeout);
        }
    }
    std::vector<ConsumerGroup> result;
    result.reserve(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        result.push_back(answers[i]
                             ? std::move(*answers[i])
                             : make_failed(groups[i], kafka_problem(RD_KAFKA_RESP_ERR__TIMED_OUT)));
    }
    return result;
}

}  // namespace caretaker
