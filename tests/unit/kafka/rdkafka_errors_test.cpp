// SPDX-License-Identifier: Apache-2.0
// What the library's codes and texts mean, and what the user reads.
#include "common/kafka/rdkafka_errors.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

TEST(KafkaErrors, HaveAKind) {
    const std::pair<rd_kafka_resp_err_t, KafkaFailure> cases[] = {
        {RD_KAFKA_RESP_ERR_NO_ERROR, KafkaFailure::none},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, KafkaFailure::unknown_topic},
        {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, KafkaFailure::unknown_topic},
        {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, KafkaFailure::no_leader},
        {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, KafkaFailure::no_leader},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, KafkaFailure::forbidden},
        {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, KafkaFailure::forbidden},
        {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, KafkaFailure::forbidden},
        {RD_KAFKA_RESP_ERR__TIMED_OUT, KafkaFailure::timed_out},
        {RD_KAFKA_RESP_ERR__TRANSPORT, KafkaFailure::timed_out},
        {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, KafkaFailure::loading},
        {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, KafkaFailure::loading},
        {RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, KafkaFailure::loading},
        {RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, KafkaFailure::unsupported},
        {RD_KAFKA_RESP_ERR__BAD_MSG, KafkaFailure::failed},
        {RD_KAFKA_RESP_ERR_UNKNOWN, KafkaFailure::failed},
    };
    for (const auto& [code, failure] : cases) {
        EXPECT_EQ(kafka_failure(code), failure) << rd_kafka_err2name(code);
    }
}

TEST(KafkaErrors, KeepTheWordsOfTheBrokerWithoutTheLibrarysInnerNames) {
    const auto problem = kafka_problem(
        RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        "LISTCONSUMERGROUPOFFSETS worker coordinator request failed: Broker: Group authorization "
        "failed");
    EXPECT_EQ(problem.failure, KafkaFailure::forbidden);
    EXPECT_EQ(problem.text, "Broker: Group authorization failed");
    EXPECT_EQ(kafka_problem(RD_KAFKA_RESP_ERR__BAD_MSG,
                            "ListConsumerGroupOffsetsResponse response failure: Local: Bad message "
                            "format")
                  .text,
              "Local: Bad message format");
    EXPECT_EQ(kafka_problem(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
                            "Broker [1] ListConsumerGroups: Broker: Coordinator load in progress")
                  .text,
              "Broker: Coordinator load in progress");
    EXPECT_EQ(kafka_problem(RD_KAFKA_RESP_ERR__TIMED_OUT).text, "Local: Timed out");
}

TEST(KafkaErrors, AreOneLineOfSoundText) {
    EXPECT_EQ(one_line("a\r\nb\tc\x1b[0m\x7f"), "a  b c [0m ");
    EXPECT_EQ(one_line(std::string(400, 'a')), std::string(400, 'a'));
    EXPECT_EQ(one_line(std::string(401, 'a')), std::string(400, 'a') + "...");
    EXPECT_EQ(one_line(std::string(399, 'a') + "\u20ac"), std::string(399, 'a') + "...");
}

RemoteError error_for(rd_kafka_resp_err_t code,
                      std::string text,
                      std::string mechanism = "PLAIN",
                      std::int32_t version = 0x020000ff) {
    return connection_error({.servers = "k1:9092",
                             .mechanism = std::move(mechanism),
                             .cause = ConnectionCause{.code = code, .text = std::move(text)},
                             .library_version = version});
}

TEST(KafkaConnectionErrors, ShowServersCauseAndWhatToTry) {
    const struct {
        rd_kafka_resp_err_t code;
        const char* text;
        RemoteFailure failure;
        const char* hint;
    } cases[] = {
        {RD_KAFKA_RESP_ERR__TRANSPORT,
         "k1:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: Connection refused",
         RemoteFailure::unreachable,
         "check that the broker runs"},
        {RD_KAFKA_RESP_ERR__RESOLVE,
         "k1:9092/bootstrap: Failed to resolve 'k1:9092': Name or service not known",
         RemoteFailure::unreachable,
         "check the host name"},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION,
         "SASL authentication error: Authentication failed: Invalid username or password",
         RemoteFailure::denied,
         "check sasl.username and sasl.password"},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION,
         "SASL GSSAPI mechanism handshake failed: Broker: Unsupported SASL mechanism: broker's "
         "supported mechanisms: PLAIN",
         RemoteFailure::denied,
         "check security.protocol and sasl.mechanism"},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION,
         "SaslAuthenticateRequest failed: Local: Broker transport failure",
         RemoteFailure::unreachable,
         "check bootstrap.servers"},
        {RD_KAFKA_RESP_ERR__SSL,
         "SSL handshake failed: error:0A000086:SSL routines::certificate verify failed",
         RemoteFailure::denied,
         "check ssl.ca.location"},
        {RD_KAFKA_RESP_ERR__SSL,
         "SSL handshake failed: error:0A000412:SSL routines::sslv3 alert bad certificate",
         RemoteFailure::denied,
         "check ssl.certificate.location"},
        {RD_KAFKA_RESP_ERR__SSL,
         "SSL handshake failed: wrong version number: connecting to a PLAINTEXT broker listener?",
         RemoteFailure::unreachable,
         "check security.protocol and the port"},
        {RD_KAFKA_RESP_ERR__TRANSPORT,
         "Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol "
         "configuration (connecting to a SSL listener?) or broker version is < 0.10",
         RemoteFailure::unreachable,
         "another security.protocol"},
        {RD_KAFKA_RESP_ERR__TRANSPORT,
         "ApiVersionRequest failed: Local: Timed out",
         RemoteFailure::unreachable,
         "older than 0.10"},
    };

    for (const auto& row : cases) {
        const auto error = error_for(row.code, row.text);
        const std::string message = error.what();
        EXPECT_EQ(error.failure(), row.failure) << row.text;
        EXPECT_NE(message.find("k1:9092: "), std::string::npos) << message;
        EXPECT_NE(message.find(row.text), std::string::npos) << message;
        EXPECT_NE(message.find(row.hint), std::string::npos) << message;
    }
}

TEST(KafkaConnectionErrors, GuessWhenTheBrokerSaidNothing) {
    const auto error = connection_error({.servers = "k1:9092"});
    EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
    EXPECT_EQ(error.code(), "kafka_unreachable");
    EXPECT_NE(std::string(error.what()).find("connected, but no answer"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("security.protocol"), std::string::npos);
}

TEST(KafkaConnectionErrors, NameTheScramFaultOfOldLibrariesAndOnlyOfThose) {
    constexpr auto code = RD_KAFKA_RESP_ERR__AUTHENTICATION;
    const auto has_fault = [](const RemoteError& error) {
        return std::string(error.what()).find("fixed in 2.6.1") != std::string::npos;
    };
    const std::string refused = "SASL authentication error: invalid credentials";
    EXPECT_TRUE(has_fault(error_for(code, refused, "SCRAM-SHA-256", 0x020000ff)));
    EXPECT_TRUE(has_fault(error_for(code, refused, "SCRAM-SHA-512", 0x020600ff)));
    EXPECT_FALSE(has_fault(error_for(code, refused, "SCRAM-SHA-512", 0x020601ff)));
    EXPECT_FALSE(has_fault(error_for(code, refused, "PLAIN", 0x020000ff)));
    EXPECT_FALSE(has_fault(error_for(
        code, "SASL SCRAM-SHA-256 mechanism handshake failed: Unsupported", "SCRAM-SHA-256")));
}

}  // namespace
}  // namespace caretaker
