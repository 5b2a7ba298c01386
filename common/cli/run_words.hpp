// SPDX-License-Identifier: Apache-2.0
// Summaries of runs that did not come to an end of their own; no IO.
#pragma once

#include "common/base/action_list.hpp"
#include "common/base/exit_code.hpp"
#include "common/cli/run_locks.hpp"
#include "common/store/holds.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// "on hold until 2026-05-04T05:00:00.000Z by anna@ops1: index repair"
std::string describe_hold(const Hold& hold);

/// Who holds the lock that `job` did not get.
std::string describe_lock(const RunLocks& locks, std::string_view job);

/// What the exit code means and, where actions were planned, how many of them were done before.
std::string describe_failure(ExitCode code, const ActionList& actions);

}  // namespace caretaker
