// SPDX-License-Identifier: Apache-2.0
// How many more instances of each app fit, and why no more. Pure.
#pragma once

#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/refusal.hpp"
#include "jobs/leftovers/workload.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Which resource allows the fewest instances on an agent.
enum class Binding : std::uint8_t { cpus, mem, disk, gpus, ports };

struct AppFit {
    std::uint32_t app = 0;  // in Workload::apps
    std::int64_t running = 0;
    std::int64_t waiting = 0;
    std::int64_t fits = 0;            // at least
    std::int64_t fits_most = 0;       // equal to `fits` where it is exact
    bool is_order_dependent = false;  // another order of offers may place more, or fewer
    std::string unsupported{};        // what of the app cannot be judged; then nothing fits
    std::int64_t local_fits = 0;      // without constraints that depend on instances
    std::int64_t pooled = 0;          // as if the agents it may use were one
    std::array<std::int64_t, refusal_count> refusals{};  // agents
    std::array<std::int64_t, 5> bindings{};              // agents with room, by Binding
    bool is_limited_by_quota = false;
    std::string blocked_by{};  // where nothing fits but for GROUP_BY: the values that wait
};

/// Over a cluster whose agents have their states.
struct Fits {
    std::vector<AppFit> apps{};    // as Workload::apps
    bool has_mix = false;          // some app runs, so that it can be told what nothing can use
    std::vector<bool> fits_any{};  // by agent: some app with running instances has room
    /// Running instances of the 64 apps that have most of them, and of those apps the ones with
    /// room, by agent.
    std::int64_t weight = 0;
    std::vector<std::int64_t> weight_there{};
    /// A million less the efficiency of the apps, weighted by their running instances; none without
    /// apps that run and could fit into the sums.
    std::optional<std::int64_t> index_millionths{};
};

Fits compute_fits(const ClusterFacts& facts, const Workload& workload);

/// The same with instances that were collected already.
Fits compute_fits(const ClusterFacts& facts,
                  const Workload& workload,
                  const std::vector<Instances>& placed);

}  // namespace caretaker
