// SPDX-License-Identifier: Apache-2.0
// Removals at a Docker Engine as rows of the plan, and as things of a saved one. No IO.
#pragma once

#include "common/base/action.hpp"
#include "jobs/cleanup/docker_plan.hpp"
#include "jobs/cleanup/planned_row.hpp"
#include "jobs/cleanup/saved_plan.hpp"

#include <cstddef>
#include <set>
#include <vector>

namespace caretaker {

PlannedRow row_of(const PlannedRemoval& removal, const Action& action);

/// Keeps a plan to one that was saved.
class DockerSavedPlan {
 public:
    explicit DockerSavedPlan(const SavedPlan& saved) : saved_(saved) {}

    /// Takes out of `removals` what the saved plan does not hold, and the build cache, of which the
    /// Engine chooses.
    void keep_to(std::vector<PlannedRemoval>& removals);

    /// What the saved plan holds of the Engine, and no call of keep_to() was about.
    [[nodiscard]] std::vector<Strayed> find_strayed(const DockerFacts& facts) const;

 private:
    const SavedPlan& saved_;
    std::set<std::size_t> found_{};  // of its things
};

}  // namespace caretaker
