// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_plan.hpp"

#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/list_age.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace caretaker {

namespace {

/// Seconds since 1970 by the first filter that reads an age, else of the creation.
std::int64_t age_for_order(std::span<const FilterSpec> filters, const IndexFacts& index) {
    constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::max();
    for (const FilterSpec& filter : filters) {
        if (filter.type == FilterType::age || filter.type == FilterType::period ||
            filter.options.flag("use_age")) {
            return AgeReader(filter.options).read(index).seconds.value_or(unknown);
        }
    }
    return index.created_ms ? *index.created_ms / 1000 : unknown;
}

std::string unfinished_key(std::string_view kind, std::string_view subject) {
    return fmt::format("{} {}", kind, subject);
}

}  // namespace

RotatePlanner::RotatePlanner(IndexList indices, PlanPolicy policy, UnixSeconds now)
    : lists_(std::move(indices), policy, now),
      policy_(policy),
      now_(now),
      actions_(lists_.texts()) {}

std::vector<SettledAction> RotatePlanner::settle(std::span<const UnsettledAction> unsettled) {
    std::vector<SettledAction> settled;
    const auto is_of = [](const UnsettledAction& action, ActionType type) {
        return action.kind == action_kind(type);
    };
    for (const UnsettledAction& action : unsettled) {
        const IndexFacts* found = lists_.find(action.subject);
        const bool is_there = found != nullptr && found->uuid == action.identity;
        if (is_of(action, ActionType::delete_indices)) {
            settled.push_back({.id = action.id, .done = !is_there});
        } else if (is_there && is_of(action, ActionType::close)) {
            settled.push_back({.id = action.id, .done = !found->is_open});
        } else if (is_there && is_of(action, ActionType::open)) {
            settled.push_back({.id = action.id, .done = found->is_open});
        } else if (is_of(action, ActionType::shrink) || is_of(action, ActionType::cold2frozen)) {
            // The source goes last.
            settled.push_back({.id = action.id, .done = !is_there});
            if (is_there) {
                unfinished_.insert(unfinished_key(action.kind, action.subject));
            }
        } else if (action.kind == restore_kind) {
            settled.push_back({.id = action.id, .done = found != nullptr});
        } else if (is_of(action, ActionType::reindex)) {
            // Whether all documents have come is not to be seen; it is begun again, or watched.
            settled.push_back({.id = action.id, .done = false});
            unfinished_.insert(unfinished_key(action.kind, action.subject));
        }
    }
    return settled;
}

bool RotatePlanner::is_unfinished(const ActionSpec& spec, std::string_view subject) const {
    return unfinished_.contains(unfinished_key(action_kind(spec.type), subject));
}

std::vector<WantedRange> RotatePlanner::wanted_ranges(const ActionSpec& spec) const {
    if (stopped_ || spec.options.flag("disable_action")) {
        return {};
    }
    return lists_.wanted_ranges(spec);
}

void RotatePlanner::end_empty(RotateStep& step) {
    if (finished_before_.contains(steps_.size())) {
        step.state = StepState::done_before;
        step.note = "an earlier run, which was stopped behind it, has done it";
        return;
    }
    const bool ignores = step.spec->options.flag("ignore_empty_list") || policy_.continue_on_empty;
    step.state = ignores ? StepState::empty : StepState::stopped;
    step.note = "no index is left by its filters";
    if (filter_form(step.spec->type) == FilterForm::snapshots) {
        step.note = "no snapshot is left by its filters";
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
    if (step.has_failed) {
        end_impossible(step, "it can be done to none of the indices left by its filters");
    } else {
        step.state = StepState::nothing;
        step.note = "all indices left by its filters are protected";
    }
}

void RotatePlanner::add(const ActionSpec& spec, const StepFacts& facts) {
    RotateStep step{.spec = &spec};
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
    } else {
        plan(step, facts);
    }
    steps_.push_back(std::move(step));
}

std::optional<std::string> RotatePlanner::find_undated(const ActionSpec& spec,
                                                       const StepFacts& facts) const {
    return policy_.strict ? lists_.find_undated(spec, facts.snapshots.snapshots) : std::nullopt;
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

void RotatePlanner::take_effect(const ActionSpec& spec, std::uint32_t index) {
    IndexFacts& facts = indices()[index];
    switch (spec.type) {
        case ActionType::delete_indices:
            facts.exists = false;
            break;
        case ActionType::close:
            facts.is_open = false;
            facts.docs.reset();
            facts.total_bytes.reset();
            facts.primary_bytes.reset();
            facts.rare.edit().segments.reset();
            if (spec.options.flag("delete_aliases")) {
                facts.rare.edit().aliases.clear();
            }
            break;
        case ActionType::open:
            facts.is_open = true;
            break;
        case ActionType::replicas:
            facts.replicas = static_cast<int>(spec.options.integer("count"));
            break;
        case ActionType::forcemerge:
            facts.rare.edit().segments = std::int64_t{facts.shards} *
                                         (1 + std::int64_t{facts.replicas}) *
                                         spec.options.integer("max_num_segments");
            break;
        case ActionType::allocation: {
            const std::string key = fmt::format(
                "{}.{}", spec.options.text("allocation_type"), spec.options.text("key"));
            auto& allocation = facts.rare.edit().allocation;
            std::erase_if(allocation, [&](const auto& pair) { return pair.first == key; });
            if (spec.options.has("value")) {
                TextArena& texts = *lists_.texts();
                allocation.emplace_back(texts.keep_once(key),
                                        texts.keep_once(spec.options.text("value")));
            }
            break;
        }
        default:
            break;
    }
}

void RotatePlanner::drop_unproven(const ActionSpec& spec, IndexNumbers& list) {
    if (!proofs_) {
        return;
    }
    std::erase_if(list, [&](std::uint32_t index) {
        std::string why = proofs_->why_unproven(indices()[index], spec.filters);
        if (!why.empty()) {
            lists_.spare(indices()[index].name, std::move(why));
            return true;
        }
        return false;
    });
}

/// The oldest of the list, as many as it takes. Those whose age is not known are the last.
IndexNumbers RotatePlanner::choose_for_disks(RotateStep& step, const IndexNumbers& list) {
    std::vector<std::pair<std::int64_t, std::uint32_t>> by_age;
    for (const std::uint32_t index : list) {
        by_age.emplace_back(age_for_order(step.spec->filters, indices()[index]), index);
    }
    std::ranges::sort(by_age);
    IndexNumbers chosen;
    for (const auto& [age, index] : by_age) {
        if (disks_->would_help(indices()[index].name)) {
            disks_->remove(indices()[index].name);
            chosen.push_back(index);
        }
    }
    if (disks_->is_tight()) {
        lists_.warn(
            fmt::format("action {}: no more index may be deleted, and disks are beyond "
                        "their limits: {}",
                        step.spec->id,
                        disks_->describe_excess()));
    } else if (chosen.empty()) {
        step.note = "no disk is beyond its limit";
    }
    if (chosen.empty() && step.note.empty()) {
        step.note = "none of the indices left by its filters lies on a disk beyond its limit";
    }
    std::ranges::sort(chosen);
    return chosen;
}

void RotatePlanner::plan_list(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    IndexNumbers list = lists_.select(spec, spec.filters);
    lists_.drop_unfit(spec, list);
    if (list.empty()) {
        return end_empty(step);
    }
    lists_.drop_protected(spec, list);
    if (spec.type == ActionType::delete_indices) {
        drop_unproven(spec, list);
        if (disks_ && !list.empty()) {
            list = choose_for_disks(step, list);
            if (list.empty()) {
                step.state = StepState::nothing;
                return;
            }
        }
    }
    for (const std::uint32_t index : list) {
        const IndexFacts& facts = indices()[index];
        Action action{.kind = std::string(action_kind(spec.type)),
                      .reason = lists_.reason_for(spec.filters, indices(), index)};
        if (spec.type == ActionType::delete_indices) {
            action.bytes = facts.total_bytes;
        }
        add_action(step, std::move(action), facts);
    }
    for (const std::uint32_t index : list) {
        take_effect(spec, index);
    }
    end_without_actions(step);
}

}  // namespace caretaker
