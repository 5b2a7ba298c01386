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

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

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

    /// A key and a certificate that is its own CA, for `name` (as subjectAltName says it) and so
    /// many days; negative ones have passed.
    void make_certificate(const std::string& stem, const std::string& name, int days) {
        const std::string request = dir_.file(stem + ".csr");
        testing::run_command({.argv = {"openssl",
                                       "req",
                                       "-newkey",
                                       "ec",
                                       "-pkeyopt",
                                       "ec_paramgen_curve:prime256v1",
                                       "-nodes",
                                       "-keyout",
                                       dir_.file(stem + ".key"),
                                       "-out",
                                       request,
                                       "-subj",
                                       "/O=Log Platform/CN=es-test"}});
        // `openssl x509 -days` takes no negative number since 3.5; `openssl ca` takes any two
        // times.
        const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
        const auto end = now + std::chrono::days(days);
        const auto begin = std::min(now, end - std::chrono::days(1));
        const auto signed_one = testing::run_command({.argv = {"openssl",
                                                               "ca",
                                                               "-batch",
                                                               "-notext",
                                                               "-selfsign",
                                                               "-config",
                                                               write_authority(stem, name),
                                                               "-keyfile",
                                                               dir_.file(stem + ".key"),
                                                               "-in",
                                                               request,
                                                               "-out",
                                                               dir_.file(stem + ".pem"),
                                                               "-startdate",
                                                               asn1_time(begin),
                                                               "-enddate",
                                                               asn1_time(end)}});
        ASSERT_EQ(signed_one.status.code, 0) << signed_one.err;
    }

    /// The configuration that `openssl ca` wants, and its list of what it has signed.
    std::string write_authority(const std::string& stem, const std::string& name) {
        const std::string configuration = dir_.file(stem + ".cnf");
        const std::string list = dir_.file(stem + ".index");
        std::ofstream(list).close();
        std::ofstream(configuration) << "[ca]\ndefault_ca = self\n[self]\ndatabase = " << list
                                     << "\nnew_certs_dir = " << dir_.path().native()
                                     << "\nrand_serial = yes\ndefault_md = sha256\n"
                                        "policy = any\nx509_extensions = names\n"
                                        "[any]\norganizationName = optional\n"
                                        "commonName = supplied\n[names]\nsubjectAltName = "
                                     << name << "\n";
        return configuration;
    }

    static std::string asn1_time(std::chrono::sys_seconds time) {
        const auto day = std::chrono::floor<std::chrono::days>(time);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss clock(time - day);
        return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z",
                           static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()),
                           clock.hours().count(),
                           clock.minutes().count(),
                           clock.seconds().count());
    }

    /// A server with such a certificate.
    void start(const std::string& name,
               int days = 2,
               const std::vector<std::string>& more_options = {}) {
        make_certificate("server", name, days);
        certificate_ = dir_.file("server.pem");
        port_ = testing::free_tcp_port();
        std::vector<std::string> argv{"openssl",
                                      "s_server",
                                      "-accept",
                                      fmt::format("127.0.0.1:{}", port_),
                                      "-key",
                                      dir_.file("server.key"),
                                      "-cert",
                                      certificate_,
                                      "-www"};
        argv.insert(argv.end(), more_options.begin(), more_options.end());
        server_.emplace(testing::Command{.argv = argv});
        ASSERT_TRUE(server_->wait_for_output("ACCEPT", seconds(20))) << server_->err();
    }

    HttpResponse get(const HttpOptions& options) {
        return make_curl_http(options, stop_)
            ->send({.url = fmt::format("https://127.0.0.1:{}/", port_)});
    }

    HttpError refusal_of(const HttpOptions& options) {
        try {
            get(options);
        } catch (const HttpError& error) {
            EXPECT_EQ(error.failure(), RemoteFailure::denied) << error.what();
            EXPECT_EQ(error.exit_code(), ExitCode::denied);
            EXPECT_EQ(error.fault(), HttpFault::tls);
            return error;
        }
        throw std::logic_error("no refusal");
    }

    static bool says(const HttpError& error, std::string_view text) {
        return std::string_view(error.what()).find(text) != std::string_view::npos;
    }

    TempDir dir_{};
    StopSignal stop_{};
    std::string certificate_{};
    std::uint16_t port_ = 0;
    std::optional<testing::ChildProcess> server_{};
};

TEST_F(CurlTls, AcceptsACertificateOfTheGivenCaAndShowsIt) {
    start("IP:127.0.0.1", 10);
    const HttpResponse response = get({.ca_file = certificate_, .proxy = "none"});
    EXPECT_EQ(response.status, 200);
    ASSERT_TRUE(response.certificate);
    EXPECT_NE(response.certificate->subject.find("es-test"), std::string::npos);
    ASSERT_TRUE(response.certificate->ends_at);
    const auto left = *response.certificate->ends_at - std::chrono::system_clock::now();
    EXPECT_GT(left, std::chrono::days(9));
    EXPECT_LE(left, std::chrono::days(10));
}

TEST_F(CurlTls, RefusesAnUnknownCertificateAndNamesIt) {
    start("IP:127.0.0.1");
    const HttpError error = refusal_of({.service = "elasticsearch", .proxy = "none"});
    EXPECT_EQ(error.code(), "tls_unknown_ca");
    for (const char* words : {"self-signed", "subject ", "issuer ", "es-test", "ca_file"}) {
        EXPECT_TRUE(says(error, words)) << error.what();
    }
}

TEST_F(CurlTls, TrustsNoOtherAuthoritiesThanThoseGiven) {
    start("IP:127.0.0.1");
    make_certificate("other", "DNS:other", 2);
    EXPECT_EQ(refusal_of({.ca_file = dir_.file("other.pem"), .proxy = "none"}).code(),
              "tls_unknown_ca");
    EXPECT_EQ(refusal_of({.ca_dir = dir_.path(), .proxy = "none"}).code(), "tls_unknown_ca");
}

TEST_F(CurlTls, FindsAuthoritiesInADirectory) {
    start("IP:127.0.0.1");
    const std::string hash =
        testing::run_command({.argv = {"openssl", "x509", "-hash", "-noout", "-in", certificate_}})
            .out;
    std::filesystem::create_directory(dir_.file("cas"));
    std::filesystem::copy_file(certificate_,
                               dir_.file("cas/" + hash.substr(0, hash.find('\n')) + ".0"));
    EXPECT_EQ(get({.ca_dir = dir_.file("cas"), .proxy = "none"}).status, 200);
}

TEST_F(CurlTls, RefusesACertificateForAnotherName) {
    start("DNS:es-other");
    const HttpError error = refusal_of({.ca_file = certificate_, .proxy = "none"});
    EXPECT_EQ(error.code(), "tls_wrong_name");
    EXPECT_TRUE(says(error, "use a host name that the certificate holds")) << error.what();
}

TEST_F(CurlTls, RefusesACertificateThatHasExpired) {
    start("IP:127.0.0.1", -1);
    const HttpError error = refusal_of({.ca_file = certificate_, .proxy = "none"});
    EXPECT_EQ(error.code(), "tls_expired");
    EXPECT_TRUE(says(error, "valid until ")) << error.what();
    EXPECT_TRUE(says(error, "renew")) << error.what();
}

TEST_F(CurlTls, TellsThatTheServerWantsAClientCertificate) {
    make_certificate("client", "DNS:client", 2);
    for (const char* version : {"-tls1_3", "-tls1_2"}) {
        start(
            "IP:127.0.0.1",
            2,
            {version, "-Verify", "1", "-verify_return_error", "-CAfile", dir_.file("client.pem")});
        const HttpError error = refusal_of({.ca_file = certificate_, .proxy = "none"});
        EXPECT_TRUE(says(error, "client_cert")) << error.what();
        EXPECT_EQ(get({.ca_file = certificate_,
                       .client_cert = dir_.file("client.pem"),
                       .client_key = dir_.file("client.key"),
                       .proxy = "none"})
                      .status,
                  200);
    }
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
