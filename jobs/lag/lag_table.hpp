// SPDX-License-Identifier: Apache-2.0
// The three views of a cluster's lag, as rows.
#pragma once

#include "common/base/table.hpp"
#include "jobs/lag/lag_model.hpp"

#include <cstdint>
#include <memory>

namespace caretaker {

enum class LagView : std::uint8_t { group, topic, partition };

/// By group and by topic: the largest lag first, ties by name. By partition: by group, topic and
/// number, the first columns headed as in Kafka's own kafka-consumer-groups.sh --describe; these
/// rows are made from `cluster` while they are shown.
Table make_lag_table(std::shared_ptr<const ClusterLag> cluster, LagView view);

}  // namespace caretaker
