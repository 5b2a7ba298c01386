// SPDX-License-Identifier: Apache-2.0
// The least and greatest value of a date field in indices, by searches of them.
#pragma once

#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// Sets the range of each wanted field, by its index's number in `indices`; 100 a request. Throws
/// RemoteError and JsonError.
void fetch_ranges(SearchCluster& cluster,
                  std::vector<IndexFacts>& indices,
                  std::span<const std::pair<std::uint32_t, std::string>> wanted);

}  // namespace caretaker
