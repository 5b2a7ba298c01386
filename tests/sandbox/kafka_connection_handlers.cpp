// SPDX-License-Identifier: Apache-2.0
// The answers that a connection begins with: ApiVersions, SaslHandshake, SaslAuthenticate.
#include "tests/sandbox/kafka_handlers.hpp"

namespace caretaker::sandbox {

namespace {

constexpr std::string_view plain = "PLAIN";

void write_offered_apis(KafkaRequest& request) {
    std::vector<KafkaApiInfo> apis;
    for (const auto& info : kafka_apis()) {
        if (const auto offered = request.state.offered(info, request.session.broker)) {
            apis.push_back(*offered);
        }
    }
    request.out.write_array_length(apis.size());
    for (const auto& info : apis) {
        request.out.write_int16(static_cast<std::int16_t>(info.api));
        request.out.write_int16(info.min_version);
        request.out.write_int16(info.max_version);
        request.out.write_no_tags();
    }
}

}  // namespace

void answer_api_versions(KafkaRequest& request) {
    if (request.version >= 3) {
        request.in.read_string();  // client software name
        request.in.read_string();  // and version
        request.in.skip_tags();
    }
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    request.out.write_int16(errors.of_answer());
    write_offered_apis(request);
    if (request.version >= 1) {
        request.out.write_int32(0);  // throttle time
    }
    request.out.write_no_tags();
}

void answer_unsupported_api_versions(KafkaRequest& request) {
    request.out.write_int16(kafka_error::unsupported_version);
    write_offered_apis(request);
}

void answer_sasl_handshake(KafkaRequest& request) {
    const auto mechanism = request.in.read_string();
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    auto error = errors.of_answer();
    if (!request.state.scenario().sasl) {
        error = kafka_error::illegal_sasl_state;
    } else if (mechanism != plain) {
        error = kafka_error::unsupported_sasl_mechanism;
    }
    request.session.expects_token = error == kafka_error::none && request.version == 0;
    request.out.write_int16(error);
    request.out.write_array_length(1);
    request.out.write_string(plain);
    request.close = error != kafka_error::none;
}

void answer_sasl_authenticate(KafkaRequest& request) {
    const auto token = request.in.read_bytes();
    request.in.skip_tags();
    KafkaClusterState::Errors errors(request.state, request.api, request.session.broker);
    auto error = errors.of_answer();
    if (!request.state.scenario().sasl) {
        error = kafka_error::illegal_sasl_state;
    } else if (!check_plain_token(request.state, token)) {
        error = kafka_error::sasl_authentication_failed;
    }
    request.session.authenticated = error == kafka_error::none;
    request.close = error != kafka_error::none;
    request.out.write_int16(error);
    if (request.session.authenticated) {
        request.out.write_nullable_string(std::nullopt);
    } else {
        request.out.write_string("Authentication failed: Invalid username or password");
    }
    request.out.write_bytes("");
    if (request.version >= 1) {
        request.out.write_int64(0);  // session lifetime
    }
    request.out.write_no_tags();
}

bool check_plain_token(const KafkaClusterState& state, std::string_view token) {
    const auto& sasl = state.scenario().sasl;
    const auto user_at = token.find('\0');
    if (!sasl || user_at == std::string_view::npos) {
        return false;
    }
    const auto credentials = token.substr(user_at + 1);
    return credentials == sasl->user + std::string(1, '\0') + sasl->password;
}

}  // namespace caretaker::sandbox
