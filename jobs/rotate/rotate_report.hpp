// SPDX-License-Identifier: Apache-2.0
// From what was planned and what became of it to the report of a run. Pure.
#pragma once

#include "common/base/report.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct RotateResult {
    std::span<const RotateStep> steps{};
    std::span<const SparedIndex> spared{};
    std::span<const std::string> warnings{};
    std::span<const std::string> troubles{};  // of the acting, beside the actions
    std::size_t indices_seen = 0;
    bool as_curator = false;  // an empty list is a failure
};

/// A row for each action, for each index that is left alone though its filters took it, and for
/// each action of a file of which nothing is done. Problems: steps that could not be planned, and
/// those that were not run because of an earlier one.
Report report_rotation(const RotateResult& result, const ActionList& actions);

}  // namespace caretaker
