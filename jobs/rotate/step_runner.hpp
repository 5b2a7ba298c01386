// SPDX-License-Identifier: Apache-2.0
// Carries out planned steps at the server, through the executor that records each action.
#pragma once

#include "jobs/rotate/step_tools.hpp"

#include <string>
#include <utility>
#include <vector>

namespace caretaker {

class StepRunner {
 public:
    explicit StepRunner(StepTools tools) : tools_(std::move(tools)) {}

    /// Does the step, each of its actions; one that fails keeps no other from its turn. Whether all
    /// of it was done and waited for.
    bool run(const RotateStep& step);

    /// What went wrong beside the actions themselves, e.g. a wait that ran out.
    [[nodiscard]] const std::vector<std::string>& troubles() const { return tools_.troubles; }

 private:
    void run_alias(const RotateStep& step);
    void run_rollover(const RotateStep& step);
    void run_create(const RotateStep& step);
    void run_routing(const RotateStep& step);
    [[nodiscard]] bool is_done(const RotateStep& step) const;
    void wait_for_health(const RotateStep& step);
    [[nodiscard]] bool is_healthy(const RotateStep& step);

    StepTools tools_;
    bool waited_in_vain_ = false;
};

}  // namespace caretaker
