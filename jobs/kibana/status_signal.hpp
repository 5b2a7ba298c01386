// SPDX-License-Identifier: Apache-2.0
// Who is used now, by what the Kibanas themselves say.
#pragma once

#include "jobs/kibana/kibana_signal.hpp"
#include "jobs/kibana/kibana_status_model.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace caretaker {

class HttpClient;

/// How Kibanas are asked for their status.
struct StatusAsked {
    BackgroundRules background{};
    std::string scheme{"http"};
    std::string base_path{};  // "/kibana"; empty: none
    WallTime now{};
};

/// The address of the status of a running task; empty where the app has none.
std::string status_url(const KibanaApp& app, const StatusAsked& asked);

/// Asks 16 at a time. Of each that answered: its windows as what was watched, and the newest in
/// which people asked. Those that did not answer are counted in `trouble`. Throws Interrupted.
KibanaSignal read_statuses(HttpClient& http,
                           const std::vector<const KibanaApp*>& apps,
                           const StatusAsked& asked);

}  // namespace caretaker
