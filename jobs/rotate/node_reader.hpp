// SPDX-License-Identifier: Apache-2.0
// The nodes of a cluster, the copies of shards on them and the limits of their disks, as the
// cluster tells.
#pragma once

#include "jobs/rotate/cluster_nodes.hpp"
#include "jobs/rotate/disk_relief.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <string>
#include <vector>

namespace caretaker {

// All of these throw RemoteError and JsonError.

/// By one request, sorted by name.
std::vector<ClusterNode> fetch_nodes(SearchCluster& cluster);

/// The copies of all indices, or of those of a comma list of names (encoded); by one request.
std::vector<ShardCopy> fetch_shard_copies(SearchCluster& cluster, const std::string& names = {});

/// By one request. A server before 5.0 does not tell defaults; they are put in.
Watermarks fetch_watermarks(SearchCluster& cluster);

}  // namespace caretaker
