// SPDX-License-Identifier: Apache-2.0
// The section `cleanup` of the settings as rules.
#pragma once

#include "common/config/value_rule.hpp"
#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/file_rule.hpp"

#include <string>
#include <vector>

namespace caretaker {

class Settings;

struct FileRules {
    std::vector<PathPattern> protect{};  // absolute; all rules
    std::vector<FileRule> rules{};       // in byte order of their names
    Pace pace{};
};

/// Throws UsageError with all mistakes at once: patterns that are none, refused roots, rules that
/// limit nothing.
FileRules load_file_rules(const Settings& settings);

/// What the patterns among those settings must be by themselves.
std::vector<ValueRule> cleanup_value_rules();

}  // namespace caretaker
