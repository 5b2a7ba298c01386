// SPDX-License-Identifier: Apache-2.0
// How many agents have to be added so that something fits. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/plan_file.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// What added agents are for.
struct AdditionGoal {
    enum class Kind { plan, n1, fits };
    Kind kind = Kind::n1;
    std::string app{};           // of `fits`
    std::int64_t instances = 0;  // further ones of it
};

/// "plan", "n1", "fits:/es=5"; nothing for another text.
std::optional<AdditionGoal> parse_addition_goal(std::string_view text);

/// Some agents of one template.
struct AgentAddition {
    std::string name{};                   // of the template
    std::optional<std::int64_t> count{};  // none: not found, or never
    std::int64_t lower = 0;               // fewer are not enough
    bool is_minimal = false;              // one less is proven to be too few
    std::string reason{};                 // why there is no count
};

/// What of a cluster an addition is judged by.
struct AdditionQuestion {
    const ClusterFacts& facts;
    const WhatIfPlan& plan;
    const PlanRules& rules;
    AdditionGoal goal{};
};

/// Tries one more after the other from the lower bound on, for a placing may fail with one more and
/// succeed with one less. Throws UsageError for an app that is not there.
AgentAddition find_addition(const AdditionQuestion& question,
                            std::string name,
                            AgentTemplate agents);

/// Kinds of agents by their amounts, the most frequent first, with "class:1" and so on as names.
std::vector<std::pair<std::string, AgentTemplate>> agent_classes(const Cluster& cluster);

}  // namespace caretaker
