// SPDX-License-Identifier: Apache-2.0
// The other cluster of a reindex from remote.
#pragma once

#include "common/http/service_http.hpp"
#include "jobs/rotate/option_schema.hpp"

namespace caretaker {

/// How this program itself reaches it, to list its indices: source.remote of the request body, and
/// the remote_… options of the action.
ServiceOptions remote_service(const CheckedOptions& options, const CuratorValue& remote);

}  // namespace caretaker
