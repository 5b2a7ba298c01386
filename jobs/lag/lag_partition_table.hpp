// SPDX-License-Identifier: Apache-2.0
// The view by partition, whose rows a large cluster has a million of.
#pragma once

#include "jobs/lag/lag_table.hpp"

#include <memory>

namespace caretaker {

/// The rows are made from `cluster` while they are shown.
LagTable make_partition_table(std::shared_ptr<const ClusterLag> cluster,
                              const LagRowFilter& filter);

}  // namespace caretaker
