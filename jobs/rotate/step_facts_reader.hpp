// SPDX-License-Identifier: Apache-2.0
// What a single action needs to know of the cluster beside the list of indices.
#pragma once

#include "common/base/context.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/search_cluster.hpp"

namespace caretaker {

/// Where it is asked.
struct FactSources {
    SearchCluster& cluster;
    Context& context;
    UnixSeconds now{};
};

/// Nothing for an action that will not be planned. What the server refuses, or its version does not
/// have, becomes the problem of the facts. Throws RemoteError and JsonError.
StepFacts gather_facts(const ActionSpec& spec, RotatePlanner& planner, const FactSources& sources);

}  // namespace caretaker
