// SPDX-License-Identifier: Apache-2.0
// What GET /api/status of a Kibana says, in the forms of 4.2 to 9 and of OpenSearch Dashboards. No
// IO.
#pragma once

#include "common/json/json_view.hpp"
#include "jobs/kibana/kibana_app.hpp"
#include "jobs/kibana/watch_spans.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// The requests that a Kibana counted in one stretch of time. They are no count since its start:
/// after each stretch it begins again at 0.
struct StatusWindow {
    WatchSpan span{};
    std::int64_t requests = 0;
};

struct KibanaStatus {
    bool is_ready = false;  // state green or level available
    std::string state{};    // "green", "available", "red", …; empty: not told
    std::string version{};  // "8.11.0"; empty: not told
    std::vector<StatusWindow> windows{};
    std::optional<std::chrono::milliseconds> uptime{};
    std::int64_t connections = 0;
};

/// The answer as JSON. Throws JsonError for what is none of the forms.
KibanaStatus read_kibana_status(JsonView answer);

/// Why an answer tells nothing: another status than 200 or 503, or no JSON ("Kibana server is not
/// ready yet"); empty: it is to be read.
std::string find_status_trouble(int status, std::string_view body);

struct BackgroundRules {
    double extra_per_minute = 0;  // requests that are always there
    std::int64_t slack = 2;
    std::int64_t connections = 0;  // more of them are use; 0: they say nothing
};

/// How many requests of a window are checks by Marathon and Mesos and not people: one for each
/// interval of an HTTP check, two where Mesos itself follows the redirect of `/`.
std::int64_t expected_requests(const KibanaApp& app,
                               std::chrono::milliseconds window,
                               const BackgroundRules& rules);

/// The end of the newest window with more requests than the checks and our own `probes` explain, or
/// of the newest of all where more connections are open than without people.
std::optional<WallTime> find_status_use(const KibanaStatus& status,
                                        const KibanaApp& app,
                                        const BackgroundRules& rules,
                                        std::int64_t probes);

/// Requests a minute of the newest window that nothing explains; 0: all are explained, or few.
double unexplained_per_minute(const KibanaStatus& status,
                              const KibanaApp& app,
                              const BackgroundRules& rules,
                              std::int64_t probes);

}  // namespace caretaker
