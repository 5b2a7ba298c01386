// SPDX-License-Identifier: Apache-2.0
#include "common/base/exit_code.hpp"

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array table{
    ExitCodeInfo{ExitCode::ok, "ok", "done; also nothing to do, and findings below --fail-on"},
    ExitCodeInfo{ExitCode::failed, "failed", "the job could not do its work"},
    ExitCodeInfo{ExitCode::usage, "usage", "wrong arguments or configuration; nothing was started"},
    ExitCodeInfo{ExitCode::partial, "partial", "finished, but at least one item failed"},
    ExitCodeInfo{ExitCode::findings, "findings", "a finding at or above --fail-on"},
    ExitCodeInfo{ExitCode::braked, "braked", "a safety brake held; nothing (more) was changed"},
    ExitCodeInfo{ExitCode::locked, "locked", "another run of this job and target holds the lock"},
    ExitCodeInfo{
        ExitCode::unreachable, "unreachable", "the target did not answer; try again later"},
    ExitCodeInfo{ExitCode::timeout, "timeout", "the run's own time limit was reached"},
    ExitCodeInfo{ExitCode::store, "store", "the store is needed but cannot be used"},
    ExitCodeInfo{
        ExitCode::denied, "denied", "authentication, permission or TLS verification refused"},
    ExitCodeInfo{ExitCode::hangup, "signal", "ended by SIGHUP"},
    ExitCodeInfo{ExitCode::interrupted, "signal", "ended by SIGINT"},
    ExitCodeInfo{ExitCode::terminated, "signal", "ended by SIGTERM"},
};

}  // namespace

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
