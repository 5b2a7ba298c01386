// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_failure.hpp"

#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

struct Explanation {
    HttpFault fault = HttpFault::other;
    RemoteFailure failure = RemoteFailure::failed;
    std::string_view code{};
    std::string what{};
    std::string_view hint{};
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return has(text, part); });
}

/// What a refused certificate lacks, by OpenSSL's and libcurl's words.
struct CertificateFault {
    std::string_view sign{};
    std::string_view code{};
    std::string_view hint{};
};

constexpr std::array certificate_faults{
    CertificateFault{
        .sign = "has expired", .code = "tls_expired", .hint = "renew the server's certificate"},
    CertificateFault{.sign = "not yet valid",
                     .code = "tls_not_yet_valid",
                     .hint = "check the clocks of this host and of the server"},
    CertificateFault{.sign = "subject name",
                     .code = "tls_wrong_name",
                     .hint = "use a host name that the certificate holds"},
    CertificateFault{
        .sign = "revoked", .code = "tls_revoked", .hint = "renew the server's certificate"},
    CertificateFault{.sign = "",
                     .code = "tls_unknown_ca",
                     .hint = "give its CA by ca_file, or switch verification off by insecure (then "
                             "anyone may answer)"},
};

Explanation explain_certificate(const CurlFailure& failure) {
    const auto* fault = std::ranges::find_if(certificate_faults, [&](const CertificateFault& one) {
        return has(failure.detail, one.sign);
    });
    return {
        HttpFault::tls,
        RemoteFailure::denied,
        fault->code,
        fmt::format("the server's certificate was refused: {}{}",
                    failure.detail,
                    failure.certificate.empty() ? "" : fmt::format(" ({})", failure.certificate)),
        fault->hint};
}

/// TLS 1.3 servers say so only when the handshake is over, in place of the answer.
bool is_about_client_certificate(std::string_view detail) {
    return has_any(detail,
                   {"alert certificate required",
                    "alert bad certificate",
                    "alert unknown ca",
                    "alert certificate unknown",
                    "alert certificate expired"});
}

Explanation explain_client_certificate(const CurlFailure& failure) {
    return {
        HttpFault::tls,
        RemoteFailure::denied,
        "tls_client_certificate",
        fmt::format("the server wants a client certificate that it trusts ({})", failure.detail),
        "give one by client_cert and client_key_file"};
}

Explanation explain_handshake(const CurlFailure& failure) {
    if (is_about_client_certificate(failure.detail)) {
        return explain_client_certificate(failure);
    }
    if (has_any(failure.detail, {"wrong version number", "packet length", "unknown protocol"})) {
        return {HttpFault::not_http,
                RemoteFailure::failed,
                "not_tls",
                fmt::format("the answer is not TLS ({})", failure.detail),
                "is it http instead of https?"};
    }
    if (has_any(failure.detail, {"SYSCALL", "reset by peer", "unexpected eof"})) {
        return {HttpFault::cut,
                RemoteFailure::unreachable,
                "http_cut",
                fmt::format("the connection broke in the TLS handshake ({})", failure.detail),
                "try again later"};
    }
    return {HttpFault::tls,
            RemoteFailure::denied,
            "tls_refused",
            fmt::format("the TLS handshake failed: {}", failure.detail),
            "check client_cert, client_key_file and the server's TLS versions"};
}

Explanation explain_connect(const CurlFailure& failure) {
    const bool is_name =
        failure.code == CURLE_COULDNT_RESOLVE_HOST || failure.code == CURLE_COULDNT_RESOLVE_PROXY;
    const bool has_reason = !is_name && failure.os_error != 0;
    return {HttpFault::connect,
            RemoteFailure::unreachable,
            "http_unreachable",
            has_reason
                ? fmt::format("cannot connect: {}",
                              std::generic_category().message(static_cast<int>(failure.os_error)))
                : failure.detail,
            is_name ? "check the host name and DNS"
                    : "check the address, and whether the service runs"};
}

Explanation explain_stall(std::chrono::milliseconds stall) {
    return {HttpFault::stall,
            RemoteFailure::unreachable,
            "http_stalled",
            fmt::format("the transfer stood still for {}", format_duration(stall)),
            "try again later, and look at the service and the network"};
}

Explanation explain_timeout(const CurlFailure& failure) {
    const bool sent = failure.progress.request_sent;
    return {sent ? HttpFault::timeout : HttpFault::connect,
            RemoteFailure::unreachable,
            "http_timeout",
            failure.detail,
            sent ? "try again later, or raise request_timeout"
                 : "check the address and the network, or raise connect_timeout"};
}

Explanation explain_cut(const CurlFailure& failure) {
    if (is_about_client_certificate(failure.detail)) {
        return explain_client_certificate(failure);
    }
    return {
        HttpFault::cut,
        RemoteFailure::unreachable,
        "http_cut",
        fmt::format("the connection broke before the whole answer had come ({})", failure.detail),
        "try again later"};
}

Explanation explain_too_large(std::uint64_t limit) {
    return {HttpFault::too_large,
            RemoteFailure::failed,
            "response_too_large",
            fmt::format("answer larger than {}", format_bytes(limit)),
            "raise max_response or ask for less"};
}

Explanation explain(const CurlFailure& failure,
                    std::uint64_t limit,
                    std::chrono::milliseconds stall) {
    if (failure.is_too_large) {
        return explain_too_large(limit);
    }
    if (failure.has_stalled) {
        return explain_stall(stall);
    }
    switch (failure.code) {
        case CURLE_FILESIZE_EXCEEDED:
            return explain_too_large(limit);
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY:
            return explain_connect(failure);
        case CURLE_OPERATION_TIMEDOUT:
            return explain_timeout(failure);
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return explain_cut(failure);
        case CURLE_PEER_FAILED_VERIFICATION:
            return explain_certificate(failure);
        case CURLE_SSL_CONNECT_ERROR:
            return explain_handshake(failure);
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CIPHER:
            return {HttpFault::tls,
                    RemoteFailure::denied,
                    "tls_refused",
                    failure.detail,
                    "check ca_file, client_cert and client_key_file"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
            return {HttpFault::not_http,
                    RemoteFailure::failed,
                    "not_http",
                    fmt::format("the answer is not HTTP ({})", failure.detail),
                    "is it the right port, and http or https as the service wants it?"};
        default:
            return {HttpFault::other,
                    RemoteFailure::failed,
                    "http_failed",
                    failure.detail,
                    "check the address"};
    }
}

std::string without_credentials(const std::string& text, const HttpOptions& options) {
    return redact(text, secrets_of(options));
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

HttpError describe_failure(const CurlFailure& failure,
                           const HttpRequest& request,
                           const HttpOptions& options) {
    const Explanation why = explain(failure,
                                    request.max_response_bytes.value_or(options.max_response_bytes),
                                    options.stall_time);
    return {why.fault,
            why.failure,
            std::string(why.code),
            fmt::format("{}: {}; {}",
                        describe_request(request, options),
                        without_credentials(why.what, options),
                        why.hint),
            failure.progress};
}

}  // namespace caretaker
