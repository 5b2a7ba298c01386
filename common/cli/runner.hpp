// SPDX-License-Identifier: Apache-2.0
// The life of one run: everything around a job's work that is the same for every job.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/base/job.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/world.hpp"

#include <span>
#include <string>

namespace caretaker {

class Settings;

struct RunRequest {
    const JobInfo& info;
    Job& job;
    const Settings& settings;
    std::string target{};
    std::span<const std::string> args{};
    const CommandHelp* commands = nullptr;
    std::string settings_problem{};  // only where JobInfo::tolerates lets it pass
};

/// Locks the job and target, records the run, lets the job work, keeps findings, metrics and
/// samples, sends StatsD. Ends as a FinishedRun whatever happens to the job; throws StoreError only
/// when the store is required and cannot be used.
FinishedRun run_recorded(const RunRequest& request, World& world, Log& log);

/// Runs a command that only shows what is known: no lock, no row, no metrics; the store is read,
/// not written, and may be missing. Throws what the command throws.
FinishedRun run_inspect(const RunRequest& request, World& world, Log& log);

}  // namespace caretaker
