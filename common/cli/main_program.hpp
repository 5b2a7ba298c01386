// SPDX-License-Identifier: Apache-2.0
// What main does: builds the real world and hands over.
#pragma once

#include "common/base/job.hpp"
#include "common/config/value_rule.hpp"

#include <span>

namespace caretaker {

/// Installs the handlers of signals first, then runs the command that the arguments name; `rules`
/// are those of the jobs' own keys. Returns the exit code of the process.
int run_main(std::span<const JobEntry> registry,
             std::span<const ValueRule> rules,
             int argc,
             char** argv);

}  // namespace caretaker
