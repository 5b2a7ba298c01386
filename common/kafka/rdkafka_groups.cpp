// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_groups.hpp"

#include "common/base/stop_signal.hpp"
#include "common/kafka/consumer_assignment.hpp"
#include "common/kafka/detached_work.hpp"
#include "common/kafka/rdkafka_describe.hpp"
#include "common/kafka/rdkafka_group_lists.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

/// The share of the time that the list has, in percent: with a broker down it takes all of it.
constexpr int list_percent = 60;

/// The older list call, which blocks.
struct DescribeCall {
    std::shared_ptr<RdKafkaConnection> connection{};
    std::optional<std::string> only{};
    milliseconds timeout{};
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    RdGroupList groups{};

    void run() {
        const rd_kafka_group_list* answer = nullptr;
        code = sound_code(rd_kafka_list_groups(connection->handle(),
                                               only ? only->c_str() : nullptr,
                                               &answer,
                                               static_cast<int>(timeout.count())));
        groups.reset(answer);
    }
};

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

std::span<const std::byte> assignment_bytes(const rd_kafka_group_member_info& member) {
    return {static_cast<const std::byte*>(member.member_assignment),
            static_cast<std::size_t>(std::max(member.member_assignment_size, 0))};
}

ConsumerGroup make_group(const rd_kafka_group_info& info, TopicNames& names) {
    ConsumerGroup group{.name = text_of(info.group),
                        .state = text_of(info.state),
                        .protocol_type = text_of(info.protocol_type),
                        .assignor = text_of(info.protocol),
                        .coordinator = info.broker.id,
                        .members_known = true};
    if (const auto code = read_code(info.err); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        group.problem = kafka_problem(code);
    }
    const std::span members(info.members, static_cast<std::size_t>(std::max(info.member_cnt, 0)));
    group.members.reserve(members.size());
    for (const auto& info_of_member : members) {
        GroupMember member{.member_id = text_of(info_of_member.member_id),
                           .client_id = text_of(info_of_member.client_id),
                           .host = text_of(info_of_member.client_host)};
        if (group.protocol_type == "consumer") {
            auto assignment = parse_consumer_assignment(assignment_bytes(info_of_member), names);
            group.members_known = group.members_known && assignment.has_value();
            member.assignment = std::move(assignment).value_or(std::vector<AssignedTopic>{});
        }
        group.members.push_back(std::move(member));
    }
    return group;
}

/// Describes all groups, or the only one wanted, through the older call. Adds to `answers`.
void describe_all(const std::shared_ptr<RdKafkaConnection>& connection,
                  const WantedGroups& wanted,
                  milliseconds timeout,
                  GroupAnswers& answers,
                  TopicNames& names,
                  const StopSignal& stop) {
    const auto call = std::make_shared<DescribeCall>();
    call->connection = connection;
    call->timeout = timeout;
    if (wanted.named_only && wanted.named.size() == 1) {
        call->only = wanted.named.front();
    }
    DetachedWork describing(1, [call](const std::atomic<bool>&) { call->run(); });
    describing.wait(stop);
    if (call->groups) {
        const std::span groups(call->groups->groups,
                               static_cast<std::size_t>(call->groups->group_cnt));
        answers.described.reserve(groups.size());
        for (const auto& group : groups) {
            answers.described.push_back(make_group(group, names));
        }
    }
    if (call->code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        answers.description_problem = kafka_problem(call->code);
    }
}

/// The listed groups that may have members, of those that are wanted.
std::vector<std::string> names_to_describe(const std::vector<ListedGroup>& listed,
                                           const WantedGroups& wanted) {
    std::vector<std::string> names;
    for (const auto& group : listed) {
        const bool is_wanted =
            !wanted.named_only || std::ranges::find(wanted.named, group.name) != wanted.named.end();
        if (!group.simple && is_wanted) {
            names.push_back(group.name);
        }
    }
    return names;
}

}  // namespace

GroupsRead fetch_group_listing(const std::shared_ptr<RdKafkaConnection>& connection,
                               std::span<const std::int32_t> brokers,
                               const WantedGroups& wanted,
                               milliseconds timeout,
                               TopicNames& names,
                               const StopSignal& stop) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const auto left = [&] {
        return std::max(
            milliseconds(1),
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()));
    };
    auto listed =
        fetch_group_lists(connection->handle(), brokers, timeout * list_percent / 100, stop);
    GroupAnswers answers{.listed = std::move(listed.groups),
                         .listing_complete = listed.problems.empty()};
    const bool is_broker_lost = std::ranges::any_of(
        listed.problems,
        [](const KafkaProblem& problem) { return problem.failure == KafkaFailure::timed_out; });
    const bool is_anything_listed = answers.listing_complete || !answers.listed.empty();
    if (is_anything_listed && !is_broker_lost) {
        describe_all(connection, wanted, left(), answers, names, stop);
    }
    // The older call gives up all it learned when the last answer is an error, above all that of a
    // broker that is down.
    const bool is_undescribed = answers.description_problem &&
                                answers.description_problem->failure != KafkaFailure::unsupported;
    if (is_broker_lost || (is_undescribed && answers.described.empty())) {
        answers.described = describe_each(
            connection, names_to_describe(answers.listed, wanted), left(), names, stop);
    }
    return {.listing = {.groups = join_groups(std::move(answers), wanted),
                        .problems = std::move(listed.problems)},
            .silent_brokers = std::move(listed.silent)};
}

}  // namespace caretaker
