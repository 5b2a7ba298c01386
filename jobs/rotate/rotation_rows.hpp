// SPDX-License-Identifier: Apache-2.0
// The table of a rotation: a row for each action, each spared index, and each step without actions.
#pragma once

#include "common/base/action_list.hpp"
#include "common/base/table.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What became of a step: "planned", "empty".
std::string_view state_word(StepState state);

/// What the rows are made of; kept until they have been shown, which may be after the run's task.
struct RotationRows {
    struct Step {
        std::string id{};
        std::string type{};
        std::string file{};
        std::string state{};  // empty: planned
        std::string note{};
        std::vector<std::size_t> actions{};
    };

    std::vector<Step> steps{};
    std::vector<SparedIndex> spared{};
    ActionList actions{};
};

/// Its columns.
Table make_rotation_table();

void visit_rows(const RotationRows& rows, const RowVisitor& visit);

}  // namespace caretaker
