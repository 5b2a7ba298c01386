// SPDX-License-Identifier: Apache-2.0
// Which Kibana answers, and whether it is ready.
#pragma once

#include "common/http/http.hpp"
#include "jobs/kibana/provision_storage_plan.hpp"

#include <optional>
#include <string>

namespace caretaker {

/// What an answer to GET /api/status tells.
struct KibanaContact {
    std::optional<DashboardsVersion> version{};  // nothing: it does not tell
    std::string number{};                        // "4.6.1"; empty: unknown
    bool is_ready = false;
    bool is_reached = true;   // something answered
    bool is_refused = false;  // it wants a login, or another one
    std::string trouble{};    // why it is not ready, or tells no version
};

/// Reads the answer of a Kibana, or of OpenSearch Dashboards; no answer is one, too. Kibana 3, a
/// folder of files, is known by its page alone.
KibanaContact read_kibana_contact(const HttpOutcome& outcome);

/// Whether a page is the front page of Kibana 3.
bool is_page_of_kibana_3(const HttpOutcome& outcome);

}  // namespace caretaker
