// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_plan.hpp"

#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/date_math.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

RotatePlanner::RotatePlanner(IndexList indices, PlanPolicy policy, UnixSeconds now)
    : lists_(std::move(indices), policy, now),
      policy_(policy),
      now_(now),
      actions_(lists_.texts()) {}

std::vector<WantedRange> RotatePlanner::wanted_ranges(const ActionSpec& spec) const {
    if (stopped_ || spec.options.flag("disable_action")) {
        return {};
    }
    return lists_.wanted_ranges(spec);
}

void RotatePlanner::end_empty(RotateStep& step) {
    const bool was_at_it = stopped_run_.begun == steps_.size() && !stopped_run_.done.empty();
    if (was_at_it || stopped_run_.has_finished(steps_.size())) {
        return end_done_before(step);
    }
    const bool passes_dry_run = policy_.as_curators_dry_run && !lists_.met_empty_list() &&
                                !looks_at_list_in_dry_run(step.spec->type);
    const bool ignores =
        step.spec->options.flag("ignore_empty_list") || policy_.continue_on_empty || passes_dry_run;
    step.state = ignores ? StepState::empty : StepState::stopped;
    step.note = "no index is left by its filters";
    if (filter_form(step.spec->type) == FilterForm::snapshots) {
        step.note = "no snapshot is left by its filters";
    }
    if (passes_dry_run) {
        step.note += "; a run that is not dry would fail here";
    }
    stopped_ = stopped_ || !ignores;
}

void RotatePlanner::end_impossible(RotateStep& step, std::string note) {
    step.state = StepState::impossible;
    step.note = std::move(note);
    stopped_ = stopped_ || !step.spec->options.flag("continue_if_exception");
}

void RotatePlanner::fail_index(RotateStep& step, std::string_view name, std::string reason) {
    step.has_failed = true;
    lists_.fail(name, std::move(reason));
}

/// Of a step whose list is not empty and of which nothing can, or needs to, be done.
void RotatePlanner::end_without_actions(RotateStep& step) {
    if (!step.actions.empty()) {
        return;
    }
    if (!step.done_before.empty() && !step.has_failed) {
        end_done_before(step);
    } else if (step.has_failed) {
        end_impossible(step, "it can be done to none of the indices left by its filters");
    } else {
        step.state = StepState::nothing;
        step.note = "all indices left by its filters are protected";
    }
}

void RotatePlanner::add(const ActionSpec& spec, const StepFacts& facts) {
    RotateStep step{.spec = &spec};
    names_.insert(facts.names.begin(), facts.names.end());
    lists_.begin_step(steps_.size());
    if (spec.options.flag("disable_action")) {
        step.state = StepState::disabled;
        step.note = "disable_action is set";
    } else if (stopped_) {
        step.state = StepState::not_run;
        step.note = "an action before it ended the run";
    } else if (!facts.problem.empty()) {
        end_impossible(step, facts.problem);
    } else if (const auto undated = find_undated(spec, facts)) {
        end_impossible(step, fmt::format("--strict is given, and {}", *undated));
    } else if (is_done_before(spec.type)) {
        end_done_before(step);
    } else {
        plan(step, facts);
    }
    steps_.push_back(std::move(step));
}

std::optional<std::string> RotatePlanner::find_undated(const ActionSpec& spec,
                                                       const StepFacts& facts) const {
    return policy_.strict ? lists_.find_undated(spec, facts.snapshots.snapshots) : std::nullopt;
}

std::string RotatePlanner::resolved(const std::string& text) const {
    const auto known = names_.find(text);
    return known == names_.end() ? resolve_name(text, now_).name : known->second;
}

void RotatePlanner::plan(RotateStep& step, const StepFacts& facts) {
    switch (step.spec->type) {
        case ActionType::alias:
            return plan_alias(step);
        case ActionType::rollover:
            return plan_rollover(step, facts);
        case ActionType::create_index:
            return plan_create(step);
        case ActionType::cluster_routing:
            return plan_routing(step);
        case ActionType::snapshot:
            return plan_snapshot(step);
        case ActionType::delete_snapshots:
            return plan_snapshot_deletes(step, facts);
        case ActionType::restore:
            return plan_restore(step, facts);
        case ActionType::shrink:
            return plan_shrink(step, facts);
        case ActionType::reindex:
            return plan_reindex(step, facts);
        case ActionType::cold2frozen:
            return plan_mount(step, facts);
        default:
            return plan_list(step);
    }
}

void RotatePlanner::add_action(RotateStep& step, Action action) {
    action.destructive = is_destructive(step.spec->type);
    step.actions.push_back(actions_.size());
    actions_.push_back(action);
}

/// Of an index, whose name and uuid are there already.
void RotatePlanner::add_action(RotateStep& step, Action action, const IndexFacts& subject) {
    action.destructive = is_destructive(step.spec->type);
    step.actions.push_back(actions_.size());
    actions_.push_back(action, subject.name, subject.uuid);
}

/// That the plan will have made by then. Adding the next one may move it.
IndexFacts& RotatePlanner::add_index(std::string_view name) {
    return indices().emplace_back(IndexFacts{.name = lists_.texts()->keep(name),
                                             .created_ms = now_.time_since_epoch().count() * 1000,
                                             .docs = 0});
}

}  // namespace caretaker
