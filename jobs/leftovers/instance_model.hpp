// SPDX-License-Identifier: Apache-2.0
// Where the instances of each app run. Pure.
#pragma once

#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/workload.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace caretaker {

struct Instances {
    std::int64_t running = 0;
    /// Agent and number of those that constraints count: of the present definition of the app, with
    /// a known place. An agent may stand here more than once.
    std::vector<std::pair<std::uint32_t, std::int32_t>> counted{};
    /// The same of all that run, older definitions included.
    std::vector<std::pair<std::uint32_t, std::int32_t>> everywhere{};
};

/// Index: as Workload::apps. Tasks of agents that are not in the cluster are running, but nowhere.
std::vector<Instances> collect_instances(const Cluster& cluster, const Workload& workload);

}  // namespace caretaker
