// SPDX-License-Identifier: Apache-2.0
// The text of one configuration file, checked against the key table. Pure: who calls has read the
// file.
#pragma once

#include "common/config/config_problem.hpp"
#include "common/config/settings.hpp"
#include "common/config/value_rule.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A value of the right type that nothing can use.
struct DoubtfulValue {
    std::string path{};    // of the key
    std::string origin{};  // the setting's
    ConfigProblem problem{};

    friend bool operator==(const DoubtfulValue&, const DoubtfulValue&) = default;
};

/// Settings that were read, and everything that is wrong; when there are problems the settings are
/// those that were right.
struct ParsedSettings {
    std::vector<Setting> settings{};
    std::vector<ConfigProblem> problems{};
    std::vector<DoubtfulValue> doubtful{};  // their settings are among `settings` all the same
};

/// Parses a caretaker.yml. `file` is its name in origins and problems. Strict: unknown and repeated
/// keys, wrong types, values out of range and bad units are problems, all of them at once; after an
/// error of the YAML itself only that one. Text keys take quoted or plain text, but not what YAML
/// reads as a number or a boolean; numbers and booleans must not be quoted. A section without a
/// value is an empty one. What `rules` find is told of the values that are right otherwise.
ParsedSettings parse_yaml_settings(std::string_view text,
                                   std::string_view file,
                                   std::span<const ValueRule> rules = {});

}  // namespace caretaker
