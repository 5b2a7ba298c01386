// SPDX-License-Identifier: Apache-2.0
// What earlier rounds read out of the access log, so that a round asks only for what is new. No IO.
#pragma once

#include "jobs/kibana/canary_rounds.hpp"
#include "jobs/kibana/kibana_signal.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace caretaker {

struct AccessLogMemory {
    std::string rules{};    // a hash of what counts as use; others make all of it void
    WallTime asked_from{};  // how far back the log was read
    WatchSpans watched{};
    LatestUse latest{};
    CanaryRounds canaries{};
};

std::string encode_access_log(const AccessLogMemory& memory);

/// Throws JsonError for a text that was not written by encode_access_log().
AccessLogMemory decode_access_log(std::string_view text);

/// The window that a round has to ask for, to know everything of the last `back`: from a quarter of
/// an hour before what is known, as lines come late, to `lag` ago; a day back where canaries are
/// missing. Forgets what is void, and what is older than that.
WatchSpan next_log_window(AccessLogMemory& memory,
                          const std::string& rules,
                          std::chrono::milliseconds back,
                          std::chrono::milliseconds lag,
                          WallTime now);

}  // namespace caretaker
