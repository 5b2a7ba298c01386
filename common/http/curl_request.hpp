// SPDX-License-Identifier: Apache-2.0
// A request of ours as options of a libcurl handle.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <string_view>

namespace caretaker {

/// Throws UsageError for anything but an absolute http or https URL without blanks and control
/// characters.
void check_url(const std::string& url);

/// Header lines as libcurl takes them. Throws UsageError for what would break the request apart.
class CurlHeaders {
 public:
    CurlHeaders(const HttpRequest& request, const HttpOptions& options);

    /// Owned by this object, which must outlive the transfer.
    [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
    void add(std::string_view name, std::string_view value);
    void suppress(std::string_view name);
    void append(const std::string& line);

    CurlList list_{};
};

/// Where to connect to and how long to wait; no credentials.
void set_connection(CURL* easy, const HttpRequest& request, const HttpOptions& options);

/// Verification of the server, and who we are.
void set_security(CURL* easy, const HttpOptions& options);

/// Method, body and what may come back. The body is not copied.
void set_request(CURL* easy, const HttpRequest& request, const HttpOptions& options);

/// Throws RemoteError "libcurl_unfit": setting `option` gave `result`.
[[noreturn]] void throw_unfit(CURLoption option, CURLcode result);

template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
    const CURLcode result = curl_library().easy_setopt(easy, option, value);
    if (result != CURLE_OK) {
        throw_unfit(option, result);
    }
}

}  // namespace caretaker
