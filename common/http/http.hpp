// SPDX-License-Identifier: Apache-2.0
// The HTTP seam and its value types.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class HttpMethod { get, head, post, put, patch, del };

std::string_view to_string(HttpMethod method);

struct HttpHeader {
    std::string name{};
    std::string value{};
};

struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string url{};  // absolute, http or https
    std::vector<HttpHeader> headers{};
    std::string body{};
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers{};
    std::string body{};

    /// The first header of that name, case-insensitive; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Connection settings that hold for all requests of a client.
struct HttpOptions {
    std::string service{};  // for messages: "elasticsearch"
    std::string user{};     // basic authentication; empty: none
    std::string password{};
    std::string token{};        // sent as "Authorization: Bearer"; empty: none
    std::string ca_file{};      // PEM; empty: the system's
    std::string client_cert{};  // PEM
    std::string client_key{};   // PEM
    bool insecure = false;      // no verification of the server's certificate
    std::string proxy{};        // empty: libcurl's environment rules; "none": no proxy
    std::string unix_socket{};  // path; empty: TCP
    std::string user_agent{"caretaker"};
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds request_timeout{30'000};
    std::uint64_t max_response_bytes = 64ULL << 20;  // after decompression
};

/// Sends one request and returns the answer, whatever its status. Redirects are not followed.
class HttpClient {
 public:
    virtual ~HttpClient() = default;

    /// Throws RemoteError when no complete answer came: unreachable for name resolution,
    /// connection, timeout or a body cut short; denied for TLS verification; failed for an answer
    /// larger than max_response_bytes or one that is not HTTP. Throws Interrupted within 500 ms of
    /// a stop request.
    virtual HttpResponse send(const HttpRequest& request) = 0;
};

}  // namespace caretaker
