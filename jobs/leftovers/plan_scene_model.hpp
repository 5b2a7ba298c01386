// SPDX-License-Identifier: Apache-2.0
// A cluster as it would be: what a plan removes is gone, what it adds is there, and what it wants
// is still to be placed. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/plan_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// Instances that are to be placed.
struct WantedApp {
    std::uint32_t app = 0;  // in Workload::apps of the scene
    std::int64_t instances = 0;
};

struct PlanScene {
    ClusterFacts facts{};              // agents that go away take nothing any more
    std::vector<WantedApp> wanted{};   // in the order of the plan, each app once
    std::int64_t removed = 0;          // instances that end
    std::int64_t displaced = 0;        // of these, those that have to be placed again
    std::int64_t bound = 0;            // of resident apps, which stay with agents that go away
    std::vector<std::string> notes{};  // what of the plan meets nothing
};

/// `facts` have their states. An app that runs already needs places for what its definition asks
/// for beyond what runs; with another definition for all instances, beside the old ones where its
/// strategy for upgrades allows twice as many, else in their place. Throws UsageError where the
/// plan names apps, hosts or attributes that are not there.
PlanScene apply_plan(const ClusterFacts& facts, const WhatIfPlan& plan);

}  // namespace caretaker
