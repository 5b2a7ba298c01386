// SPDX-License-Identifier: Apache-2.0
// Settings from environment variables. Pure: the variables are handed in.
#pragma once

#include "common/base/trigger.hpp"
#include "common/config/secret_setting.hpp"
#include "common/config/yaml_file.hpp"

#include <functional>
#include <span>
#include <string>

namespace caretaker {

/// Reads all CARETAKER_… variables; an empty one counts as not set. `targets` are the names known
/// from files and flags: CARETAKER_TARGETS_PROD_EU_KAFKA_… means the one that maps to PROD_EU, else
/// a new target prod_eu. CARETAKER_STORE and CARETAKER_LOG are short for CARETAKER_STORE_PATH and
/// CARETAKER_LOG_LEVEL. Where no setting has a variable that ends with _FILE, the one without it
/// has the value that `read_file` finds in the file named. Problems: names that are no setting,
/// values as for files, targets that share their variables' names, a short form that differs from
/// its long one, a variable given both directly and by file, and files that cannot be read. What
/// `rules` find is told of the values that are right otherwise.
ParsedSettings parse_environment(const EnvironmentMap& environment,
                                 std::span<const std::string> targets,
                                 const std::function<ValueFile(const std::string& path)>& read_file,
                                 std::span<const ValueRule> rules = {});

}  // namespace caretaker
