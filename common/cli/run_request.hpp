// SPDX-License-Identifier: Apache-2.0
// What the program asks of the runner.
#pragma once

#include "common/base/context.hpp"
#include "common/base/job.hpp"
#include "common/cli/run_options.hpp"

#include <span>
#include <string>

namespace caretaker {

class Settings;
struct CommandHelp;

struct RunRequest {
    const JobInfo& info;
    Job& job;
    const Settings& settings;
    std::string target{};
    std::span<const std::string> args{};
    const RunOptions& options;
    const CommandHelp* commands = nullptr;   // the whole program's; for commands that only show
    bool wants_result = true;                // false: nothing goes to standard output
    std::span<const std::string> secrets{};  // must stand in nothing that leaves the process
    std::string settings_problem{};          // only where JobInfo::tolerates lets it pass
    Audience audience{};
};

}  // namespace caretaker
