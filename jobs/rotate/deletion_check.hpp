// SPDX-License-Identifier: Apache-2.0
// A second look at what was deleted.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/rotate/search_cluster.hpp"

namespace caretaker {

/// Corrects deletes that the server confirmed and did not do; by one request.
void verify_indices(SearchCluster& cluster, ActionExecutor& executor);

}  // namespace caretaker
