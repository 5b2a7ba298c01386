// SPDX-License-Identifier: Apache-2.0
// What YAML makes of a value without quotes.
#pragma once

#include <string_view>

namespace caretaker {

enum class PlainType { text, number, boolean };

/// By the core schema of YAML 1.2: `yes` and `on` are text, `1e3`, `0x1F` and `.inf` are numbers.
/// (Null is told apart by the parser.)
PlainType plain_type(std::string_view text);

}  // namespace caretaker
