// SPDX-License-Identifier: Apache-2.0
// A cluster as it would be: what a plan removes is gone, what it adds is there, and what it wants
// is still to be placed. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/plan_file.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// Instances that are to be placed.
struct WantedApp {
    std::uint32_t app = 0;  // in Workload::apps of the scene
    std::int64_t instances = 0;
};

/// An instance of an older definition that runs on, and what it has there.
struct OldInstance {
    std::uint32_t agent = 0;  // in Cluster::agents
    std::array<Milli, scalar_count> scalars{};
    PortSet ports{};
};

/// A new definition of an app that runs: old instances stop while new ones start.
struct PlannedRestart {
    std::uint32_t app = 0;  // in Workload::apps of the scene, the new definition
    std::vector<OldInstance> instances{};
    bool keeps_roles = true;  // old and new ones take from the same reservations
};

struct PlanScene {
    /// Agents that go away take nothing any more, and old instances have stopped.
    ClusterFacts facts{};
    std::vector<WantedApp> wanted{};  // in the order of the plan, each app once
    std::int64_t removed = 0;         // instances that end
    std::int64_t displaced = 0;       // of these, those that have to be placed again
    std::int64_t bound = 0;           // of resident apps, which stay with agents that go away
    std::vector<PlannedRestart> restarts{};  // what has to happen on the way
    /// Further apps that Marathon restarts, for what changes and takes no resources.
    std::vector<std::uint32_t> restarted_alike{};
};

/// `facts` have their states. An app that runs already needs places for what its definition asks
/// for beyond what runs; with another definition for all instances, in the place of the old ones.
/// Members that a plan does not name stay as they are, as with Marathon. Throws UsageError where
/// the plan names apps, hosts or attributes that are not there.
PlanScene apply_plan(const ClusterFacts& facts, const WhatIfPlan& plan);

}  // namespace caretaker
