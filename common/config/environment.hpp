// SPDX-License-Identifier: Apache-2.0
// Settings from environment variables. Pure: the variables are handed in.
#pragma once

#include "common/base/trigger.hpp"
#include "common/config/yaml_file.hpp"

#include <span>
#include <string>

namespace caretaker {

/// Reads all CARETAKER_… variables; an empty one counts as not set. `targets` are the names known
/// from files and flags: CARETAKER_TARGETS_PROD_EU_KAFKA_… means the one that maps to PROD_EU, else
/// a new target prod_eu. Problems: names that are no setting, values as for files, targets that
/// share their variables' names, and CARETAKER_STORE differing from CARETAKER_STORE_PATH.
ParsedSettings parse_environment(const EnvironmentMap& environment,
                                 std::span<const std::string> targets);

}  // namespace caretaker
