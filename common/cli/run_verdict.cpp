// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_verdict.hpp"

#include <algorithm>

namespace caretaker {

ExitCode exit_code_for(Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
        case Outcome::skipped:
            return ExitCode::ok;
        case Outcome::partial:
            return ExitCode::partial;
        case Outcome::findings:
            return ExitCode::findings;
        case Outcome::braked:
            return ExitCode::braked;
        case Outcome::timeout:
            return ExitCode::timeout;
        case Outcome::interrupted:
            return ExitCode::terminated;
        case Outcome::failed:
        case Outcome::lost:
            break;
    }
    return ExitCode::failed;
}

Verdict judge_report(const Report& report) {
    if (report.outcome != Outcome::ok || report.problems.empty()) {
        return {report.outcome, exit_code_for(report.outcome)};
    }
    const bool all_denied = std::ranges::all_of(report.problems, &Problem::denied);
    if (all_denied && report.items_seen <= report.items_failed) {
        return {Outcome::failed, ExitCode::denied};
    }
    return {Outcome::partial, ExitCode::partial};
}

Verdict judge_lock(OnLocked policy, std::int64_t streak, std::int64_t max_skips) {
    const bool too_often = max_skips > 0 && streak >= max_skips;
    const bool tolerated = policy == OnLocked::skip && !too_often;
    return {Outcome::skipped, tolerated ? ExitCode::ok : ExitCode::locked};
}

Verdict judge_actions(const ActionList& actions, std::int64_t refused) {
    const std::int64_t done = actions.count(ActionState::done);
    const std::int64_t failed = actions.count(ActionState::failed);
    const std::int64_t not_done =
        failed + actions.count(ActionState::unknown) + actions.count(ActionState::started);
    if (not_done == 0) {
        return {Outcome::ok, ExitCode::ok};
    }
    if (done > 0) {
        return {Outcome::partial, ExitCode::partial};
    }
    return {Outcome::failed, refused == not_done ? ExitCode::denied : ExitCode::failed};
}

std::optional<Severity> worst_severity(std::span<const Finding> findings,
                                       const std::vector<bool>& acknowledged) {
    std::optional<Severity> worst;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const bool counts = i >= acknowledged.size() || !acknowledged[i];
        if (counts && (!worst || *worst < findings[i].severity)) {
            worst = findings[i].severity;
        }
    }
    return worst;
}

Verdict judge_findings(Verdict verdict,
                       std::optional<Severity> worst,
                       std::optional<Severity> fail_on) {
    if (verdict.outcome == Outcome::ok && worst && fail_on && *worst >= *fail_on) {
        return {Outcome::findings, ExitCode::findings};
    }
    return verdict;
}

ExitCode returned_code(ExitCode code, std::span<const ExitCode> exit_zero) {
    return std::ranges::find(exit_zero, code) == exit_zero.end() ? code : ExitCode::ok;
}

NagiosState nagios_state(ExitCode returned, std::optional<Severity> worst) {
    if (returned == ExitCode::findings && worst && *worst >= Severity::high) {
        return NagiosState::critical;
    }
    return describe(returned).nagios;
}

}  // namespace caretaker
