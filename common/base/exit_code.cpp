// SPDX-License-Identifier: Apache-2.0
#include "common/base/exit_code.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array table{
    ExitCodeInfo{ExitCode::ok,
                 "ok",
                 "done; also nothing to do, and findings below --fail-on",
                 "success",
                 "SUCCESS",
                 NagiosState::ok},
    ExitCodeInfo{ExitCode::failed,
                 "failed",
                 "the job could not do its work",
                 "failure, retried",
                 "FAILURE",
                 NagiosState::critical},
    ExitCodeInfo{ExitCode::usage,
                 "usage",
                 "wrong arguments or configuration; nothing was started",
                 "failure, retried in vain",
                 "FAILURE",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::partial,
                 "partial",
                 "finished, but at least one item failed",
                 "failure, retried",
                 "UNSTABLE",
                 NagiosState::warning},
    ExitCodeInfo{ExitCode::findings,
                 "findings",
                 "a finding at or above --fail-on",
                 "failure, retried",
                 "UNSTABLE",
                 NagiosState::warning},
    ExitCodeInfo{ExitCode::braked,
                 "braked",
                 "a safety brake held; nothing (more) was changed",
                 "failure, retried in vain",
                 "FAILURE",
                 NagiosState::critical},
    ExitCodeInfo{ExitCode::locked,
                 "locked",
                 "another run of this job and target holds the lock",
                 "failure, retried",
                 "FAILURE",
                 NagiosState::warning},
    ExitCodeInfo{ExitCode::unreachable,
                 "unreachable",
                 "the target did not answer; try again later",
                 "failure, retried",
                 "FAILURE",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::timeout,
                 "timeout",
                 "the run's own time limit was reached",
                 "failure, retried",
                 "FAILURE",
                 NagiosState::critical},
    ExitCodeInfo{ExitCode::store,
                 "store",
                 "the store is needed but cannot be used",
                 "failure, retried",
                 "FAILURE",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::denied,
                 "denied",
                 "authentication, permission or TLS verification refused",
                 "failure, retried in vain",
                 "FAILURE",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::hangup,
                 "signal",
                 "ended by SIGHUP",
                 "killed, not retried",
                 "ABORTED",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::interrupted,
                 "signal",
                 "ended by SIGINT",
                 "killed, not retried",
                 "ABORTED",
                 NagiosState::unknown},
    ExitCodeInfo{ExitCode::terminated,
                 "signal",
                 "ended by SIGTERM",
                 "killed, not retried",
                 "ABORTED",
                 NagiosState::unknown},
};

}  // namespace

std::string_view to_string(NagiosState state) {
    static constexpr std::array<std::string_view, 4> words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return words.at(static_cast<std::size_t>(state));
}

std::span<const ExitCodeInfo> exit_codes() {
    return table;
}

const ExitCodeInfo& describe(ExitCode code) {
    const auto* row = std::ranges::find(table, code, &ExitCodeInfo::code);
    return row == table.end() ? table[1] : *row;
}

ExitCode exit_code_for_signal(int signal) {
    return static_cast<ExitCode>(128 + signal);
}

}  // namespace caretaker
