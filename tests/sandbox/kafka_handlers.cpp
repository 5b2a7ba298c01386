// SPDX-License-Identifier: Apache-2.0
// The way of a request through a broker: header, versions, faults, handler, answer.
#include "tests/sandbox/kafka_handlers.hpp"

#include <algorithm>

namespace caretaker::sandbox {

namespace {

using Handler = void (*)(KafkaRequest&);

Handler handler_of(KafkaApi api) {
    switch (api) {
        case KafkaApi::list_offsets:
            return answer_list_offsets;
        case KafkaApi::metadata:
            return answer_metadata;
        case KafkaApi::offset_fetch:
            return answer_offset_fetch;
        case KafkaApi::find_coordinator:
            return answer_find_coordinator;
        case KafkaApi::describe_groups:
            return answer_describe_groups;
        case KafkaApi::list_groups:
            return answer_list_groups;
        case KafkaApi::sasl_handshake:
            return answer_sasl_handshake;
        case KafkaApi::api_versions:
            return answer_api_versions;
        case KafkaApi::sasl_authenticate:
            return answer_sasl_authenticate;
    }
    return nullptr;
}

bool may_ask(const KafkaClusterState& state, const KafkaSession& session, KafkaApi api) {
    return !state.scenario().sasl || session.authenticated || api == KafkaApi::api_versions ||
           api == KafkaApi::sasl_handshake || api == KafkaApi::sasl_authenticate;
}

// Noise that no client can take for an answer, the same every time.
std::string make_noise(std::size_t size) {
    std::string noise;
    std::uint32_t number = 0x9E3779B9U;
    while (noise.size() < size) {
        number = number * 1664525U + 1013904223U;
        noise.push_back(static_cast<char>(number >> 24U));
    }
    return noise;
}

void spoil_reply(KafkaClusterState& state,
                 KafkaApi api,
                 std::int32_t broker,
                 std::string_view message,
                 KafkaReply& reply) {
    constexpr std::size_t header_size = 4;  // the correlation id
    const auto header = std::string(message.substr(0, header_size));
    const auto body = message.substr(header_size);
    if (state.take_fault(KafkaFaultKind::garbage, api, broker)) {
        const auto size = std::max<std::size_t>(body.size(), 64);
        reply.frame = frame_kafka_message(header + make_noise(size));
    } else if (state.take_fault(KafkaFaultKind::truncated, api, broker)) {
        reply.frame = frame_kafka_message(header + std::string(body.substr(0, body.size() / 2)));
    } else if (state.take_fault(KafkaFaultKind::huge_length, api, broker)) {
        reply.frame = "\x7F\xFF\xFF\xFF" + std::string(message);
    } else if (state.take_fault(KafkaFaultKind::cut, api, broker)) {
        reply.frame.resize(reply.frame.size() / 2);
        reply.close = true;
    }
}

KafkaReply answer_token(KafkaClusterState& state, KafkaSession& session, std::string_view token) {
    session.expects_token = false;
    session.authenticated = check_plain_token(state, token);
    if (!session.authenticated) {
        return {.close = true};
    }
    return {.frame = frame_kafka_message("")};
}

struct RequestHeader {
    std::int16_t api_key = 0;
    std::int16_t version = 0;
    std::int32_t correlation_id = 0;
};

RequestHeader read_header(WireReader& in) {
    RequestHeader header;
    header.api_key = in.read_int16();
    header.version = in.read_int16();
    header.correlation_id = in.read_int32();
    return header;
}

KafkaReply answer_readable(KafkaClusterState& state,
                           KafkaSession& session,
                           std::string_view bytes) {
    WireReader in(bytes, false);
    const auto header = read_header(in);
    const auto* known = find_kafka_api(header.api_key);
    const auto offered = known == nullptr ? std::nullopt : state.offered(*known, session.broker);
    if (!offered || !may_ask(state, session, offered->api)) {
        throw WireError("an API that is not offered");
    }
    const auto api = offered->api;
    WireWriter out(false);
    KafkaRequest request{.state = state,
                         .session = session,
                         .api = api,
                         .version = header.version,
                         .in = in,
                         .out = out};
    out.write_int32(header.correlation_id);
    if (header.version < offered->min_version || header.version > offered->max_version) {
        if (api != KafkaApi::api_versions) {
            throw WireError("a version that is not offered");
        }
        state.count_request(session.broker, api, header.version);
        answer_unsupported_api_versions(request);
    } else {
        const bool flexible = header.version >= offered->first_flexible;
        in.read_classic_nullable_string();  // client id
        in.set_flexible(flexible);
        in.skip_tags();
        if (api != KafkaApi::api_versions) {
            out.set_flexible(flexible);
            out.write_no_tags();
        }
        out.set_flexible(flexible);
        state.count_request(session.broker, api, header.version);
        if (state.take_fault(KafkaFaultKind::hang, api, session.broker)) {
            session.hung = true;
            return {};
        }
        if (state.take_fault(KafkaFaultKind::swallow, api, session.broker)) {
            return {};
        }
        // Bytes after the body are passed over, as brokers do: librdkafka 2.0.2 sends one too many
        // with ListGroups 4.
        handler_of(api)(request);
    }
    const auto message = out.take();
    KafkaReply reply{.frame = frame_kafka_message(message), .close = request.close};
    if (const auto fault = state.take_fault(KafkaFaultKind::delay, api, session.broker)) {
        reply.delay = fault->delay;
    }
    spoil_reply(state, api, session.broker, message, reply);
    return reply;
}

}  // namespace

KafkaReply answer_kafka_request(KafkaClusterState& state,
                                KafkaSession& session,
                                std::string_view request) {
    if (state.find_fault(KafkaFaultKind::silent, std::nullopt, session.broker)) {
        session.hung = true;
    }
    if (session.hung) {
        return {};
    }
    if (session.expects_token) {
        return answer_token(state, session, request);
    }
    KafkaReply reply{.close = true};
    try {
        reply = answer_readable(state, session, request);
    } catch (const WireError&) {
        // This is the broker's own answer to such a request: it hangs up.
        state.count_bad_request();
    }
    state.settle_faults();
    return reply;
}

}  // namespace caretaker::sandbox
