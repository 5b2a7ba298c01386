// SPDX-License-Identifier: Apache-2.0
// The rules of all values of settings that some layer reads.
#pragma once

#include "common/config/load_settings.hpp"
#include "common/config/value_rule.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Those of StatsD, DNS, Kafka, the HTTP services and the heartbeat, and `of_jobs` behind them.
std::vector<ValueRule> all_value_rules(std::span<const ValueRule> of_jobs);

/// Everything that is wrong with files and variables, values that nothing can use included, in the
/// order in which it stands there.
std::vector<ConfigProblem> all_problems(const LoadedSettings& loaded);

/// The values that hold and that nothing can use, each as one sentence with its place. A run that
/// needs such a value ends with exit code 2; others must not, for other jobs share the file.
std::vector<std::string> doubts_in_effect(const LoadedSettings& loaded);

}  // namespace caretaker
