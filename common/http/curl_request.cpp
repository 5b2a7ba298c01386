// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_request.hpp"

#include "common/base/error.hpp"
#include "common/text/ascii.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

namespace caretaker {

namespace {

/// libcurl copies texts.
void set_text(CURL* easy, CURLoption option, const std::string& value) {
    if (!value.empty()) {
        set_option(easy, option, value.c_str());
    }
}

/// Only those that are named: libcurl would go on to trust the system's beside them.
void set_authorities(CURL* easy, const HttpOptions& options) {
    if (options.ca_file.empty() && options.ca_dir.empty()) {
        return;
    }
    const auto text = [](const std::string& path) { return path.empty() ? nullptr : path.c_str(); };
    set_option(easy, CURLOPT_CAINFO, text(options.ca_file));
    set_option(easy, CURLOPT_CAPATH, text(options.ca_dir));
}

}  // namespace

void throw_unfit(CURLoption option, CURLcode result) {
    throw RemoteError(
        RemoteFailure::failed,
        "libcurl_unfit",
        fmt::format("setting up libcurl (option {}): {}; install libcurl4 7.85 or later",
                    static_cast<int>(option),
                    curl_library().easy_strerror(result)));
}

void check_url(const std::string& url) {
    const std::string start = ascii_lower(url.substr(0, 8));
    const bool is_http = start.starts_with("http://") || start.starts_with("https://");
    const bool is_clean =
        std::ranges::none_of(url, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7F'; });
    if (!is_http || !is_clean) {
        throw UsageError(fmt::format(
            "'{}' is no URL; write http://host:port or https://host:port, without blanks",
            redact_url(url)));
    }
}

CurlHeaders::CurlHeaders(const HttpRequest& request, const HttpOptions& options) {
    const auto brings = [&](std::string_view name) {
        const std::string wanted = ascii_lower(name);
        return std::ranges::any_of(request.headers, [&](const HttpHeader& header) {
            return ascii_lower(header.name) == wanted;
        });
    };
    for (const HttpHeader& header : request.headers) {
        add(header.name, header.value);
    }
    for (const HttpHeader& header : options.headers) {
        if (!brings(header.name)) {
            add(header.name, header.value);
        }
    }
    if (!options.token.empty() && !brings("Authorization")) {
        add("Authorization", "Bearer " + options.token);
    }
    if (!brings("Content-Type") && find_header(options.headers, "Content-Type").empty()) {
        suppress("Content-Type");  // libcurl would call every body a web form
    }
    suppress("Expect");  // costs a round trip, and some servers never answer it
}

void CurlHeaders::add(std::string_view name, std::string_view value) {
    if (!is_http_header({std::string(name), std::string(value)})) {
        throw UsageError(fmt::format(
            "the HTTP header '{}' has no name, or a colon or a line break where none may be",
            name));
    }
    // libcurl's way to say "send it empty" is a semicolon; a colon alone takes a header away.
    append(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
}

void CurlHeaders::suppress(std::string_view name) {
    append(fmt::format("{}:", name));
}

void CurlHeaders::append(const std::string& line) {
    curl_slist* head = curl_library().slist_append(list_.get(), line.c_str());
    if (head == nullptr) {
        throw std::bad_alloc();
    }
    if (!list_) {  // later calls return the same head
        list_.reset(head);
    }
}

void set_connection(CURL* easy, const HttpRequest& request, const HttpOptions& options) {
    set_option(easy, CURLOPT_URL, request.url.c_str());
    set_option(easy, CURLOPT_NOSIGNAL, 1L);
    set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    const auto timeout = request.timeout.value_or(options.request_timeout);
    set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set_option(easy, CURLOPT_CERTINFO, 1L);
    set_option(easy, CURLOPT_QUICK_EXIT, 1L);  // else a stop waits for a name look-up that hangs
    set_text(easy, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket);
    if (options.proxy == "none" || !options.unix_socket.empty()) {
        set_option(easy, CURLOPT_NOPROXY, "*");
    } else {
        set_text(easy, CURLOPT_PROXY, options.proxy);
        set_text(easy, CURLOPT_NOPROXY, options.no_proxy);
    }
}

void set_security(CURL* easy, const HttpOptions& options) {
    set_authorities(easy, options);
    set_text(easy, CURLOPT_SSLCERT, options.client_cert);
    set_text(easy, CURLOPT_SSLKEY, options.client_key);
    set_option(easy, CURLOPT_SSL_VERIFYPEER, options.insecure ? 0L : 1L);
    set_option(easy, CURLOPT_SSL_VERIFYHOST, options.insecure ? 0L : 2L);
    if (!options.user.empty()) {
        set_option(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set_option(easy, CURLOPT_USERNAME, options.user.c_str());
        set_option(easy, CURLOPT_PASSWORD, options.password.c_str());
    }
}

void set_request(CURL* easy, const HttpRequest& request, const HttpOptions& options) {
    set_option(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    set_option(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that this libcurl can read
    if (effect_of(request) != HttpEffect::read) {
        // On a kept connection that dies libcurl would send the request a second time, untold.
        set_option(easy, CURLOPT_FRESH_CONNECT, 1L);
    }
    const bool has_body = request.method == HttpMethod::post || request.method == HttpMethod::put ||
                          request.method == HttpMethod::patch || !request.body.empty();
    if (has_body && !request.open_body) {
        set_option(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set_option(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method == HttpMethod::head) {
        set_option(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    set_option(easy, CURLOPT_CUSTOMREQUEST, std::string(to_string(request.method)).c_str());
    const auto limit = std::min<std::uint64_t>(
        request.max_response_bytes.value_or(options.max_response_bytes), INT64_MAX);
    set_option(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limit));
}

}  // namespace caretaker
