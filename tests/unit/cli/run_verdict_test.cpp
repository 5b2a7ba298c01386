// SPDX-License-Identifier: Apache-2.0
// From what happened in a run to its outcome and exit code.
#include "common/cli/run_verdict.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace caretaker {
namespace {

ActionList actions_of(std::initializer_list<ActionState> states) {
    ActionList list;
    for (const ActionState state : states) {
        list.push_back({.state = state});
    }
    return list;
}

const Verdict ok{};
const Verdict partial{Outcome::partial, ExitCode::partial};
const Verdict failed{Outcome::failed, ExitCode::failed};

TEST(ExitCodeFor, EachOutcomeIsThere) {
    EXPECT_EQ(exit_code_for(Outcome::ok), ExitCode::ok);
    EXPECT_EQ(exit_code_for(Outcome::partial), ExitCode::partial);
    EXPECT_EQ(exit_code_for(Outcome::findings), ExitCode::findings);
    EXPECT_EQ(exit_code_for(Outcome::failed), ExitCode::failed);
    EXPECT_EQ(exit_code_for(Outcome::skipped), ExitCode::ok);
    EXPECT_EQ(exit_code_for(Outcome::interrupted), ExitCode::terminated);
    EXPECT_EQ(exit_code_for(Outcome::timeout), ExitCode::timeout);
    EXPECT_EQ(exit_code_for(Outcome::braked), ExitCode::braked);
    EXPECT_EQ(exit_code_for(Outcome::lost), ExitCode::failed);
}

Report report_with(std::vector<Problem> problems, std::int64_t seen, std::int64_t failed_items) {
    return {.problems = std::move(problems), .items_seen = seen, .items_failed = failed_items};
}

const Problem broken{.code = "broken"};
const Problem refused{.code = "refused", .denied = true};
const Verdict denied{Outcome::failed, ExitCode::denied};

TEST(ReportOfAJob, WithoutProblemsIsASuccess) {
    EXPECT_EQ(judge_report(report_with({}, 0, 0)), ok);
    EXPECT_EQ(judge_report(report_with({}, 5, 0)), ok);
}

TEST(ReportOfAJob, WithProblemsIsPartial) {
    EXPECT_EQ(judge_report(report_with({broken}, 5, 1)), partial);
    EXPECT_EQ(judge_report(report_with({broken}, 1, 1)), partial);
    EXPECT_EQ(judge_report(report_with({broken}, 0, 0)), partial);
}

TEST(ReportOfAJob, IsDeniedOnlyWhenAllWasRefusedAndNothingCameThrough) {
    EXPECT_EQ(judge_report(report_with({refused}, 1, 1)), denied);
    EXPECT_EQ(judge_report(report_with({refused, refused}, 0, 0)), denied) << "not even a list";
    EXPECT_EQ(judge_report(report_with({refused}, 2, 1)), partial);
    EXPECT_EQ(judge_report(report_with({refused, broken}, 2, 2)), partial);
}

TEST(ReportOfAJob, ThatSaysHowItEndedIsBelieved) {
    EXPECT_EQ(judge_report({.outcome = Outcome::partial}), partial);
    EXPECT_EQ(judge_report({.outcome = Outcome::failed, .problems = {refused}}), failed);
}

TEST(Actions, ThatAreAllDoneOrNoneMakeASuccess) {
    EXPECT_EQ(judge_actions({}, 0), ok);
    EXPECT_EQ(judge_actions(actions_of({ActionState::done, ActionState::done}), 0), ok);
    EXPECT_EQ(judge_actions(actions_of({ActionState::done, ActionState::skipped}), 0), ok);
}

TEST(Actions, OfWhichSomeAreDoneAndSomeNotMakeAPartialRun) {
    EXPECT_EQ(judge_actions(actions_of({ActionState::done, ActionState::failed}), 0), partial);
    EXPECT_EQ(judge_actions(actions_of({ActionState::done, ActionState::failed}), 1), partial);
    EXPECT_EQ(judge_actions(actions_of({ActionState::done, ActionState::unknown}), 0), partial);
}

TEST(Actions, ThatAllFailedMakeAFailedRun) {
    EXPECT_EQ(judge_actions(actions_of({ActionState::failed, ActionState::failed}), 0), failed);
    EXPECT_EQ(judge_actions(actions_of({ActionState::failed, ActionState::failed}), 1), failed);
    EXPECT_EQ(judge_actions(actions_of({ActionState::unknown}), 0), failed);
}

TEST(Actions, ThatWereAllRefusedMakeADeniedRun) {
    EXPECT_EQ(judge_actions(actions_of({ActionState::failed, ActionState::failed}), 2),
              (Verdict{Outcome::failed, ExitCode::denied}));
    EXPECT_EQ(judge_actions(actions_of({ActionState::failed, ActionState::unknown}), 1), failed);
}

TEST(Lock, OfAnotherRunIsNoReasonToFailTwiceInARow) {
    EXPECT_EQ(judge_lock(OnLocked::skip, 1, 3).code, ExitCode::ok);
    EXPECT_EQ(judge_lock(OnLocked::skip, 2, 3).code, ExitCode::ok);
    EXPECT_EQ(judge_lock(OnLocked::skip, 3, 3).code, ExitCode::locked);
    EXPECT_EQ(judge_lock(OnLocked::skip, 4, 3).code, ExitCode::locked);
    EXPECT_EQ(judge_lock(OnLocked::skip, 400, 0).code, ExitCode::ok) << "0: no limit";
    EXPECT_EQ(judge_lock(OnLocked::skip, 3, 3).outcome, Outcome::skipped);
}

TEST(Lock, OfAnotherRunFailsAtOnceWhereTheCallerWantsItSo) {
    EXPECT_EQ(judge_lock(OnLocked::fail, 1, 3).code, ExitCode::locked);
    EXPECT_EQ(judge_lock(OnLocked::wait, 1, 3).code, ExitCode::locked);
}

std::vector<Finding> findings_of(std::initializer_list<Severity> severities) {
    std::vector<Finding> findings;
    for (const Severity severity : severities) {
        findings.push_back({.severity = severity});
    }
    return findings;
}

TEST(Findings, CountByTheWorstThatNobodyAcknowledged) {
    const auto findings = findings_of({Severity::low, Severity::high, Severity::warn});
    EXPECT_EQ(worst_severity(findings, {}), Severity::high);
    EXPECT_EQ(worst_severity(findings, {false, true, false}), Severity::warn);
    EXPECT_EQ(worst_severity(findings, {true, true, true}), std::nullopt);
    EXPECT_EQ(worst_severity({}, {}), std::nullopt);
}

TEST(Findings, ChangeTheCodeOnlyFromTheChosenSeverityOn) {
    const Verdict found{Outcome::findings, ExitCode::findings};
    EXPECT_EQ(judge_findings(ok, Severity::warn, Severity::warn), found);
    EXPECT_EQ(judge_findings(ok, Severity::critical, Severity::warn), found);
    EXPECT_EQ(judge_findings(ok, Severity::low, Severity::warn), ok);
    EXPECT_EQ(judge_findings(ok, Severity::critical, std::nullopt), ok);
    EXPECT_EQ(judge_findings(ok, std::nullopt, Severity::info), ok);
}

TEST(Findings, LeaveWorseOutcomesAlone) {
    EXPECT_EQ(judge_findings(partial, Severity::critical, Severity::info), partial);
    EXPECT_EQ(judge_findings(failed, Severity::critical, Severity::info), failed);
}

TEST(ReturnedCode, IsZeroForTheCodesThatTheCallerNamed) {
    const std::vector<ExitCode> zero{ExitCode::partial, ExitCode::findings};
    EXPECT_EQ(returned_code(ExitCode::partial, zero), ExitCode::ok);
    EXPECT_EQ(returned_code(ExitCode::failed, zero), ExitCode::failed);
    EXPECT_EQ(returned_code(ExitCode::failed, {}), ExitCode::failed);
}

TEST(NagiosState, OfFindingsGoesByTheirSeverity) {
    EXPECT_EQ(nagios_state(ExitCode::findings, Severity::warn), NagiosState::warning);
    EXPECT_EQ(nagios_state(ExitCode::findings, Severity::high), NagiosState::critical);
    EXPECT_EQ(nagios_state(ExitCode::ok, Severity::critical), NagiosState::ok);
    EXPECT_EQ(nagios_state(ExitCode::timeout, std::nullopt), NagiosState::critical);
}

}  // namespace
}  // namespace caretaker
