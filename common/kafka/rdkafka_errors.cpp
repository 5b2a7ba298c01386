// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace caretaker {

namespace {

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Before 2.6.1 the client's SCRAM messages repeat the nonce, which Kafka 4.0 and later refuse.
constexpr std::int32_t first_version_with_sound_scram = 0x020601ff;

std::string hint_for_denied(const ConnectionFailure& failure) {
    if (failure.cause->code == RD_KAFKA_RESP_ERR__SSL ||
        contains(failure.cause->text, "certificate")) {
        return contains(failure.cause->text, "alert")
                   ? "check ssl.certificate.location and ssl.key.location"
                   : "check ssl.ca.location, and that the broker's certificate names this host";
    }
    const bool is_login_refused = !contains(failure.cause->text, "handshake failed");
    if (is_login_refused && failure.mechanism.starts_with("SCRAM") &&
        failure.library_version < first_version_with_sound_scram) {
        return fmt::format(
            "check sasl.username and sasl.password; and librdkafka {} cannot log in to Kafka 4.0 "
            "or "
            "later by SCRAM, whatever the password (fixed in 2.6.1): use a build with a newer "
            "librdkafka, or another sasl.mechanism",
            rd_kafka_version_str());
    }
    return is_login_refused ? "check sasl.username and sasl.password"
                            : "check security.protocol and sasl.mechanism";
}

std::string hint_for_unreachable(const std::optional<ConnectionCause>& cause) {
    constexpr std::string_view silent =
        "the port may be wrong or want another security.protocol, or the broker is older than 0.10 "
        "(then set api.version.request=false and broker.version.fallback)";
    if (!cause || contains(cause->text, "ApiVersion")) {
        return std::string(silent);
    }
    if (cause->code == RD_KAFKA_RESP_ERR__RESOLVE || contains(cause->text, "resolve")) {
        return "check the host name in bootstrap.servers";
    }
    if (contains(cause->text, "SSL") || contains(cause->text, "PLAINTEXT")) {
        return "check security.protocol and the port";
    }
    if (contains(cause->text, "refused")) {
        return "check that the broker runs, and the port in bootstrap.servers";
    }
    return "check bootstrap.servers, security.protocol and the network";
}

}  // namespace

rd_kafka_resp_err_t sound_code(int code) {
    // What fits the bits of the enumerators, RD_KAFKA_RESP_ERR__BEGIN (-200) being the least.
    const bool is_sound = code >= -256 && code <= 255;
    return is_sound ? static_cast<rd_kafka_resp_err_t>(code) : RD_KAFKA_RESP_ERR_UNKNOWN;
}

rd_kafka_resp_err_t read_code(const rd_kafka_resp_err_t& field) {
    int code = 0;
    static_assert(sizeof(code) == sizeof(field));
    std::memcpy(&code, &field, sizeof(code));
    return sound_code(code);
}

KafkaFailure kafka_failure(rd_kafka_resp_err_t code) {
    switch (code) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            return KafkaFailure::none;
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            return KafkaFailure::unknown_topic;
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
        case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
        case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
        case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
            return KafkaFailure::no_leader;
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
            return KafkaFailure::forbidden;
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
        case RD_KAFKA_RESP_ERR__TRANSPORT:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR__RESOLVE:
        case RD_KAFKA_RESP_ERR__WAIT_COORD:
        case RD_KAFKA_RESP_ERR__NODE_UPDATE:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
            return KafkaFailure::timed_out;
        case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
        case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
            return KafkaFailure::loading;
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
            return KafkaFailure::unsupported;
        default:
            return KafkaFailure::failed;
    }
}

KafkaProblem kafka_problem(rd_kafka_resp_err_t code, std::string_view text) {
    // "LISTCONSUMERGROUPOFFSETS worker coordinator request failed: Broker: ..." and the like say
    // nothing to users.
    for (const std::string_view prefix_end :
         {" request failed: ", " response failure: ", " ListConsumerGroups: "}) {
        if (const auto at = text.find(prefix_end); at != std::string_view::npos) {
            text.remove_prefix(at + prefix_end.size());
        }
    }
    return {.failure = kafka_failure(code),
            .text = one_line(text.empty() ? std::string_view(rd_kafka_err2str(code)) : text)};
}

bool is_leader_moved(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           code == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH;
}

bool is_topic_error(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
}

bool is_denied(const ConnectionCause& cause) {
    switch (cause.code) {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
            // A connection lost while logging in is reported under the same code.
            return !contains(cause.text, "transport failure") && !contains(cause.text, "imed out");
        default:
            break;
    }
    return contains(cause.text, "certificate verify failed") ||
           (contains(cause.text, "alert") && contains(cause.text, "certificate"));
}

RemoteError connection_error(const ConnectionFailure& failure) {
    const auto message = [&](std::string_view what, std::string_view hint) {
        return fmt::format(
            "connecting to Kafka at {}: {}; {}", one_line(failure.servers), one_line(what), hint);
    };
    const auto& cause = failure.cause;
    if (cause && is_denied(*cause)) {
        return {
            RemoteFailure::denied, "kafka_denied", message(cause->text, hint_for_denied(failure))};
    }
    return {RemoteFailure::unreachable,
            "kafka_unreachable",
            message(cause ? cause->text : "connected, but no answer", hint_for_unreachable(cause))};
}

std::string one_line(std::string_view text) {
    constexpr std::size_t limit = 400;
    std::size_t size = std::min(text.size(), limit);
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;  // not in the middle of a UTF-8 character
    }
    std::string line(text.substr(0, size));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    if (size < text.size()) {
        line += "...";
    }
    return line;
}

}  // namespace caretaker
