// SPDX-License-Identifier: Apache-2.0
// Date math in names that only the server can resolve: weeks, names of months, zones by name.
#pragma once

#include "jobs/rotate/action_schema.hpp"
#include "jobs/rotate/search_cluster.hpp"
#include "jobs/rotate/timestring.hpp"

#include <map>
#include <string>

namespace caretaker {

/// What the server makes of those names among `options` (name, new_index) that are not resolved
/// here, by their texts. It is asked, as Curator does, for an index that cannot be there, for which
/// the error names it. `problem` is set where it does not say.
std::map<std::string, std::string> resolve_by_server(SearchCluster& cluster,
                                                     const CheckedOptions& options,
                                                     UnixSeconds now,
                                                     std::string& problem);

}  // namespace caretaker
