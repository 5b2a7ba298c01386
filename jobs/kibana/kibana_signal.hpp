// SPDX-License-Identifier: Apache-2.0
// What a source of use has to say: who was seen, and since when somebody was looking. No IO.
#pragma once

#include "jobs/kibana/watch_spans.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// Latest use by id of the app.
using LatestUse = std::map<std::string, WallTime, std::less<>>;

struct KibanaSignal {
    std::string name{};      // "access_log"
    std::string trouble{};   // why it tells nothing, or less than it should; empty: all is well
    bool is_denied = false;  // by lack of rights
    LatestUse latest{};
    /// When use of any app would have been seen; empty for signals that cannot tell that there was
    /// none. Trouble never adds to it.
    WatchSpans watched{};
    std::map<std::string, WatchSpans, std::less<>> watched_of{};  // of single apps
    std::map<std::string, double, std::less<>> unexplained{};  // requests a minute of single apps
    bool had_future_times = false;                             // cut to now
};

struct SeenUse {
    WallTime at{};
    std::string source{};
};

/// The latest use of the app that any of the signals saw.
std::optional<SeenUse> find_latest_use(const std::vector<KibanaSignal>& signals,
                                       const std::string& app);

/// When use of the app would have been seen by any of them.
WatchSpans watched_by(const std::vector<KibanaSignal>& signals, const std::string& app);

}  // namespace caretaker
