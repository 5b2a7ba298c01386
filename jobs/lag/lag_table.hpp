// SPDX-License-Identifier: Apache-2.0
// The views of a cluster's lag, as rows.
#pragma once

#include "common/base/table.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_view.hpp"

#include <cstdint>
#include <memory>

namespace caretaker {

struct LagTable {
    Table table{};
    std::int64_t hidden = 0;  // rows that the filter kept back
};

/// By group, topic and state: the worst status first, then the largest lag, ties by name. By
/// member and partition: by group, then by member id or by topic and number. The columns of
/// partitions, members and states are headed as in Kafka's own kafka-consumer-groups.sh --describe;
/// the rows of partitions are made from `cluster` while they are shown.
LagTable make_lag_table(std::shared_ptr<const ClusterLag> cluster, const LagViewOptions& options);

}  // namespace caretaker
