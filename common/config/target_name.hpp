// SPDX-License-Identifier: Apache-2.0
// Which words can name a target.
#pragma once

#include <string_view>

namespace caretaker {

/// Whether `name` can name a target: 1 to 64 letters, digits, `_` and `-`, and not `all`, which
/// stands for every target. Names become parts of keys, metrics and file names.
bool is_target_name(std::string_view name);

/// The rule of is_target_name() for messages.
inline constexpr std::string_view target_name_rule =
    "a target's name is 1 to 64 letters, digits, '-' and '_', and not 'all'";

}  // namespace caretaker
