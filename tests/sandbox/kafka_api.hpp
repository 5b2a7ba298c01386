// SPDX-License-Identifier: Apache-2.0
// The Kafka APIs that the fake broker speaks, their versions, and the error codes by name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace caretaker::sandbox {

/// Kafka API keys.
enum class KafkaApi : std::int16_t {
    list_offsets = 2,
    metadata = 3,
    offset_fetch = 9,
    find_coordinator = 10,
    describe_groups = 15,
    list_groups = 16,
    sasl_handshake = 17,
    api_versions = 18,
    sasl_authenticate = 36,
};

struct KafkaApiInfo {
    KafkaApi api{};
    std::string_view name{};
    std::int16_t min_version = 0;
    std::int16_t max_version = 0;
    /// From this version on requests have header 2 and compact types; answers header 1, except
    /// those of ApiVersions, which always have header 0.
    std::int16_t first_flexible = 0;
};

/// All of them, by ascending key.
std::span<const KafkaApiInfo> kafka_apis();

/// nullptr for a key that the broker does not know.
const KafkaApiInfo* find_kafka_api(std::int16_t key);

/// The API of that name, in any case of letters: "OffsetFetch".
std::optional<KafkaApi> parse_kafka_api(std::string_view name);

std::string_view format_kafka_api(KafkaApi api);

/// Kafka error codes, as in org.apache.kafka.common.protocol.Errors.
namespace kafka_error {
inline constexpr std::int16_t none = 0;
inline constexpr std::int16_t unknown_topic_or_partition = 3;
inline constexpr std::int16_t leader_not_available = 5;
inline constexpr std::int16_t not_leader_or_follower = 6;
inline constexpr std::int16_t request_timed_out = 7;
inline constexpr std::int16_t coordinator_load_in_progress = 14;
inline constexpr std::int16_t coordinator_not_available = 15;
inline constexpr std::int16_t not_coordinator = 16;
inline constexpr std::int16_t topic_authorization_failed = 29;
inline constexpr std::int16_t group_authorization_failed = 30;
inline constexpr std::int16_t cluster_authorization_failed = 31;
inline constexpr std::int16_t unsupported_sasl_mechanism = 33;
inline constexpr std::int16_t illegal_sasl_state = 34;
inline constexpr std::int16_t unsupported_version = 35;
inline constexpr std::int16_t invalid_request = 42;
inline constexpr std::int16_t kafka_storage_error = 56;
inline constexpr std::int16_t sasl_authentication_failed = 58;
inline constexpr std::int16_t offset_not_available = 78;
inline constexpr std::int16_t unstable_offset_commit = 88;
inline constexpr std::int16_t unknown_server_error = -1;
}  // namespace kafka_error

/// "NOT_COORDINATOR" or a number; NOT_LEADER stands for NOT_LEADER_OR_FOLLOWER.
std::optional<std::int16_t> parse_kafka_error(std::string_view text);

/// Its name, or the empty text for a code without one here.
std::string_view format_kafka_error(std::int16_t code);

}  // namespace caretaker::sandbox
