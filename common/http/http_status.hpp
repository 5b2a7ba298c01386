// SPDX-License-Identifier: Apache-2.0
// What a status other than 2xx means for a run.
#pragma once

#include "common/base/error.hpp"
#include "common/http/http.hpp"

#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// The error that `response` is: denied for 401, 403 and 407 ("http_denied"), unreachable for 429,
/// 502, 503 and 504 ("http_unavailable"), else failed ("http_status"). The message has the first
/// line of the body, without `secrets`.
RemoteError describe_status(std::string_view service,
                            const HttpRequest& request,
                            const HttpResponse& response,
                            std::span<const std::string> secrets = {});

}  // namespace caretaker
