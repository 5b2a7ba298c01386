// SPDX-License-Identifier: Apache-2.0
// The columns of `actions` that make an ActionRow.
#pragma once

#include "common/store/run_records.hpp"

#include <string_view>

namespace caretaker {

class Statement;

/// For a SELECT from `actions AS a` that begins with them.
std::string_view action_columns();

/// How many these are.
inline constexpr int action_column_count = 9;

/// The row that `statement` stands on.
ActionRow read_action(const Statement& statement);

}  // namespace caretaker
