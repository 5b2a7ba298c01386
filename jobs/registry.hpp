// SPDX-License-Identifier: Apache-2.0
// The jobs of the binary.
#pragma once

#include "common/base/job.hpp"
#include "common/config/value_rule.hpp"

#include <span>
#include <vector>

namespace caretaker {

/// One row per command, in the order in which help shows them.
std::span<const JobEntry> registry();

/// What the values of the jobs' own keys must be.
std::vector<ValueRule> job_value_rules();

}  // namespace caretaker
