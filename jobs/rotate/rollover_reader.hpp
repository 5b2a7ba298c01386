// SPDX-License-Identifier: Apache-2.0
// What a rollover would do, asked of the server without doing it.
#pragma once

#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <string>

namespace caretaker {

/// `body` holds the conditions; `new_index` may be empty. `problem` is set where the server refuses
/// it. Throws RemoteError and JsonError.
RolloverForecast forecast_rollover(SearchCluster& cluster,
                                   const std::string& alias,
                                   const std::string& new_index,
                                   const std::string& body,
                                   std::string& problem);

}  // namespace caretaker
