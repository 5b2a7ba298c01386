// SPDX-License-Identifier: Apache-2.0
// The indices of a cluster: few requests, however many there are.
#pragma once

#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <vector>

namespace caretaker {

// All of these throw RemoteError (also where reading is denied) and JsonError.

/// Every index, hidden ones too, sorted by name, by at most four requests: settings, sizes,
/// aliases, data streams.
IndexList fetch_indices(SearchCluster& cluster);

/// Names, uuids and states alone, sorted by name; by one request.
IndexList fetch_names(SearchCluster& cluster);

/// Sets the number of segments of all open indices.
void fetch_segments(SearchCluster& cluster, std::vector<IndexFacts>& indices);

/// Notes which indices OpenSearch's ISM manages; nothing is asked of others. False where that may
/// not be read; then none is noted.
bool fetch_managed(SearchCluster& cluster, IndexList& list);

}  // namespace caretaker
