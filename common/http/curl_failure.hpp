// SPDX-License-Identifier: Apache-2.0
// What libcurl's result codes mean to whoever sent the request.
#pragma once

#include "common/http/http.hpp"

#include <curl/curl.h>

#include <string>

namespace caretaker {

/// How a transfer ended without an answer.
struct CurlFailure {
    CURLcode code = CURLE_OK;
    std::string detail{};       // libcurl's own words
    long os_error = 0;          // errno of the last failed connect, 0: none
    bool is_too_large = false;  // we stopped reading at HttpOptions::max_response_bytes
    bool has_stalled = false;   // we ended it after HttpOptions::stall_time
    HttpProgress progress{};
    std::string certificate{};  // of the server, where it was refused: subject, issuer, dates
};

/// Whether the server's certificate was refused.
bool is_certificate_refused(CURLcode code);

/// The error to throw; no credentials in its message.
HttpError describe_failure(const CurlFailure& failure,
                           const HttpRequest& request,
                           const HttpOptions& options);

/// "elasticsearch: GET http://es:9200/_cat", without credentials.
std::string describe_request(const HttpRequest& request, const HttpOptions& options);

}  // namespace caretaker
