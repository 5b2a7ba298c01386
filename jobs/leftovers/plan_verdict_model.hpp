// SPDX-License-Identifier: Apache-2.0
// Whether a plan can be placed: yes with a placing that shows it, no with a proof, else not known.
// Pure.
#pragma once

#include "jobs/leftovers/plan_placing_model.hpp"
#include "jobs/leftovers/plan_restart_model.hpp"
#include "jobs/leftovers/plan_scene_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

enum class PlanVerdict { feasible, infeasible, unknown };

std::string_view to_string(PlanVerdict verdict);

/// How often Marathon, left alone, would place everything.
struct PlanTrials {
    std::int64_t count = 0;
    std::int64_t complete = 0;
    std::vector<std::int64_t> placed{};  // instances by trial, in rising order
};

struct PlanRules {
    PlacingPolicy policy = PlacingPolicy::best_fit_decreasing;  // of the placing that is shown
    std::uint64_t seed = 1;
    std::int64_t trials = 0;
};

struct PlanResult {
    PlanVerdict verdict = PlanVerdict::unknown;
    std::string proof{};   // "sum", "single_app", "restart", "search"; of a feasible one "witness"
    std::string reason{};  // why it is infeasible or unknown, a sentence
    std::int64_t wanted = 0;
    std::vector<PlacedInstance> placed{};  // the witness, else the most that was placed
    std::vector<std::pair<PlacingPolicy, std::int64_t>>
        policies{};                           // instances placed by each tried
    std::optional<PlacingPolicy> found_by{};  // none: a shuffled order or the search
    RestartWay way{};                         // of the restarts; complete: with these placed first
    std::vector<std::uint32_t> blocked{};     // apps whose restart does not even begin
    PlanTrials trials{};
};

/// Tries the policies, then seeded orders, then every way where the plan is small. Restarts have to
/// get there step by step besides. A placing counts as a witness only when check_placing() and
/// check_restarts() have nothing against it.
PlanResult judge_plan(const PlanScene& scene, const PlanRules& rules);

}  // namespace caretaker
