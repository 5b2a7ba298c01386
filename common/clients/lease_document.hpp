// SPDX-License-Identifier: Apache-2.0
// A lease as JSON. No IO.
#pragma once

#include "common/clients/lease_plan.hpp"
#include "common/json/json_view.hpp"

#include <string>

namespace caretaker {

/// {"lock":"rotate","target":"prod","owner":"<uid>","host":"ops1","task_id":null,"pid":7,
/// "started_at":"<RFC 3339>","expires_at":"<RFC 3339>"}
std::string format_lease(const Lease& lease);

/// The lease in a document's _source. Throws JsonError "json_shape" where owner, host or expires_at
/// are missing or are something else; the others are for people alone and may be missing.
Lease read_lease(JsonView source);

}  // namespace caretaker
