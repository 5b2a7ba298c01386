// SPDX-License-Identifier: Apache-2.0
// The wildcards in names of indices as search engines read them.
#pragma once

#include <string_view>

namespace caretaker {

/// Whether the pattern, in which `*` alone is special, fits the whole name.
bool matches_wildcard(std::string_view pattern, std::string_view name);

}  // namespace caretaker
