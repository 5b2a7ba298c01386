// SPDX-License-Identifier: Apache-2.0
// The text of one configuration file, checked against the key table. Pure: who calls has read the
// file.
#pragma once

#include "common/config/config_problem.hpp"
#include "common/config/settings.hpp"

#include <string_view>
#include <vector>

namespace caretaker {

/// Settings that were read, and everything that is wrong; when there are problems the settings are
/// those that were right.
struct ParsedSettings {
    std::vector<Setting> settings{};
    std::vector<ConfigProblem> problems{};
};

/// Parses a caretaker.yml. `file` is its name in origins and problems. Strict: unknown and repeated
/// keys, wrong types, values out of range and bad units are problems, all of them at once; after an
/// error of the YAML itself only that one. Text keys take quoted or plain text, but not what YAML
/// reads as a number or a boolean; numbers and booleans must not be quoted. A section without a
/// value is an empty one.
ParsedSettings parse_yaml_settings(std::string_view text, std::string_view file);

}  // namespace caretaker
