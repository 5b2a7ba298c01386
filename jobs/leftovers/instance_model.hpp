// SPDX-License-Identifier: Apache-2.0
// Where the instances of each app run. Pure.
#pragma once

#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/workload.hpp"

#include <cstdint>
#include <vector>

namespace caretaker {

struct Instances {
    std::int64_t running = 0;
    /// Those that constraints count: of the present definition of the app, with a known place.
    InstancesByAgent counted{};
    /// The same of all that run, older definitions included.
    InstancesByAgent everywhere{};
};

/// Index: as Workload::apps. Tasks of agents that are not in the cluster are running, but nowhere.
std::vector<Instances> collect_instances(const Cluster& cluster, const Workload& workload);

}  // namespace caretaker
