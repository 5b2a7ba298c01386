// SPDX-License-Identifier: Apache-2.0
// What a broker answers: the bytes of a request in, the bytes of the answer out.
#pragma once

#include "tests/sandbox/kafka_cluster_state.hpp"
#include "tests/sandbox/kafka_wire.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// What a broker remembers of one connection.
struct KafkaSession {
    std::int32_t broker = 0;
    bool authenticated = false;
    /// After SaslHandshake 0 the next frame is a bare SASL token, without a request header.
    bool expects_token = false;
    /// Nothing is answered any more.
    bool hung = false;
};

struct KafkaReply {
    std::string frame{};  // with its length; empty: no answer
    std::chrono::milliseconds delay{0};
    bool close = false;  // after the frame was sent
};

/// Answers one request (without its length). Requests that a broker cannot read, or of an API or
/// version that it does not offer, close the connection, as Kafka does.
KafkaReply answer_kafka_request(KafkaClusterState& state,
                                KafkaSession& session,
                                std::string_view request);

/// A request whose header was read; the handlers below read its body and write the answer's body.
struct KafkaRequest {
    KafkaClusterState& state;
    KafkaSession& session;
    KafkaApi api{};
    std::int16_t version = 0;
    WireReader& in;
    WireWriter& out;
    bool close = false;  // set by a handler: after this answer
};

void answer_api_versions(KafkaRequest& request);
void answer_sasl_handshake(KafkaRequest& request);
void answer_sasl_authenticate(KafkaRequest& request);
void answer_metadata(KafkaRequest& request);
void answer_list_offsets(KafkaRequest& request);
void answer_find_coordinator(KafkaRequest& request);
void answer_list_groups(KafkaRequest& request);
void answer_describe_groups(KafkaRequest& request);
void answer_offset_fetch(KafkaRequest& request);

/// ApiVersions in a version not offered: an answer in version 0 that names those offered (KIP-511).
void answer_unsupported_api_versions(KafkaRequest& request);

/// The consumer protocol's ConsumerProtocolAssignment, version 0.
std::string encode_assignment(const std::vector<FakeAssignment>& assignment);
/// The consumer protocol's ConsumerProtocolSubscription, version 0.
std::string encode_subscription(const std::vector<FakeAssignment>& assignment);

/// True if a SASL/PLAIN token ("authzid NUL user NUL password") names the scenario's user.
bool check_plain_token(const KafkaClusterState& state, std::string_view token);

}  // namespace caretaker::sandbox
