// SPDX-License-Identifier: Apache-2.0
// The options that every recorded run takes, whatever its job.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/job.hpp"
#include "common/base/report.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace caretaker {

/// What to do when another run holds the lock.
enum class OnLocked { skip, fail, wait };

struct RunOptions {
    std::optional<std::chrono::milliseconds> timeout{};    // unset: the job's own
    std::optional<OnLocked> on_locked{};                   // unset: as the job has it
    std::optional<std::chrono::milliseconds> lock_wait{};  // with OnLocked::wait; unset: likewise
    std::int64_t max_skips = 3;                            // 0: no limit
    std::vector<ExitCode> exit_zero{};                     // returned as 0
    std::optional<Severity> fail_on{};
    bool nagios = false;
    std::string trigger{};  // empty: as detected
    std::string trigger_ref{};

    // Of runs that change things.
    bool dry_run = false;
    bool yes = false;
    std::optional<std::int64_t> max_actions{};
    std::optional<double> max_percent{};
};

/// Adds to `command` what runs of that kind take. `info` gives the defaults that help shows; null
/// adds all of them without showing any, for the program itself, before the command's name.
void add_run_options(CLI::App& command, const JobInfo* info, RunOptions& options);

/// Adds --nagios alone, for commands that record no run but judge.
void add_nagios_option(CLI::App& command, RunOptions& options);

/// Throws UsageError when an option that add_run_options() added to `program` was given to a
/// command that takes none such.
void check_run_options(const CLI::App& program, const JobInfo& info);

/// "partial,findings": names of exit codes. Throws UsageError, which begins with `origin`, for
/// words that are none, and for those that cannot be taken for a success (usage, signals).
std::vector<ExitCode> parse_exit_zero(std::string_view words, std::string_view origin);

}  // namespace caretaker
