// SPDX-License-Identifier: Apache-2.0
// The layer rules of the tree, checked on the include lines of a source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What is wrong with the includes of one file; `path` is relative to the repository root. Each
/// entry names the line and the rule.
std::vector<std::string> find_include_violations(std::string_view path, std::string_view source);

}  // namespace caretaker
