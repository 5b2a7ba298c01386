// SPDX-License-Identifier: Apache-2.0
// What is wrong with an action's options beyond each by itself.
#pragma once

#include "jobs/rotate/action_schema.hpp"

namespace caretaker {

/// Complains of values that do not go together, and of what stands deeper in maps.
void check_action_options(ActionType type, const CheckedOptions& options, OptionChecker& checker);

/// The conditions of a rollover, of their types: max_age and max_size are texts, max_docs a number.
/// Null ones are none.
CheckedOptions read_rollover_conditions(const CuratorValue& conditions, OptionChecker& checker);

}  // namespace caretaker
