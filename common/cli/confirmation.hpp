// SPDX-License-Identifier: Apache-2.0
// What a person is shown before something is destroyed, and what counts as a yes; no IO.
#pragma once

#include "common/base/action_list.hpp"
#include "common/output/table_text.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// Above so many actions the target's name has to be typed.
inline constexpr std::size_t typed_name_from = 20;

/// The plan as a table, its first 100 rows, and the question.
std::string format_question(const ActionList& actions,
                            std::string_view target,
                            const TableStyle& style);

/// "yes" or "y"; with many actions the name of the target and nothing else.
bool is_consent(std::string_view answer, const ActionList& actions, std::string_view target);

}  // namespace caretaker
