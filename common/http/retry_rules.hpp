// SPDX-License-Identifier: Apache-2.0
// Which outcomes are worth another try, and how long to wait before it.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace caretaker {

/// Whether sending the request again may help and cannot do harm. Connections that never stood: any
/// request. 429, 502, 503, 504: all but single changes. A connection that broke before the answer
/// began: reads and repeatable changes. Timeouts, stalls, a cut body and 500: reads alone.
bool may_send_again(HttpEffect effect, const HttpOutcome& outcome);

/// Whether the endpoint itself is out of order, so that another one should be asked: no connection,
/// no complete answer in time, 502, 503, 504.
bool is_endpoint_failure(const HttpOutcome& outcome);

/// Whether the service may have got the request, and done what it says.
bool may_have_arrived(const HttpOutcome& outcome);

/// Sets HttpResponse::done_before where a DELETE finds nothing, after an earlier one that may have
/// arrived.
void note_done_before(const HttpRequest& request, bool arrived_before, HttpOutcome& outcome);

/// Before try `tries_done` + 1: `jitter` (0 to 1) times min(10 s, 0.25 s * 2^tries_done), but what
/// the service asked for by Retry-After, at most 60 s, where it did.
std::chrono::milliseconds retry_wait(int tries_done,
                                     double jitter,
                                     std::optional<std::chrono::milliseconds> retry_after);

/// A Retry-After header: seconds or an HTTP date (RFC 9110, section 10.2.3); a date that has passed
/// is 0. Nothing for anything else.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, WallTime now);

}  // namespace caretaker
