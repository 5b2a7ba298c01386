// SPDX-License-Identifier: Apache-2.0
// The rules of verdicts out of the section `lag` of the configuration.
#pragma once

#include "jobs/lag/lag_rule_set.hpp"

namespace caretaker {

class Settings;

/// Throws UsageError that names every value of lag.groups that is wrong.
LagRuleSet load_lag_rules(const Settings& settings);

}  // namespace caretaker
