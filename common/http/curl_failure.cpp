// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_failure.hpp"

#include "common/text/bytes.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

struct Explanation {
    RemoteFailure failure = RemoteFailure::failed;
    std::string_view code{};
    std::string what{};
    std::string_view hint{};
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

Explanation explain_certificate(const CurlFailure& failure) {
    std::string_view hint =
        "give its CA by ca_file, or switch verification off by insecure (then anyone may answer)";
    if (has(failure.detail, "expired")) {
        hint = "renew the server's certificate";
    } else if (has(failure.detail, "subject name") || has(failure.detail, "match")) {
        hint = "use a host name that the certificate holds";
    }
    return {
        RemoteFailure::denied,
        "tls_verification",
        fmt::format("the server's certificate was refused: {}{}",
                    failure.detail,
                    failure.certificate.empty() ? "" : fmt::format(" ({})", failure.certificate)),
        hint};
}

Explanation explain_handshake(const CurlFailure& failure) {
    for (const std::string_view sign :
         {"wrong version number", "packet length", "unknown protocol"}) {
        if (has(failure.detail, sign)) {
            return {RemoteFailure::failed,
                    "not_tls",
                    fmt::format("the answer is not TLS ({})", failure.detail),
                    "is it http instead of https?"};
        }
    }
    for (const std::string_view sign : {"SYSCALL", "reset by peer", "unexpected eof"}) {
        if (has(failure.detail, sign)) {
            return {RemoteFailure::unreachable,
                    "http_cut",
                    fmt::format("the connection broke in the TLS handshake ({})", failure.detail),
                    "try again later"};
        }
    }
    return {RemoteFailure::denied,
            "tls_refused",
            fmt::format("the TLS handshake failed: {}", failure.detail),
            "check client_cert, client_key and the server's TLS versions"};
}

Explanation explain(const CurlFailure& failure, const HttpOptions& options) {
    if (failure.is_too_large || failure.code == CURLE_FILESIZE_EXCEEDED) {
        return {RemoteFailure::failed,
                "response_too_large",
                fmt::format("answer larger than {}", format_bytes(options.max_response_bytes)),
                "raise max_response or ask for less"};
    }
    switch (failure.code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {RemoteFailure::unreachable,
                    "http_unreachable",
                    failure.detail,
                    "check the host name and DNS"};
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY:
            return {RemoteFailure::unreachable,
                    "http_unreachable",
                    failure.os_error == 0 ? failure.detail
                                          : fmt::format("cannot connect: {}",
                                                        std::generic_category().message(
                                                            static_cast<int>(failure.os_error))),
                    "check the address, and whether the service runs"};
        case CURLE_OPERATION_TIMEDOUT:
            return {RemoteFailure::unreachable,
                    "http_timeout",
                    failure.detail,
                    "try again later, or raise request_timeout"};
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return {RemoteFailure::unreachable,
                    "http_cut",
                    fmt::format("the connection broke before the whole answer had come ({})",
                                failure.detail),
                    "try again later"};
        case CURLE_PEER_FAILED_VERIFICATION:
            return explain_certificate(failure);
        case CURLE_SSL_CONNECT_ERROR:
            return explain_handshake(failure);
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CIPHER:
            return {RemoteFailure::denied,
                    "tls_refused",
                    failure.detail,
                    "check ca_file, client_cert and client_key"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return {RemoteFailure::failed,
                    "not_http",
                    fmt::format("the answer is not HTTP ({})", failure.detail),
                    "is it the right port, and http or https as the service wants it?"};
        default:
            return {RemoteFailure::failed, "http_failed", failure.detail, "check the address"};
    }
}

std::string without_credentials(const std::string& text, const HttpOptions& options) {
    const std::array<std::string, 2> secrets{options.password, options.token};
    return redact(text, secrets);
}

}  // namespace

bool is_certificate_refused(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION;
}

std::string describe_request(const HttpRequest& request, const HttpOptions& options) {
    return without_credentials(fmt::format("{}{}{} {}",
                                           options.service,
                                           options.service.empty() ? "" : ": ",
                                           to_string(request.method),
                                           redact_url(request.url)),
                               options);
}

RemoteError describe_failure(const CurlFailure& failure,
                             const HttpRequest& request,
                             const HttpOptions& options) {
    const Explanation why = explain(failure, options);
    return {why.failure,
            std::string(why.code),
            fmt::format("{}: {}; {}",
                        describe_request(request, options),
                        without_credentials(why.what, options),
                        why.hint)};
}

}  // namespace caretaker
