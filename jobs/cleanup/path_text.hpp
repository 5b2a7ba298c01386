// SPDX-License-Identifier: Apache-2.0
// Absolute paths as text, without a look at any file system.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// Whether `path` is `tree` or lies below it.
inline bool is_within(std::string_view path, std::string_view tree) {
    return path.starts_with(tree) && (path.size() == tree.size() || path[tree.size()] == '/');
}

/// "/var/lib/caretaker/caretaker.db" → "/var/lib/caretaker"; empty for what is not absolute.
inline std::string directory_of(std::string_view path) {
    return path.starts_with('/') ? std::string(path.substr(0, path.rfind('/'))) : std::string();
}

/// The path as a pattern that stands for itself alone.
inline std::string escape_pattern(std::string_view path) {
    std::string pattern;
    for (const char c : path) {
        if (std::string_view("*?[\\{").find(c) != std::string_view::npos) {
            pattern += '\\';
        }
        pattern += c;
    }
    return pattern;
}

}  // namespace caretaker
