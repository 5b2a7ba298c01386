// SPDX-License-Identifier: Apache-2.0
#include "common/cli/upkeep_run.hpp"

#include "common/base/clock_trouble.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/cli/brake.hpp"
#include "common/cli/confirmation.hpp"
#include "common/cli/run_clock.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_problems = 20;  // the list of actions has them all

}  // namespace

void require_consent(const RunOptions& options, bool stdin_is_terminal) {
    if (!options.yes && !options.dry_run && !stdin_is_terminal) {
        throw UsageError(
            "this job changes things and there is no terminal to ask at; add --yes to do what is "
            "planned, or --dry-run to see it");
    }
}

BrakeLimits effective_limits(const BrakeLimits& of_job, const RunOptions& options) {
    BrakeLimits limits = of_job;
    if (options.max_actions) {
        limits.max_actions = options.max_actions;
    }
    if (options.max_percent) {
        limits.max_percent = options.max_percent;
    }
    return limits;
}

Verdict UpkeepRun::run() {
    make_plan();
    if (const auto trouble =
            find_clock_trouble(gather_clock_facts(around_.context, around_.clocks))) {
        return hold_back("clock", *trouble);
    }
    if (const auto brake = find_plan_brake()) {
        return hold_back("braked", *brake);
    }
    if (around_.context.run.dry_run || actions_.count(ActionState::would) == 0) {
        task_->conclude();
        return {};
    }
    if (!has_consent(actions_)) {
        held_back_ = "declined at the terminal; nothing was changed";
        skip_the_rest("declined");
        return {Outcome::skipped, ExitCode::ok};
    }
    return carry_out();
}

void UpkeepRun::make_plan() {
    Context& context = around_.context;
    const RunInfo& run = context.run;
    std::vector<UnsettledAction> unsettled;
    if (context.store != nullptr) {
        unsettled = context.store->unsettled_actions(run.job, run.target);
    }
    UpkeepPlan plan = task_->plan(unsettled);
    actions_ = std::move(plan.actions);
    universe_ = plan.universe;
    parts_ = std::move(plan.parts);
    planned_ = true;
    if (context.store != nullptr) {
        context.store->settle_actions(plan.settled, run.uid, context.clock.now());
    }
    if (run.dry_run && context.log.shows(LogLevel::info)) {
        for (std::size_t i = 0; i < actions_.size(); ++i) {
            if (actions_.state(i) != ActionState::would) {
                continue;
            }
            context.log.info(fmt::format("would {} {}", actions_.kind(i), actions_.subject(i)),
                             {{"reason", std::string(actions_.reason(i))}});
        }
    }
}

std::optional<std::string> UpkeepRun::find_plan_brake() const {
    if (parts_.empty()) {
        return find_brake(actions_.count_destructive(), universe_, limits_);
    }
    return find_brake_of_parts(parts_, limits_.max_actions, around_.options.max_percent);
}

Verdict UpkeepRun::hold_back(const char* word, const std::string& why) {
    held_back_ = "nothing was changed: " + why;
    problems_.push_back({.code = word, .message = why});
    skip_the_rest("braked");
    return {Outcome::braked, ExitCode::braked};
}

bool UpkeepRun::has_consent(const ActionList& actions) {
    const RunOptions& options = around_.options;
    if (options.yes) {
        return true;
    }
    const std::string& target = around_.context.run.target;
    const auto answer = around_.world.ask(
        format_question(actions, target, {.grouped_numbers = true}), around_.world.stop);
    return answer && is_consent(*answer, actions, target);
}

Verdict UpkeepRun::carry_out() {
    Context& context = around_.context;
    std::optional<ActionLog> record;
    if (context.store != nullptr) {
        record.emplace(context.store->action_log(around_.run_id));
    }
    context.progress.begin(
        "carrying out the plan", "actions", static_cast<std::int64_t>(actions_.size()));
    RecordedActions executor(actions_,
                             record,
                             {.clock = context.clock,
                              .stop = context.stop,
                              .log = context.log,
                              .progress = context.progress,
                              .permit = around_.permit});
    task_->act(executor);
    carry_out_further(executor);
    context.progress.begin("looking again", {}, std::nullopt);
    task_->verify(executor);
    task_->conclude();
    return judge_actions(actions_, executor.refused());
}

void UpkeepRun::carry_out_further(RecordedActions& executor) {
    const UpkeepPlan further = task_->plan_further();
    if (further.actions.empty()) {
        return;
    }
    extend_plan(further);
    if (const auto brake = find_plan_brake()) {
        problems_.push_back(
            {.code = "braked",
             .message = fmt::format("the plan was carried out, what is to be done beyond it was "
                                    "not: {}",
                                    *brake)});
        skip_the_rest("braked");
    } else if (has_consent(further.actions)) {
        task_->act_further(executor);
    } else {
        skip_the_rest("declined");
    }
}

void UpkeepRun::extend_plan(const UpkeepPlan& further) {
    for (const Action& action : further.actions) {
        actions_.push_back(action);
    }
    universe_ += further.universe;
    for (const PlanPart& more : further.parts) {
        const auto known = std::ranges::find(parts_, more.name, &PlanPart::name);
        if (known == parts_.end()) {
            parts_.push_back(more);
        } else {
            known->destructive += more.destructive;
            known->universe += more.universe;
        }
    }
}

void UpkeepRun::skip_the_rest(std::string_view why) {
    const WallTime now = around_.context.clock.now();
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        if (actions_.state(i) == ActionState::would) {
            actions_.set_ended(i, ActionState::skipped, now, why, std::nullopt);
        }
    }
}

bool UpkeepRun::did_something() const {
    return actions_.count(ActionState::done) > 0;
}

Report UpkeepRun::hand_over() {
    if (!planned_) {
        return {};
    }
    if (!around_.context.run.dry_run) {
        skip_the_rest("not begun");
    }
    Report report = task_->report(actions_);
    if (!held_back_.empty()) {
        report.summary = held_back_;
    }
    report.problems.insert(report.problems.end(), problems_.begin(), problems_.end());
    add_problems(report);
    report.actions = std::move(actions_);
    return report;
}

void UpkeepRun::add_problems(Report& report) const {
    std::size_t more = 0;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        const ActionState state = actions_.state(i);
        if (state != ActionState::failed && state != ActionState::unknown) {
            continue;
        }
        if (report.problems.size() >= most_problems) {
            ++more;
            continue;
        }
        const Action action = actions_[i];
        report.problems.push_back(
            {.code = state == ActionState::failed ? "action_failed" : "action_unknown",
             .message = fmt::format("{} {}: {}", action.kind, action.subject, action.error),
             .subject = action.subject});
    }
    if (more > 0) {
        report.problems.push_back(
            {.code = "action_failed",
             .message = fmt::format("{} more actions failed; the list of actions has them", more)});
    }
}

}  // namespace caretaker
