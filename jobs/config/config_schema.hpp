// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of caretaker.yml, made from the key table. Pure.
#pragma once

#include <string>

namespace caretaker {

/// Draft 2020-12, one line; editors check and complete the file with it. It knows types, ranges of
/// integers, choices and the forms of durations and sizes; the program's own check knows more.
std::string format_config_schema();

}  // namespace caretaker
