// SPDX-License-Identifier: Apache-2.0
// Outcomes of requests, short to write.
#pragma once

#include "common/http/http.hpp"

#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

inline HttpResponse status(int number, std::vector<HttpHeader> headers = {}) {
    return {.status = number, .headers = std::move(headers), .body = {}};
}

inline HttpError fault(HttpFault kind, HttpProgress progress = {}) {
    return {kind, RemoteFailure::unreachable, "http_test", "it failed", progress};
}

inline constexpr HttpProgress sent{.request_sent = true, .answer_begun = false};
inline constexpr HttpProgress begun{.request_sent = true, .answer_begun = true};

}  // namespace caretaker::testing
