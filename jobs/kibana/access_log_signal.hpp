// SPDX-License-Identifier: Apache-2.0
// Who was used, by the access log that the proxies write into Elasticsearch.
#pragma once

#include "jobs/kibana/access_log_memory.hpp"
#include "jobs/kibana/access_log_model.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class ServiceHttp;

struct AccessLogAsked {
    const AccessLogRules& rules;
    std::chrono::milliseconds back{};  // the longest that any app may go unused
    std::size_t apps = 0;              // that are managed
    WallTime now{};
};

/// Asks for what is new, two requests beside `GET /`; keeps what it learned in `memory`. Never
/// throws RemoteError or JsonError: these are the signal's trouble.
KibanaSignal read_access_log(ServiceHttp& http,
                             const AccessLogAsked& asked,
                             AccessLogMemory& memory);

/// Requests by app and day of the last `days` days. Throws RemoteError and JsonError.
std::map<std::string, std::vector<std::int64_t>, std::less<>> read_log_days(
    ServiceHttp& http, const AccessLogAsked& asked, std::int64_t days);

}  // namespace caretaker
