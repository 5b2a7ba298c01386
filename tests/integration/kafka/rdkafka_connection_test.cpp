// SPDX-License-Identifier: Apache-2.0
// Connecting to brokers that are absent, silent, strange or refuse us: what the user is told, and
// when.
#include "common/base/error.hpp"
#include "tests/integration/kafka/kafka_answers.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using Properties = std::vector<std::pair<std::string, std::string>>;

/// A limit that no test reaches: who waits for it has not understood the cause.
constexpr std::chrono::milliseconds never = 10min;

struct Failure {
    ExitCode exit_code = ExitCode::ok;
    std::string code{};
    std::string message{};
};

/// How the first metadata failed.
Failure failure_of(const Properties& properties, std::chrono::milliseconds timeout = never) {
    const StopSignal stop;
    ConnectionCloser closer;
    TopicNames names;
    const auto client =
        make_rdkafka_client({.properties = properties, .connect_timeout = timeout}, stop, closer);
    try {
        client->fetch_metadata(names);
    } catch (const Error& error) {
        return {.exit_code = error.exit_code(), .code = error.code(), .message = error.what()};
    }
    return {};
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(KafkaConnection, IsMadeOnFirstUse) {
    const StopSignal stop;
    ConnectionCloser closer;
    EXPECT_NO_THROW(make_rdkafka_client({}, stop, closer));
}

TEST(KafkaConnection, NamesTheFileThatCannotBeRead) {
    for (const char* key : {"ssl.ca.location",
                            "ssl.certificate.location",
                            "ssl.key.location",
                            "ssl.keystore.location",
                            "ssl.crl.location",
                            "sasl.kerberos.keytab"}) {
        const auto failure =
            failure_of({{"bootstrap.servers", "127.0.0.1:1"}, {key, "/nowhere/file"}});
        EXPECT_EQ(failure.exit_code, ExitCode::usage) << key;
        EXPECT_EQ(failure.message,
                  std::string("Kafka property '") + key +
                      "': /nowhere/file cannot be read: No such file or directory; check the path "
                      "and its permissions");
    }
}

TEST(KafkaConnection, LooksForAuthoritiesInTheUsualPlaces) {
    const auto failure = failure_of({{"bootstrap.servers", "127.0.0.1:1"},
                                     {"security.protocol", "SSL"},
                                     {"ssl.ca.location", "probe"}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable) << failure.message;
}

TEST(KafkaConnection, ToAClosedPortFailsAfterAShortGraceAndNamesIt) {
    const auto server = "127.0.0.1:" + std::to_string(free_tcp_port());
    const auto failure = failure_of({{"bootstrap.servers", server}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    EXPECT_EQ(failure.code, "kafka_unreachable");
    EXPECT_TRUE(has(failure.message, "Kafka at " + server)) << failure.message;
    EXPECT_TRUE(has(failure.message, "Connection refused")) << failure.message;
}

TEST(KafkaConnection, ToAnUnknownNameFailsAfterAShortGraceAndNamesIt) {
    const auto failure = failure_of({{"bootstrap.servers", "no..such..name:9092"}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    EXPECT_TRUE(has(failure.message, "no..such..name:9092")) << failure.message;
    EXPECT_TRUE(has(failure.message, "check the host name")) << failure.message;
}

TEST(KafkaConnection, SurvivesABrokerThatComesUpWithinTheGrace) {
    sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    cluster.set_fault("dead:broker=0");
    auto options = options_for(cluster);
    std::thread later([&] {
        // Not a synchronisation: any moment within the grace will do.
        std::this_thread::sleep_for(300ms);
        cluster.clear_faults();
    });
    EXPECT_NO_THROW(Connected{options});
    later.join();
}

TEST(KafkaConnection, ToAPortThatNeverAnswersEndsAtTheDeadlineWithAHint) {
    sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    cluster.set_fault("silent:broker=0");
    const auto failure = failure_of({{"bootstrap.servers", cluster.bootstrap_servers()}}, 700ms);
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    EXPECT_TRUE(has(failure.message, "connected, but no answer")) << failure.message;
    EXPECT_TRUE(has(failure.message, "security.protocol")) << failure.message;
}

TEST(KafkaConnection, ToAPortThatNeverAnswersGivesTheLibrarysReasonOnceItHasOne) {
    sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    cluster.set_fault("silent:broker=0");
    const auto failure = failure_of({{"bootstrap.servers", cluster.bootstrap_servers()},
                                     {"api.version.request.timeout.ms", "300"}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    EXPECT_TRUE(has(failure.message, "ApiVersion")) << failure.message;
    EXPECT_TRUE(has(failure.message, "older than 0.10")) << failure.message;
}

TEST(KafkaConnection, WaitsForABrokerThatIsSlowerThanOneSlice) {
    sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    cluster.set_fault("delay:ms=700,api=Metadata");
    const Connected client(options_for(cluster));
    EXPECT_EQ(client.metadata().topics.size(), 2U);
}

TEST(KafkaConnection, WithAWrongPasswordIsDeniedAtOnce) {
    auto scenario = make_small_scenario();
    scenario.sasl = {.user = "reader", .password = "right"};
    const sandbox::FakeKafkaCluster cluster(scenario, 1);
    const Properties login = {{"bootstrap.servers", cluster.bootstrap_servers()},
                              {"security.protocol", "SASL_PLAINTEXT"},
                              {"sasl.mechanism", "PLAIN"},
                              {"sasl.username", "reader"}};
    auto wrong = login;
    wrong.emplace_back("sasl.password", "hunter2");
    const auto failure = failure_of(wrong);
    EXPECT_EQ(failure.exit_code, ExitCode::denied);
    EXPECT_EQ(failure.code, "kafka_denied");
    EXPECT_TRUE(has(failure.message, "check sasl.username and sasl.password")) << failure.message;
    EXPECT_FALSE(has(failure.message, "hunter2")) << failure.message;

    auto right = login;
    right.emplace_back("sasl.password", "right");
    EXPECT_EQ(failure_of(right).message, "");
}

TEST(KafkaConnection, WithAMechanismThatTheBrokerLacksIsDeniedAndListsItsOwn) {
    auto scenario = make_small_scenario();
    scenario.sasl = {.user = "reader", .password = "right"};
    const sandbox::FakeKafkaCluster cluster(scenario, 1);
    const auto failure = failure_of({{"bootstrap.servers", cluster.bootstrap_servers()},
                                     {"security.protocol", "SASL_PLAINTEXT"},
                                     {"sasl.mechanism", "SCRAM-SHA-256"},
                                     {"sasl.username", "reader"},
                                     {"sasl.password", "right"}});
    EXPECT_EQ(failure.exit_code, ExitCode::denied);
    EXPECT_TRUE(has(failure.message, "PLAIN")) << failure.message;
    EXPECT_TRUE(has(failure.message, "check security.protocol and sasl.mechanism"))
        << failure.message;
}

TEST(KafkaConnection, RefusesPropertiesBeforeItConnects) {
    const struct {
        Properties properties;
        std::string_view message;
    } cases[] = {
        {{}, "'bootstrap.servers': no broker is named"},
        {{{"bootstrap.servers", "h:1,h:99999"}}, "'h:99999': the port is a number"},
        {{{"bootstrap.servers", ""}}, "bootstrap.servers"},
        {{{"bootstrap.servers", "h:1"}, {"no.such.key", "1"}}, "'no.such.key'"},
        {{{"bootstrap.servers", "h:1"}, {"security.protocol", "TLS"}}, "'security.protocol'"},
        {{{"bootstrap.servers", "h:1"}, {"socket.timeout.ms", "-5"}}, "'socket.timeout.ms'"},
        {{{"bootstrap.servers", "h:1"}, {"group.id", ""}}, "'group.id': must not be empty"},
        {{{"bootstrap.servers", "h:1"},
          {"security.protocol", "SASL_PLAINTEXT"},
          {"sasl.mechanism", "PLAIN"}},
         "'sasl.username': sasl.mechanism=PLAIN needs it; write sasl.username="},
        {{{"bootstrap.servers", "h:1"},
          {"security.protocol", "SASL_SSL"},
          {"sasl.mechanism", "SCRAM-SHA-512"},
          {"sasl.username", "u"}},
         "'sasl.password': sasl.mechanism=SCRAM-SHA-512 needs it"},
        {{{"bootstrap.servers", "h:1"},
          {"security.protocol", "SASL_SSL"},
          {"sasl.mechanism", "plain"}},
         "there is no mechanism 'plain'; write one of GSSAPI, PLAIN, SCRAM-SHA-256"},
        {{{"bootstrap.servers", "h:1"}, {"security.protocol", "SASL_SSL"}},
         "'sasl.kerberos.keytab': sasl.mechanism=GSSAPI, which is also the default, needs it"},
        {{{"bootstrap.servers", "h:1"}, {"receive.message.max.bytes", "1000000"}},
         "'receive.message.max.bytes': 1000000 is too small for fetch.max.bytes; write at least "
         "52429312"},
        {{{"bootstrap.servers", "h:1"}, {"fetch.max.bytes", "1000"}},
         "'fetch.max.bytes': 1000 is less than message.max.bytes; write at least 1000000"},
        {{{"bootstrap.servers", "h:1"},
          {"security.protocol", "SSL"},
          {"ssl.ca.location", "/no/such/ca.pem"}},
         "ssl.ca.location"},
    };

    for (const auto& row : cases) {
        const auto failure = failure_of(row.properties);
        EXPECT_EQ(failure.exit_code, ExitCode::usage) << row.message;
        EXPECT_TRUE(has(failure.message, row.message)) << failure.message;
    }
}

TEST(KafkaConnection, NeverShowsTheValueOfASecretThatTheLibraryRefuses) {
    const auto failure = failure_of(
        {{"bootstrap.servers", "h:1"}, {"security.protocol", "SSL"}, {"ssl.key.pem", "hunter2"}});
    EXPECT_EQ(failure.exit_code, ExitCode::usage);
    EXPECT_FALSE(has(failure.message, "hunter2")) << failure.message;
}

TEST(KafkaConnection, IgnoresPropertiesThatWouldMakeItCommit) {
    const sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    auto options = options_for(cluster);
    options.properties.emplace_back("enable.auto.commit", "true");
    options.properties.emplace_back("group.id", "classic");
    Connected client(options);
    EXPECT_EQ(client.committed("classic").offsets.size(), 4U);
    EXPECT_EQ(cluster.bad_requests(), 0U);  // neither JoinGroup nor OffsetCommit
}

TEST(KafkaConnection, EndsSoonAfterAStopRequest) {
    sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    cluster.set_fault("hang:api=Metadata");
    StopSignal stop;
    ConnectionCloser closer;
    TopicNames names;
    auto options = options_for(cluster);
    options.connect_timeout = never;
    const auto client = make_rdkafka_client(options, stop, closer);
    std::thread asker([&] {
        while (cluster.requests(sandbox::KafkaApi::metadata) == 0) {
            std::this_thread::yield();
        }
        stop.request(SIGTERM);
    });
    EXPECT_THROW(client->fetch_metadata(names), Interrupted);
    asker.join();
}

TEST(KafkaConnection, SurvivesAnswersThatAreNone) {
    for (const std::string fault : {"garbage", "truncated", "huge-length", "cut"}) {
        for (const std::string api : {"ApiVersions", "Metadata"}) {
            sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
            cluster.set_fault(fault + ":api=" + api);
            const auto failure =
                failure_of({{"bootstrap.servers", cluster.bootstrap_servers()}}, 500ms);
            EXPECT_EQ(failure.exit_code, ExitCode::unreachable) << fault << " " << api;
        }
    }
}

/// A listener that speaks TLS with a certificate of its own making: `openssl s_server`.
class TlsListener {
 public:
    TlsListener() {
        const auto made = run_command({.argv = {"openssl",
                                                "req",
                                                "-x509",
                                                "-newkey",
                                                "rsa:2048",
                                                "-nodes",
                                                "-keyout",
                                                key(),
                                                "-out",
                                                certificate(),
                                                "-days",
                                                "2",
                                                "-subj",
                                                "/CN=localhost",
                                                "-addext",
                                                "subjectAltName=IP:127.0.0.1"}});
        EXPECT_EQ(made.status.code, 0) << made.err;
        server_.emplace(Command{.argv = {"openssl",
                                         "s_server",
                                         "-accept",
                                         address(),
                                         "-key",
                                         key(),
                                         "-cert",
                                         certificate(),
                                         "-quiet"}});
    }

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    [[nodiscard]] std::string key() const { return directory_.file("key.pem"); }

    [[nodiscard]] std::string certificate() const { return directory_.file("certificate.pem"); }

 private:
    TempDir directory_;
    std::uint16_t port_ = free_tcp_port();
    std::optional<ChildProcess> server_;
};

bool has_openssl() {
    return std::filesystem::exists("/usr/bin/openssl");
}

TEST(KafkaConnection, ToABrokerWhoseCertificateIsNotTrustedIsDenied) {
    if (!has_openssl()) {
        GTEST_SKIP() << "needs the openssl program";
    }
    const TlsListener listener;
    const TempDir other;
    const auto ca = other.file("ca.pem");
    ASSERT_EQ(run_command({.argv = {"openssl",
                                    "req",
                                    "-x509",
                                    "-newkey",
                                    "rsa:2048",
                                    "-nodes",
                                    "-keyout",
                                    other.file("key.pem"),
                                    "-out",
                                    ca,
                                    "-days",
                                    "2",
                                    "-subj",
                                    "/CN=other"}})
                  .status.code,
              0);
    // Refused connections while the listener starts are part of the grace.
    const auto failure = failure_of({{"bootstrap.servers", listener.address()},
                                     {"security.protocol", "SSL"},
                                     {"ssl.ca.location", ca}});
    EXPECT_EQ(failure.exit_code, ExitCode::denied) << failure.message;
    EXPECT_TRUE(has(failure.message, "certificate verify failed")) << failure.message;
    EXPECT_TRUE(has(failure.message, "check ssl.ca.location")) << failure.message;
}

TEST(KafkaConnection, ToATrustedBrokerIsNotDenied) {
    if (!has_openssl()) {
        GTEST_SKIP() << "needs the openssl program";
    }
    const TlsListener listener;
    const auto failure = failure_of({{"bootstrap.servers", listener.address()},
                                     {"security.protocol", "SSL"},
                                     {"ssl.ca.location", listener.certificate()}},
                                    1500ms);
    // The listener is no broker, but nothing is wrong with its certificate.
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable) << failure.message;
}

TEST(KafkaConnection, InTheClearToATlsPortPassesTheLibrarysGuessOn) {
    if (!has_openssl()) {
        GTEST_SKIP() << "needs the openssl program";
    }
    const TlsListener listener;
    const auto failure = failure_of({{"bootstrap.servers", listener.address()}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    EXPECT_TRUE(has(failure.message, "connecting to a SSL listener?")) << failure.message;
}

TEST(KafkaConnection, ByTlsToAPortInTheClearSaysThatTheHandshakeFailed) {
    const sandbox::FakeKafkaCluster cluster(make_small_scenario(), 1);
    const auto failure = failure_of(
        {{"bootstrap.servers", cluster.bootstrap_servers()}, {"security.protocol", "SSL"}});
    EXPECT_EQ(failure.exit_code, ExitCode::unreachable);
    // OpenSSL words the end of the handshake in more than one way.
    EXPECT_TRUE(has(failure.message, "SSL")) << failure.message;
    EXPECT_TRUE(has(failure.message, "check security.protocol")) << failure.message;
}

TEST(KafkaLibraryVersion, NamesVersionAndFeatures) {
    const auto version = kafka_library_version();
    EXPECT_TRUE(version.starts_with("librdkafka ")) << version;
    EXPECT_TRUE(has(version, "ssl")) << version;
}

}  // namespace
}  // namespace caretaker::testing
