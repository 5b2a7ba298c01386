// SPDX-License-Identifier: Apache-2.0
// What no rule takes, whatever it says. No IO.
#pragma once

#include "common/text/path_pattern.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace caretaker {

/// The name of the file that keeps a directory, and all below it, from every rule.
inline constexpr std::string_view keep_file_name = ".caretaker-keep";

/// Whether one of the patterns, which are absolute, fits the absolute path.
inline bool is_protected(std::span<const PathPattern> protect, std::string_view path) {
    path.remove_prefix(1);  // the slash
    return std::ranges::any_of(protect,
                               [&](const PathPattern& pattern) { return pattern.matches(path); });
}

/// Whether file systems and quotas keep it at their top.
inline bool is_of_system(std::string_view name) {
    return name == "lost+found" || name == ".journal" || name.starts_with("aquota.");
}

}  // namespace caretaker
