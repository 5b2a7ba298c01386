// SPDX-License-Identifier: Apache-2.0
// What was done to one thing, as a table. Pure.
#pragma once

#include "common/base/table.hpp"
#include "common/store/subject_queries.hpp"

#include <span>

namespace caretaker {

/// One row an action, in the order given.
Table format_subject_actions(std::span<const SubjectAction> actions);

}  // namespace caretaker
