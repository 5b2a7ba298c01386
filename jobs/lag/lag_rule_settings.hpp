// SPDX-License-Identifier: Apache-2.0
// The rules of verdicts out of the section `lag` of the configuration.
#pragma once

#include "common/config/value_rule.hpp"
#include "jobs/lag/lag_rule_set.hpp"

#include <vector>

namespace caretaker {

class Settings;

/// Throws UsageError that names every value of lag.groups that is wrong.
LagRuleSet load_lag_rules(const Settings& settings);

/// What the maps of lag.groups must hold: patterns, and what stands for them.
std::vector<ValueRule> lag_value_rules();

}  // namespace caretaker
