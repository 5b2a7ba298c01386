// SPDX-License-Identifier: Apache-2.0
// Which indices are open, and how large they are: from `_cat/indices`, or where OpenSearch (from
// 2.18 on, cat.indices.response.limit.number_of_indices) refuses so long a list, from the cluster's
// state and statistics.
#pragma once

#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace caretaker {

/// Among sorted ones; null when it is not there.
IndexFacts* find_by_name(std::vector<IndexFacts>& indices, std::string_view name);

/// Sets states, documents and sizes of sorted indices.
void fetch_sizes(SearchCluster& cluster, std::vector<IndexFacts>& indices);

/// Gets name, uuid and whether it is open, of each index.
using OnIndexState = std::function<void(std::string_view, std::string_view, bool)>;

/// `begin` is called before, once more each time that the list is read again.
void read_states(SearchCluster& cluster,
                 const std::function<void()>& begin,
                 const OnIndexState& on_index);

}  // namespace caretaker
