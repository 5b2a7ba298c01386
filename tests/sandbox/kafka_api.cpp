// SPDX-License-Identifier: Apache-2.0
// The Kafka APIs that the fake broker speaks, their versions, and the error codes by name.
#include "tests/sandbox/kafka_api.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace caretaker::sandbox {

namespace {

constexpr std::int16_t never = std::numeric_limits<std::int16_t>::max();

// The lower ends are those of brokers 2.x and 3.x; 4.0 raised some.
constexpr std::array apis{
    KafkaApiInfo{KafkaApi::list_offsets, "ListOffsets", 1, 6, 6},
    KafkaApiInfo{KafkaApi::metadata, "Metadata", 0, 12, 9},
    KafkaApiInfo{KafkaApi::offset_fetch, "OffsetFetch", 1, 7, 6},
    KafkaApiInfo{KafkaApi::find_coordinator, "FindCoordinator", 0, 3, 3},
    KafkaApiInfo{KafkaApi::describe_groups, "DescribeGroups", 0, 5, 5},
    KafkaApiInfo{KafkaApi::list_groups, "ListGroups", 0, 5, 3},
    KafkaApiInfo{KafkaApi::sasl_handshake, "SaslHandshake", 0, 1, never},
    KafkaApiInfo{KafkaApi::api_versions, "ApiVersions", 0, 3, 3},
    KafkaApiInfo{KafkaApi::sasl_authenticate, "SaslAuthenticate", 0, 2, 2},
};

struct ErrorName {
    std::int16_t code = 0;
    std::string_view name{};
};

// The first name of a code is the one shown; the others are what older clients call it.
constexpr std::array error_names{
    ErrorName{kafka_error::unknown_server_error, "UNKNOWN_SERVER_ERROR"},
    ErrorName{kafka_error::unknown_topic_or_partition, "UNKNOWN_TOPIC_OR_PARTITION"},
    ErrorName{kafka_error::leader_not_available, "LEADER_NOT_AVAILABLE"},
    ErrorName{kafka_error::not_leader_or_follower, "NOT_LEADER_OR_FOLLOWER"},
    ErrorName{kafka_error::not_leader_or_follower, "NOT_LEADER_FOR_PARTITION"},
    ErrorName{kafka_error::not_leader_or_follower, "NOT_LEADER"},
    ErrorName{kafka_error::request_timed_out, "REQUEST_TIMED_OUT"},
    ErrorName{kafka_error::coordinator_load_in_progress, "COORDINATOR_LOAD_IN_PROGRESS"},
    ErrorName{kafka_error::coordinator_not_available, "COORDINATOR_NOT_AVAILABLE"},
    ErrorName{kafka_error::not_coordinator, "NOT_COORDINATOR"},
    ErrorName{kafka_error::topic_authorization_failed, "TOPIC_AUTHORIZATION_FAILED"},
    ErrorName{kafka_error::group_authorization_failed, "GROUP_AUTHORIZATION_FAILED"},
    ErrorName{kafka_error::cluster_authorization_failed, "CLUSTER_AUTHORIZATION_FAILED"},
    ErrorName{kafka_error::unsupported_sasl_mechanism, "UNSUPPORTED_SASL_MECHANISM"},
    ErrorName{kafka_error::illegal_sasl_state, "ILLEGAL_SASL_STATE"},
    ErrorName{kafka_error::unsupported_version, "UNSUPPORTED_VERSION"},
    ErrorName{kafka_error::invalid_request, "INVALID_REQUEST"},
    ErrorName{kafka_error::kafka_storage_error, "KAFKA_STORAGE_ERROR"},
    ErrorName{kafka_error::sasl_authentication_failed, "SASL_AUTHENTICATION_FAILED"},
    ErrorName{kafka_error::offset_not_available, "OFFSET_NOT_AVAILABLE"},
    ErrorName{kafka_error::unstable_offset_commit, "UNSTABLE_OFFSET_COMMIT"},
};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::span<const KafkaApiInfo> kafka_apis() {
    return apis;
}

const KafkaApiInfo* find_kafka_api(std::int16_t key) {
    const auto found = std::ranges::find(apis, static_cast<KafkaApi>(key), &KafkaApiInfo::api);
    return found == apis.end() ? nullptr : &*found;
}

std::optional<KafkaApi> parse_kafka_api(std::string_view name) {
    for (const auto& info : apis) {
        if (equal_ignoring_case(name, info.name)) {
            return info.api;
        }
    }
    return std::nullopt;
}

std::string_view format_kafka_api(KafkaApi api) {
    const auto* info = find_kafka_api(static_cast<std::int16_t>(api));
    return info == nullptr ? std::string_view{"?"} : info->name;
}

std::optional<std::int16_t> parse_kafka_error(std::string_view text) {
    for (const auto& [code, name] : error_names) {
        if (equal_ignoring_case(text, name)) {
            return code;
        }
    }
    std::int16_t code = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (failed != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return code;
}

std::string_view format_kafka_error(std::int16_t code) {
    const auto found = std::ranges::find(error_names, code, &ErrorName::code);
    return found == error_names.end() ? std::string_view{} : found->name;
}

}  // namespace caretaker::sandbox
