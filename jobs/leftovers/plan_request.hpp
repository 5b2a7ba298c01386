// SPDX-License-Identifier: Apache-2.0
// What a run is asked about plans: the options, and the answers in its report.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/addition_model.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/plan_file.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

class CommandOptions;
class StopSignal;

class PlanRequest {
 public:
    void describe(CommandOptions& command);

    /// Reads the plans. Throws UsageError for each mistake.
    void configure();

    /// Whether anything is asked, for which the apps of a Marathon have to be known.
    [[nodiscard]] bool is_given() const {
        return !paths_.empty() || !templates_.empty() || is_removal_asked_ || compactions_ > 0;
    }

    /// Adds the answers to the report of a run. Throws UsageError where a plan names what is not
    /// there, and Interrupted.
    void answer(const ClusterFacts& facts, const StopSignal& stop, Report& report) const;

 private:
    void describe_additions(CommandOptions& command);
    [[nodiscard]] AdditionGoal goal() const;

    std::vector<std::string> paths_{};
    PlanRules rules_{};
    std::int64_t seed_ = 1;
    WhatIfPlan plan_{};
    std::vector<std::string> templates_{};
    std::optional<AdditionGoal> goal_{};
    bool is_removal_asked_ = false;
    std::int64_t compactions_ = 0;  // trials
};

}  // namespace caretaker
