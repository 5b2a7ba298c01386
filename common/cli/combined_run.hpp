// SPDX-License-Identifier: Apache-2.0
// Several runs of one command, one a target, as the one result that its caller gets. Pure.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/finished_run.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

/// What stands in the place of the target's name.
inline constexpr std::string_view all_targets = "all";

/// The code of all: that of each where they agree; with findings on some and nothing worse, that of
/// findings; of an interruption, the interruption's; else `partial`, for something came through or
/// failed in more than one way.
ExitCode combined_code(std::span<const ExitCode> codes);

/// What a monitoring plugin says of all: the worst, where critical is worse than unknown.
NagiosState combined_state(std::span<const NagiosState> states);

/// `runs`, in their order, as one: rows with the target before them, findings and problems with the
/// target before their subjects, metrics with a label of it, a table that says how each target
/// ended. Its id is that of the first run. At least one run.
FinishedRun combine_runs(std::vector<FinishedRun> runs, std::span<const ExitCode> exit_zero);

}  // namespace caretaker
