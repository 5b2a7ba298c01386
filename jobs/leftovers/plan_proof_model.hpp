// SPDX-License-Identifier: Apache-2.0
// Why a plan cannot be placed in any order and by nobody. Pure.
#pragma once

#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/plan_space_model.hpp"

#include <optional>
#include <span>
#include <string>

namespace caretaker {

struct PlanProof {
    std::string kind{};   // "sum", "single_app", "search"
    std::string words{};  // a sentence: "apps ask for 12 cpus, and 8 are free for them"
};

/// By sums: of all apps, and of those that may use no other agents than a set, more of a resource
/// is wanted than all of that set have, or than quota leaves to a role. By one app: more of it is
/// wanted than fit by themselves.
std::optional<PlanProof> prove_infeasible(PlanSpace& space, std::span<const WantedApp> wanted);

/// An app that cannot be judged, with the reason; empty: none.
std::string find_unjudged(PlanSpace& space, std::span<const WantedApp> wanted);

/// Whether the rooms that are measured are exact, so that a search through all placings proves
/// something: one view of all apps, no sums, no quota beside reservations, and no GPUs that stop
/// being in the way.
bool is_searchable(PlanSpace& space, std::span<const WantedApp> wanted);

}  // namespace caretaker
