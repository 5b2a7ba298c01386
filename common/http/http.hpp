// SPDX-License-Identifier: Apache-2.0
// The HTTP seam and its value types.
#pragma once

#include "common/http/http_error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace caretaker {

enum class HttpMethod { get, head, post, put, patch, del };

std::string_view to_string(HttpMethod method);

struct HttpHeader {
    std::string name{};
    std::string value{};
};

/// The first header of that name, case-insensitive; empty when there is none.
std::string_view find_header(std::span<const HttpHeader> headers, std::string_view name);

/// Whether it can be sent: a name without colon, and no line break or NUL anywhere.
bool is_http_header(const HttpHeader& header);

/// What a request does at the service, and so whether it may be sent again.
enum class HttpEffect {
    by_method,          // GET and HEAD read, PUT and DELETE change repeatably, the others once
    read,               // also a POST that only asks, as _search or Mesos' v1 calls do
    repeatable_change,  // twice is the same as once
    single_change,      // e.g. creates something under a new name each time
};

/// Puts the next bytes of a body into the buffer and returns their number, 0 at the end.
using HttpBodyReader = std::function<std::size_t(std::span<char>)>;

/// An answer of status 2xx that goes on until one side has enough, e.g. a stream of events.
class HttpLiveAnswer {
 public:
    virtual ~HttpLiveAnswer() = default;

    /// The first header of that name, case-insensitive; empty when there is none.
    [[nodiscard]] virtual std::string_view header(std::string_view name) const = 0;

    /// Waits up to `limit` for some of the body and returns its size, 0 at its end; nothing where
    /// none came. Throws HttpError where the connection breaks, Interrupted as soon as a stop is
    /// requested.
    virtual std::optional<std::size_t> read(std::span<char> buffer,
                                            std::chrono::milliseconds limit) = 0;
};

struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string url{};  // absolute, http or https; EndpointHttp completes one that begins with "/"
    std::vector<HttpHeader> headers{};
    std::string body{};
    HttpEffect effect = HttpEffect::by_method;

    /// For bodies too large for memory, instead of `body`: called for each time that the request is
    /// sent, gives the body from its beginning. Its size, where known; else it is sent in chunks,
    /// which old services do not take.
    std::function<HttpBodyReader()> open_body{};
    std::optional<std::uint64_t> body_size{};

    /// Reads the body of an answer of status 2xx while it arrives, instead of HttpResponse::body.
    /// Called for each time that the request is sent, so it begins anew each time; what it does not
    /// read is dropped, what it throws ends the transfer. The reader throws when the body breaks
    /// off. Not for send_all().
    std::function<void(const HttpBodyReader&)> read_answer{};

    /// As read_answer, for one that may never end: headers first, and waits that are limited. The
    /// connection is closed when it returns. Not beside read_answer.
    std::function<void(HttpLiveAnswer&)> follow_answer{};

    std::optional<std::chrono::milliseconds> timeout{};  // instead of HttpOptions::request_timeout
    std::optional<std::uint64_t> max_response_bytes{};   // instead of HttpOptions'
    bool may_be_silent = false;  // the service works long before it answers: no stall
};

/// Never `by_method`.
HttpEffect effect_of(const HttpRequest& request);

/// What a server showed of itself over TLS.
struct HttpCertificate {
    std::string subject{};
    std::string issuer{};
    std::optional<std::chrono::sys_seconds> ends_at{};
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers{};
    std::string body{};
    std::string url{};                             // that answered, behind redirects
    int tries = 1;                                 // how often the request was sent
    bool done_before = false;                      // 404 for a DELETE that an earlier try has done
    std::optional<HttpCertificate> certificate{};  // where the connection was new and TLS

    /// The first header of that name, case-insensitive; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const {
        return find_header(headers, name);
    }

    /// Status 2xx, or done_before.
    [[nodiscard]] bool ok() const { return (status >= 200 && status < 300) || done_before; }
};

/// Connection settings that hold for all requests of a client.
struct HttpOptions {
    std::string service{};  // for messages: "elasticsearch"
    std::string user{};     // basic authentication; empty: none
    std::string password{};
    std::string token{};                // sent as "Authorization: Bearer"; empty: none
    std::string ca_file{};              // PEM; empty: the system's
    std::string ca_dir{};               // as OpenSSL hashes it; empty: the system's
    std::string client_cert{};          // PEM
    std::string client_key{};           // PEM
    bool insecure = false;              // no verification of the server's certificate
    std::string proxy{};                // empty: libcurl's environment rules; "none": no proxy
    std::string no_proxy{};             // hosts reached without one, comma separated
    std::string unix_socket{};          // path; empty: TCP
    std::vector<HttpHeader> headers{};  // of every request that does not bring its own
    std::string user_agent{"caretaker"};
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds request_timeout{30'000};
    std::chrono::milliseconds stall_time{20'000};    // below 1 byte a second for so long is a stall
    std::chrono::milliseconds stop_grace{1'000};     // for a change that is on the wire at a stop
    std::uint64_t max_response_bytes = 64ULL << 20;  // after decompression
    std::function<void(std::string_view)> trace{};   // takes libcurl's own log, redacted, by lines
};

/// Whether requests carry what must not reach another server: user, token, or a header that looks
/// secret.
bool has_credentials(const HttpOptions& options);

/// The literal secrets in `options`, for redact().
std::vector<std::string> secrets_of(const HttpOptions& options);

/// An answer, or why there is none.
using HttpOutcome = std::variant<HttpResponse, HttpError>;

/// Gets the outcome of the request with that index.
using HttpOnOutcome = std::function<void(std::size_t, HttpOutcome)>;

/// Sends one request and returns the answer, whatever its status. Redirects are not followed.
class HttpClient {
 public:
    virtual ~HttpClient() = default;

    /// Throws HttpError when no complete answer came: unreachable for name resolution, connection,
    /// timeout or a body cut short; denied for TLS verification; failed for an answer larger than
    /// max_response_bytes or one that is not HTTP. Throws Interrupted within 500 ms of a stop
    /// request; a change that is already on the wire may use stop_grace before.
    virtual HttpResponse send(const HttpRequest& request) = 0;

    /// Sends many, up to `max_parallel` at a time, and hands out each outcome as it comes; what
    /// `on_outcome` throws ends them all. Throws Interrupted as send() does. A client that does not
    /// know how sends them one after the other.
    virtual void send_all(std::span<const HttpRequest> requests,
                          std::size_t max_parallel,
                          const HttpOnOutcome& on_outcome);
};

/// send() with the error as a value, for who decides by it. Interrupted is still thrown.
HttpOutcome try_send(HttpClient& client, const HttpRequest& request);

/// The answer, or the error thrown.
HttpResponse take_answer(HttpOutcome outcome);

}  // namespace caretaker
