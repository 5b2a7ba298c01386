// SPDX-License-Identifier: Apache-2.0
// From what happened in a run to its outcome and exit code; no IO.
#pragma once

#include "common/base/action_list.hpp"
#include "common/base/exit_code.hpp"
#include "common/base/report.hpp"
#include "common/cli/run_options.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

struct Verdict {
    Outcome outcome = Outcome::ok;
    ExitCode code = ExitCode::ok;

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// The code of an outcome of which nothing more is known: `failed` may also be unreachable, denied
/// or a lack of the store, `skipped` may be locked, and `interrupted` depends on the signal.
ExitCode exit_code_for(Outcome outcome);

/// A run that a job ended by itself. What the job says stands; where it says ok, problems make it
/// partial, or denied if nothing came through and all of them are for lack of rights.
Verdict judge_report(const Report& report);

/// A run that another one's lock keeps away, the `streak`th of this job and target in a row.
/// Skipping is fine now and then; in a row it means that the holder hangs.
Verdict judge_lock(OnLocked policy, std::int64_t streak, std::int64_t max_skips);

/// A run that ended by itself, judged by its actions: partial when some were done and some not;
/// when none was done, denied if all of them were refused for lack of rights, else failed.
/// `refused` of those that failed were refused.
Verdict judge_actions(const ActionList& actions, std::int64_t refused);

/// The worst severity among findings that nobody acknowledged; nothing when there is none.
/// `acknowledged` is empty or as long as `findings`.
std::optional<Severity> worst_severity(std::span<const Finding> findings,
                                       const std::vector<bool>& acknowledged);

/// A run that ended well has the outcome `findings` when the worst of them reaches `fail_on`.
Verdict judge_findings(Verdict verdict,
                       std::optional<Severity> worst,
                       std::optional<Severity> fail_on);

/// The code that the process returns: 0 for those of `exit_zero`.
ExitCode returned_code(ExitCode code, std::span<const ExitCode> exit_zero);

/// The state of a monitoring plugin for a returned code; findings are critical from `high` on.
NagiosState nagios_state(ExitCode returned, std::optional<Severity> worst);

}  // namespace caretaker
