// SPDX-License-Identifier: Apache-2.0
// The answers to GET /api/status, in the shapes that Kibana's versions have.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/kibana_state.hpp"

namespace caretaker::sandbox {

/// Kibana 4.2 to 5: up to 60 windows of each metric, newest first. 6.0 to 6.3: one window, uptime
/// beside it. 6.4 to 7 and OpenSearch Dashboards: uptime below "process". 8 and later: "level"
/// instead of "state"; `is_redacted` (nobody is logged in): nothing but that.
void write_kibana_status(Json& json, const KibanaState& state, bool is_redacted);

}  // namespace caretaker::sandbox
