// SPDX-License-Identifier: Apache-2.0
// The answers about groups: FindCoordinator, ListGroups, DescribeGroups.
#include "tests/sandbox/kafka_handlers.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

namespace caretaker::sandbox {

namespace {

constexpr std::int32_t operations_not_asked = std::numeric_limits<std::int32_t>::min();

std::string_view group_type(FakeGroupKind kind) {
    switch (kind) {
        case FakeGroupKind::consumer:
            return "consumer";
        case FakeGroupKind::share:
            return "share";
        case FakeGroupKind::classic:
            break;
    }
    return "classic";
}

bool has_name(const std::vector<std::string_view>& names, std::string_view name) {
    const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
    return names.empty() || std::ranges::any_of(names, [&](std::string_view wanted) {
               return std::ranges::equal(wanted, name, {}, lower, lower);
           });
}

std::vector<std::string_view> read_names(WireReader& in) {
    std::vector<std::string_view> names(in.read_array_length());
    for (auto& name : names) {
        name = in.read_string();
    }
    return names;
}

void write_member(KafkaRequest& request, const FakeGroup& group, const FakeMember& member) {
    auto& out = request.out;
    const bool stable = group.state == "Stable";
    const bool is_consumer = group.protocol_type == "consumer";
    out.write_string(member.member_id);
    if (request.version >= 4) {
        out.write_nullable_string(std::nullopt);  // group instance id
    }
    out.write_string(member.client_id);
    out.write_string(member.host);
    out.write_bytes(stable && is_consumer ? encode_subscription(member.assignment) : "");
    out.write_bytes(stable && is_consumer ? encode_assignment(member.assignment) : "");
    out.write_no_tags();
}

void write_description(KafkaRequest& request,
                       std::string_view name,
                       std::int16_t error,
                       const FakeGroup* group) {
    auto& out = request.out;
    const bool readable = error == kafka_error::none;
    const bool visible = readable && group != nullptr && group->kind == FakeGroupKind::classic;
    out.write_int16(error);
    out.write_string(name);
    out.write_string(visible ? std::string_view(group->state) : readable ? "Dead" : "");
    out.write_string(visible ? std::string_view(group->protocol_type) : "");
    out.write_string(visible && group->state == "Stable" ? std::string_view(group->assignor) : "");
    out.write_array_length(visible ? group->members.size() : 0);
    if (visible) {
        for (const auto& member : group->members) {
            write_member(request, *group, member);
        }
    }
    if (request.version >= 3) {
        out.write_int32(operations_not_asked);
    }
    out.write_no_tags();
}

}  // namespace

std::string encode_assignment(const std::vector<FakeAssignment>& assignment) {
    WireWriter out(false);
    out.write_int16(0);  // version
    out.write_array_length(assignment.size());
    for (const auto& [topic, partitions] : assignment) {
        out.write_string(topic);
        out.write_array_length(partitions.size());
        for (const auto partition : partitions) {
            out.write_int32(partition);
        }
    }
    out.write_int32(-1);  // user data
    return out.take();
}

std::string encode_subscription(const std::vector<FakeAssignment>& assignment) {
    WireWriter out(false);
    out.write_int16(0);  // version
    out.write_array_length(assignment.size());
    for (const auto& on_topic : assignment) {
        out.write_string(on_topic.topic);
    }
    out.write_int32(-1);  // user data
    return out.take();
}

void answer_find_coordinator(KafkaRequest& request) {
    auto& out = request.out;
    const auto key = request.in.read_string();
    const std::int8_t key_type = request.version >= 1 ? request.in.read_int8() : std::int8_t{0};
    request.in.skip_tags();
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    auto error = errors.of_group(key);
    const auto node = request.state.coordinator(key);
    constexpr std::int8_t group_key = 0;
    if (error == kafka_error::none && key_type != group_key) {
        error = kafka_error::invalid_request;
    }
    if (error == kafka_error::none && node < 0) {
        error = kafka_error::coordinator_not_available;
    }
    if (request.version >= 1) {
        out.write_int32(0);  // throttle time
    }
    const bool found = error == kafka_error::none;
    out.write_int16(error);
    if (request.version >= 1) {
        out.write_nullable_string(found ? std::optional<std::string_view>{}
                                        : std::string_view(format_kafka_error(error)));
    }
    out.write_int32(found ? node : -1);
    out.write_string(found ? "127.0.0.1" : "");
    out.write_int32(found ? request.state.ports()[static_cast<std::size_t>(node)] : -1);
    out.write_no_tags();
}

void answer_list_groups(KafkaRequest& request) {
    auto& out = request.out;
    const auto states =
        request.version >= 4 ? read_names(request.in) : std::vector<std::string_view>{};
    const auto types =
        request.version >= 5 ? read_names(request.in) : std::vector<std::string_view>{};
    request.in.skip_tags();
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    const auto error = errors.of_answer();
    std::vector<const FakeGroup*> listed;
    if (error == kafka_error::none) {
        for (const auto* group : request.state.groups_of(request.session.broker)) {
            if (has_name(states, group->state) && has_name(types, group_type(group->kind))) {
                listed.push_back(group);
            }
        }
    }
    if (request.version >= 1) {
        out.write_int32(0);  // throttle time
    }
    out.write_int16(error);
    out.write_array_length(listed.size());
    for (const auto* group : listed) {
        out.write_string(group->name);
        out.write_string(group->kind == FakeGroupKind::share ? std::string_view("share")
                                                             : group->protocol_type);
        if (request.version >= 4) {
            out.write_string(group->state);
        }
        if (request.version >= 5) {
            out.write_string(group_type(group->kind));
        }
        out.write_no_tags();
    }
    out.write_no_tags();
}

void answer_describe_groups(KafkaRequest& request) {
    auto& out = request.out;
    const auto names = read_names(request.in);
    if (request.version >= 3) {
        request.in.read_bool();  // include authorized operations
    }
    request.in.skip_tags();
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    if (request.version >= 1) {
        out.write_int32(0);  // throttle time
    }
    out.write_array_length(names.size());
    for (const auto name : names) {
        auto error = errors.of_group(name);
        if (error == kafka_error::none &&
            request.state.coordinator(name) != request.session.broker) {
            error = kafka_error::not_coordinator;
        }
        write_description(request, name, error, request.state.group(name));
    }
    out.write_no_tags();
}

}  // namespace caretaker::sandbox
