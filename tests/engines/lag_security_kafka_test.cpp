// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against a real broker that lets in whom it knows, by each way that it may know
// somebody, and shows what they may see.
#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/kafka_server.hpp"
#include "tests/engines/lag_kafka_fixture.hpp"
#include "tests/engines/tls_files.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {
namespace {

struct Login {
    std::string mechanism{};
    std::string_view user{};
    std::string_view password{};
};

/// librdkafka before 2.6.1 cannot log in by SCRAM to Kafka 4: it repeats a nonce that may not be.
Login login_for(std::string_view version) {
    return version.starts_with("3.") ? Login{"SCRAM-SHA-256", scram_user, scram_password}
                                     : Login{"PLAIN", plain_user, plain_password};
}

TEST_P(LagKafka, LogsInOverTlsAndReadsWhatTheUserMayDescribe) {
    const auto [mechanism, user, password] = login_for(GetParam());
    make_small_group("secured", "secured-topic");
    data().allow_describe(std::string(user), RD_KAFKA_RESOURCE_GROUP, "secured");
    data().allow_describe(std::string(user), RD_KAFKA_RESOURCE_TOPIC, "secured-topic");

    const CaretakerRun right = run_secured_lag(mechanism, user, password, {"--group", "secured"});
    ASSERT_EQ(right.exit_code, 0) << right.err;
    const rapidjson::Document json = right.json();
    EXPECT_EQ(json_integer(only_row(json), "lag"), 6);

    const CaretakerRun wrong = run_secured_lag(mechanism, user, "wrong", {"--group", "secured"});
    EXPECT_EQ(wrong.exit_code, 10) << wrong.err;
    EXPECT_EQ(wrong.err.find("wrong\n"), std::string::npos)
        << "the password is told: " << wrong.err;
}

TEST_P(LagKafka, RefusesACertificateThatNobodyTrusts) {
    const CaretakerRun run = run_caretaker(
        lag_arguments(server().secured_bootstrap_servers(), {"-X", "security.protocol=SSL"}));
    EXPECT_EQ(run.exit_code, 10) << run.err;
    EXPECT_NE(run.err.find("ssl.ca.location"), std::string::npos) << run.err;
}

TEST_P(LagKafka, CallsATlsPortUnreachableWithoutTls) {
    const CaretakerRun run = run_caretaker(lag_arguments(server().secured_bootstrap_servers()));
    EXPECT_EQ(run.exit_code, 7) << run.err;
    EXPECT_NE(run.err.find("security.protocol"), std::string::npos) << run.err;
}

TEST_P(LagKafka, CallsAPlainPortUnreachableWithTls) {
    const CaretakerRun run = run_lag({"-X", "security.protocol=SSL"});
    EXPECT_EQ(run.exit_code, 7) << run.err;
    EXPECT_NE(run.err.find("security.protocol"), std::string::npos) << run.err;
}

TEST_P(LagKafka, ReadsAllowedGroupsAndEndsAsPartialWhenOthersAreForbidden) {
    const auto [mechanism, user, password] = login_for(GetParam());
    make_small_group("allowed", "allowed-topic");
    make_small_group("forbidden", "forbidden-topic");
    data().allow_describe(std::string(user), RD_KAFKA_RESOURCE_GROUP, "allowed");
    data().allow_describe(std::string(user), RD_KAFKA_RESOURCE_TOPIC, "allowed-topic");

    const CaretakerRun both =
        run_secured_lag(mechanism, user, password, {"--group", "allowed", "--group", "forbidden"});
    EXPECT_EQ(both.exit_code, 3) << both.err;
    const rapidjson::Document json = both.json();
    EXPECT_EQ(rows_of(json).at({"allowed", "allowed-topic", 0}).lag, 6);
    EXPECT_GE(json_array(json, "errors").Size(), 1U);

    const CaretakerRun only_forbidden =
        run_secured_lag(mechanism, user, password, {"--group", "forbidden"});
    EXPECT_EQ(only_forbidden.exit_code, 10) << only_forbidden.err;
}

/// For the broker's listener that wants a certificate.
std::string certified(const TlsFiles& files, const std::string& more) {
    return fmt::format(
        "security.protocol=SSL\nssl.ca.location={}\n{}", files.authority.string(), more);
}

TEST_P(LagKafka, LogsInByACertificate) {
    make_small_group("certified-group", "certified-topic");
    data().allow_describe(std::string(certified_user), RD_KAFKA_RESOURCE_GROUP, "certified-group");
    data().allow_describe(std::string(certified_user), RD_KAFKA_RESOURCE_TOPIC, "certified-topic");
    const TlsFiles& files = server().certificates();
    const CaretakerRun run =
        run_lag_with(server().certified_bootstrap_servers(),
                     certified(files,
                               fmt::format("ssl.certificate.location={}\nssl.key.location={}\n",
                                           files.client_certificate.string(),
                                           files.client_key.string())),
                     {"--group", "certified-group"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const rapidjson::Document json = run.json();
    EXPECT_EQ(json_integer(only_row(json), "lag"), 6);
}

TEST_P(LagKafka, SaysThatABrokerWantsACertificate) {
    const CaretakerRun run = run_lag_with(server().certified_bootstrap_servers(),
                                          certified(server().certificates(), ""));
    EXPECT_EQ(run.exit_code, 10) << run.err;
    EXPECT_NE(run.err.find("ssl.certificate.location"), std::string::npos) << run.err;
}

TEST_P(LagKafka, SaysWhichKeyFileCannotBeRead) {
    const TlsFiles& files = server().certificates();
    const CaretakerRun run = run_lag_with(
        server().certified_bootstrap_servers(),
        certified(files,
                  fmt::format("ssl.certificate.location={}\nssl.key.location=/nowhere/a.key\n",
                              files.client_certificate.string())));
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_NE(run.err.find("/nowhere/a.key"), std::string::npos) << run.err;
}

TEST_P(LagKafka, LogsInByATokenThatItMakesItself) {
    make_small_group("token-group", "token-topic");
    data().allow_describe("token-user", RD_KAFKA_RESOURCE_GROUP, "token-group");
    data().allow_describe("token-user", RD_KAFKA_RESOURCE_TOPIC, "token-topic");
    const std::string login =
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
        "enable.sasl.oauthbearer.unsecure.jwt=true\n";
    const CaretakerRun right =
        run_lag_with(server().token_bootstrap_servers(),
                     login + "sasl.oauthbearer.config=principal=token-user\n",
                     {"--group", "token-group"});
    ASSERT_EQ(right.exit_code, 0) << right.err;
    const rapidjson::Document json = right.json();
    EXPECT_EQ(json_integer(only_row(json), "lag"), 6);

    const CaretakerRun nobody =
        run_lag_with(server().token_bootstrap_servers(), login, {"--group", "token-group"});
    EXPECT_EQ(nobody.exit_code, 10) << nobody.err;
    EXPECT_NE(nobody.err.find("sasl.oauthbearer.config"), std::string::npos) << nobody.err;
}

}  // namespace
}  // namespace caretaker::testing
