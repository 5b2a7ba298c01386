// SPDX-License-Identifier: Apache-2.0
// The program between main and the jobs: arguments in, exit code out.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/job.hpp"
#include "common/cli/world.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Parses `args` (without the program's name), runs the job they name and prints its report. Errors
/// are printed, not thrown.
ExitCode run_program(std::span<const JobEntry> registry,
                     const std::vector<std::string>& args,
                     World& world);

}  // namespace caretaker
