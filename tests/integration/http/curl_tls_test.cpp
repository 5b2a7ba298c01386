// SPDX-License-Identifier: Apache-2.0
// Verification of servers, against openssl's own test server.
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/spawn.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace caretaker {
namespace {

using std::chrono::seconds;

class CurlTls : public ::testing::Test {
 protected:
    void SetUp() override {
        if (!testing::find_program("openssl")) {
            GTEST_SKIP() << "openssl is not installed";
        }
    }

    /// A server whose certificate is its own CA, for `name` (as subjectAltName says it).
    void start(const std::string& name, const std::string& days = "2") {
        key_ = dir_.file("key.pem");
        certificate_ = dir_.file("cert.pem");
        testing::run_command({.argv = {"openssl",
                                       "req",
                                       "-x509",
                                       "-newkey",
                                       "ec",
                                       "-pkeyopt",
                                       "ec_paramgen_curve:prime256v1",
                                       "-nodes",
                                       "-keyout",
                                       key_,
                                       "-out",
                                       certificate_,
                                       "-days",
                                       days,
                                       "-subj",
                                       "/O=Log Platform/CN=es-test",
                                       "-addext",
                                       "subjectAltName=" + name}});
        port_ = testing::free_tcp_port();
        server_.emplace(testing::Command{.argv = {"openssl",
                                                  "s_server",
                                                  "-accept",
                                                  fmt::format("127.0.0.1:{}", port_),
                                                  "-key",
                                                  key_,
                                                  "-cert",
                                                  certificate_,
                                                  "-www"}});
        ASSERT_TRUE(server_->wait_for_output("ACCEPT", seconds(20))) << server_->err();
    }

    HttpResponse get(const HttpOptions& options) {
        return make_curl_http(options, stop_)
            ->send({.url = fmt::format("https://127.0.0.1:{}/", port_)});
    }

    std::string refusal_of(const HttpOptions& options) {
        try {
            get(options);
        } catch (const RemoteError& error) {
            EXPECT_EQ(error.failure(), RemoteFailure::denied) << error.what();
            EXPECT_EQ(error.exit_code(), ExitCode::denied);
            EXPECT_EQ(error.code(), "tls_verification");
            return error.what();
        }
        return "no refusal";
    }

    TempDir dir_{};
    StopSignal stop_{};
    std::string key_{};
    std::string certificate_{};
    std::uint16_t port_ = 0;
    std::optional<testing::ChildProcess> server_{};
};

TEST_F(CurlTls, AcceptsACertificateOfTheGivenCa) {
    start("IP:127.0.0.1");
    EXPECT_EQ(get({.ca_file = certificate_, .proxy = "none"}).status, 200);
}

TEST_F(CurlTls, RefusesAnUnknownCertificateAndNamesIt) {
    start("IP:127.0.0.1");
    const std::string message = refusal_of({.service = "elasticsearch", .proxy = "none"});
    EXPECT_NE(message.find("self-signed"), std::string::npos) << message;
    EXPECT_NE(message.find("subject "), std::string::npos) << message;
    EXPECT_NE(message.find("issuer "), std::string::npos) << message;
    EXPECT_NE(message.find("es-test"), std::string::npos) << message;
    EXPECT_NE(message.find("ca_file"), std::string::npos) << message;
}

TEST_F(CurlTls, RefusesACertificateForAnotherName) {
    start("DNS:es-other");
    const std::string message = refusal_of({.ca_file = certificate_, .proxy = "none"});
    EXPECT_NE(message.find("host name"), std::string::npos) << message;
}

TEST_F(CurlTls, AcceptsAnyCertificateWhenTold) {
    start("DNS:es-other");
    EXPECT_EQ(get({.insecure = true, .proxy = "none"}).status, 200);
}

TEST_F(CurlTls, AsksForHttpWhereTheServerSpeaksNoTls) {
    const FakeServer plain;
    port_ = plain.port();
    try {
        get({.proxy = "none"});
        FAIL() << "a plain server passed for a TLS one";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.code(), "not_tls") << error.what();
        EXPECT_NE(std::string(error.what()).find("http instead of https"), std::string::npos)
            << error.what();
    }
}

TEST_F(CurlTls, NamesACaFileThatDoesNotExist) {
    start("IP:127.0.0.1");
    try {
        get({.ca_file = "/nonexistent/ca.pem", .proxy = "none"});
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::denied);
        EXPECT_NE(std::string(error.what()).find("/nonexistent/ca.pem"), std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace caretaker
