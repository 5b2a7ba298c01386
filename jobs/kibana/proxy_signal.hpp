// SPDX-License-Identifier: Apache-2.0
// Who was used, by what the proxies before the Kibanas remember.
#pragma once

#include "common/json/json_view.hpp"
#include "jobs/kibana/kibana_signal.hpp"

#include <string>
#include <vector>

namespace caretaker {

class HttpClient;

/// What one proxy says at /__caretaker/last-access.
struct ProxyMemory {
    WallTime started{};  // it knows everything since
    LatestUse latest{};
    bool is_full = false;  // it may have forgotten some
};

/// {"started":T,"apps":{"/kibana/ads":T},"free_bytes":N}, the last one optional; times in seconds
/// or milliseconds since 1970. Throws JsonError.
ProxyMemory read_proxy_memory(JsonView answer);

/// Asks every proxy, by base addresses such as "http://proxy-1:8080". They tell that there was no
/// use only since the last of them started, and only if all of them answer. Throws Interrupted.
KibanaSignal read_proxies(HttpClient& http, const std::vector<std::string>& proxies, WallTime now);

/// Sends a request through each that has to turn up in the access log, taken or not: where a proxy
/// is away, so are its lines. `agents` are their user agents. Throws Interrupted.
void send_canaries(HttpClient& http,
                   const std::vector<std::string>& proxies,
                   const std::vector<std::string>& agents);

}  // namespace caretaker
