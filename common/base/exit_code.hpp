// SPDX-License-Identifier: Apache-2.0
// The process's exit codes: part of the public interface, never renumbered.
#pragma once

#include <span>
#include <string_view>

namespace caretaker {

enum class ExitCode : int {
    ok = 0,
    failed = 1,
    usage = 2,
    partial = 3,
    findings = 4,
    braked = 5,
    locked = 6,
    unreachable = 7,
    timeout = 8,
    store = 9,
    denied = 10,
    hangup = 129,
    interrupted = 130,
    terminated = 143,
};

/// The states, and exit codes, of monitoring plugins (Nagios and its kin).
enum class NagiosState : int { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// "OK", "WARNING", "CRITICAL" or "UNKNOWN".
std::string_view to_string(NagiosState state);

struct ExitCodeInfo {
    ExitCode code{};
    std::string_view name{};
    std::string_view meaning{};
    std::string_view chronos{};                 // what the scheduler makes of it
    std::string_view jenkins{};                 // what a pipeline should make of it
    NagiosState nagios = NagiosState::unknown;  // of `findings`: the least that it may be
};

/// All codes in ascending order, with the words that help and documents show.
std::span<const ExitCodeInfo> exit_codes();

/// The code's row of exit_codes().
const ExitCodeInfo& describe(ExitCode code);

/// 128 + `signal`, as shells report a process that a signal ended.
ExitCode exit_code_for_signal(int signal);

}  // namespace caretaker
