// SPDX-License-Identifier: Apache-2.0
// What libcurl's failures become.
#include "common/http/curl_failure.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

namespace caretaker {
namespace {

const HttpRequest request{.method = HttpMethod::get,
                          .url = "https://u:geheim@es1:9200/_cat?token=abcdef"};
const HttpOptions options{
    .service = "elasticsearch", .user = "u", .password = "hunter22", .token = "tok-1234"};

TEST(CurlFailure, IsUnreachableDeniedOrFailed) {
    struct Case {
        CurlFailure failure;
        RemoteFailure kind;
        std::string code;
    };

    const std::vector<Case> cases{
        {{.code = CURLE_COULDNT_RESOLVE_HOST}, RemoteFailure::unreachable, "http_unreachable"},
        {{.code = CURLE_COULDNT_RESOLVE_PROXY}, RemoteFailure::unreachable, "http_unreachable"},
        {{.code = CURLE_COULDNT_CONNECT}, RemoteFailure::unreachable, "http_unreachable"},
        {{.code = CURLE_OPERATION_TIMEDOUT}, RemoteFailure::unreachable, "http_timeout"},
        {{.code = CURLE_PARTIAL_FILE}, RemoteFailure::unreachable, "http_cut"},
        {{.code = CURLE_GOT_NOTHING}, RemoteFailure::unreachable, "http_cut"},
        {{.code = CURLE_RECV_ERROR}, RemoteFailure::unreachable, "http_cut"},
        {{.code = CURLE_SEND_ERROR}, RemoteFailure::unreachable, "http_cut"},
        {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "OpenSSL SSL_connect: SSL_ERROR_SYSCALL"},
         RemoteFailure::unreachable,
         "http_cut"},
        {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "tlsv1 alert protocol version"},
         RemoteFailure::denied,
         "tls_refused"},
        {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "SSL routines::wrong version number"},
         RemoteFailure::failed,
         "not_tls"},
        {{.code = CURLE_PEER_FAILED_VERIFICATION}, RemoteFailure::denied, "tls_unknown_ca"},
        {{.code = CURLE_PEER_FAILED_VERIFICATION, .detail = "certificate has expired"},
         RemoteFailure::denied,
         "tls_expired"},
        {{.code = CURLE_PEER_FAILED_VERIFICATION, .detail = "certificate is not yet valid"},
         RemoteFailure::denied,
         "tls_not_yet_valid"},
        {{.code = CURLE_PEER_FAILED_VERIFICATION,
          .detail = "SSL: no alternative certificate subject name matches target host name 'es1'"},
         RemoteFailure::denied,
         "tls_wrong_name"},
        {{.code = CURLE_RECV_ERROR, .detail = "SSL_read: tlsv13 alert certificate required"},
         RemoteFailure::denied,
         "tls_client_certificate"},
        {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "sslv3 alert bad certificate"},
         RemoteFailure::denied,
         "tls_client_certificate"},
        {{.code = CURLE_ABORTED_BY_CALLBACK, .has_stalled = true},
         RemoteFailure::unreachable,
         "http_stalled"},
        {{.code = CURLE_SSL_CACERT_BADFILE}, RemoteFailure::denied, "tls_refused"},
        {{.code = CURLE_SSL_CERTPROBLEM}, RemoteFailure::denied, "tls_refused"},
        {{.code = CURLE_WRITE_ERROR, .is_too_large = true},
         RemoteFailure::failed,
         "response_too_large"},
        {{.code = CURLE_FILESIZE_EXCEEDED}, RemoteFailure::failed, "response_too_large"},
        {{.code = CURLE_UNSUPPORTED_PROTOCOL}, RemoteFailure::failed, "not_http"},
        {{.code = CURLE_WEIRD_SERVER_REPLY}, RemoteFailure::failed, "not_http"},
        {{.code = CURLE_OUT_OF_MEMORY}, RemoteFailure::failed, "http_failed"},
    };
    for (const auto& [failure, kind, code] : cases) {
        const HttpError error = describe_failure(failure, request, options);
        EXPECT_EQ(error.failure(), kind) << failure.code;
        EXPECT_EQ(error.code(), code) << failure.code;
    }
}

TEST(CurlFailure, TellsATimeoutBeforeTheRequestWasSentFromOneAfter) {
    const CurlFailure connecting{.code = CURLE_OPERATION_TIMEDOUT};
    EXPECT_EQ(describe_failure(connecting, request, options).fault(), HttpFault::connect);
    const CurlFailure waiting{.code = CURLE_OPERATION_TIMEDOUT,
                              .progress = {.request_sent = true, .answer_begun = false}};
    const HttpError error = describe_failure(waiting, request, options);
    EXPECT_EQ(error.fault(), HttpFault::timeout);
    EXPECT_TRUE(error.progress().request_sent);
    EXPECT_FALSE(error.progress().answer_begun);
}

TEST(CurlFailure, NamesTheLimitOfTheRequestItself) {
    HttpRequest large = request;
    large.max_response_bytes = 1ULL << 30U;
    const std::string message = describe_failure({.is_too_large = true}, large, options).what();
    EXPECT_NE(message.find("answer larger than 1.0 GiB"), std::string::npos) << message;
}

TEST(CurlFailure, SaysWhatWasAskedWhatHappenedAndWhatToTry) {
    const HttpRequest plain{.method = HttpMethod::del, .url = "http://es1:9200/logs-1"};
    EXPECT_STREQ(
        describe_failure({.code = CURLE_COULDNT_CONNECT, .os_error = ECONNREFUSED}, plain, options)
            .what(),
        "elasticsearch: DELETE http://es1:9200/logs-1: cannot connect: Connection refused; check "
        "the "
        "address, and whether the service runs");
}

TEST(CurlFailure, NamesTheCertificateAndTheOptionThatHelps) {
    const auto message = [](const std::string& detail) {
        return std::string(describe_failure({.code = CURLE_PEER_FAILED_VERIFICATION,
                                             .detail = detail,
                                             .certificate = "subject CN = es1, issuer CN = ours"},
                                            request,
                                            options)
                               .what());
    };
    const std::string unknown = message("SSL certificate problem: self-signed certificate");
    EXPECT_NE(unknown.find("self-signed certificate (subject CN = es1, issuer CN = ours)"),
              std::string::npos)
        << unknown;
    EXPECT_NE(unknown.find("ca_file"), std::string::npos) << unknown;
    EXPECT_NE(message("SSL certificate problem: certificate has expired").find("renew"),
              std::string::npos);
    EXPECT_NE(message("SSL: no alternative certificate subject name matches target host name 'es1'")
                  .find("host name that the certificate holds"),
              std::string::npos);
}

TEST(CurlFailure, ShowsNoCredentials) {
    const CurlFailure failure{.code = CURLE_RECV_ERROR,
                              .detail = "from https://u:geheim@es1 with hunter22 and tok-1234"};
    const std::string message = describe_failure(failure, request, options).what();
    for (const char* secret : {"geheim", "abcdef", "hunter22", "tok-1234"}) {
        EXPECT_EQ(message.find(secret), std::string::npos) << message;
    }
    EXPECT_NE(message.find("es1:9200"), std::string::npos) << message;
}

}  // namespace
}  // namespace caretaker
