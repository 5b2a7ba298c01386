// SPDX-License-Identifier: Apache-2.0
// What other tools' configurations for cleaning directories say, as rules of ours. No IO.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A rule as the configuration file would hold it.
struct ImportedRule {
    std::string name{};
    std::vector<std::string> roots{};
    std::string age_by{};      // empty: the default
    std::string older_than{};  // "10d"
    int min_depth = 1;
    std::vector<std::string> types{};      // empty: the default
    std::vector<std::string> exclude{};    // relative to the roots
    std::vector<std::string> keep_dirs{};  // the same
};

struct ImportedRules {
    std::vector<std::string> protect{};
    std::vector<ImportedRule> rules{};
    /// What has no counterpart, or another meaning: whole sentences.
    std::vector<std::string> remarks{};
};

/// Takes the first line off `text`; returned without blanks at its front and without its end.
std::string_view take_line(std::string_view& text);

/// An age as our configuration takes it; what is nothing there is the least there is.
std::string limit_of(std::chrono::milliseconds age);

/// A flow sequence of quoted texts.
std::string yaml_list(const std::vector<std::string>& texts);

/// The section `cleanup` that says the same, with the remarks as comments below it. `origin` names
/// where it comes from.
std::string format_imported_rules(const ImportedRules& imported, std::string_view origin);

}  // namespace caretaker
