// SPDX-License-Identifier: Apache-2.0
// The aliases of one index given to its successor.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <string_view>

namespace caretaker {

/// By one atomic request, with all that they are: filters, routing, the write index. Throws
/// RemoteError and JsonError.
ActionResult move_aliases(SearchCluster& cluster, std::string_view from, std::string_view to);

}  // namespace caretaker
