// SPDX-License-Identifier: Apache-2.0
// The planner's steps of their own kind: aliases, rollovers, new indices, snapshots.
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

/// As the server and Curator want the alias of a rollover: a marked write index, or one index with
/// a number at its end.
bool ends_in_number(std::string_view name) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (name.size() < 2 || !is_digit(name.back())) {
        return false;
    }
    const char before = name[name.size() - 2];
    return is_digit(before) || before == '-';
}

}  // namespace

void RotatePlanner::plan_alias(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    step.name = resolved(spec.options.text("name"));
    const bool only_warns = spec.options.flag("warn_if_no_indices");
    bool has_warned = false;
    const auto half = [&](bool wanted, std::span<const FilterSpec> filters) {
        IndexNumbers list;
        if (wanted) {
            list = lists_.select(spec, filters);
        }
        if (wanted && list.empty()) {
            has_warned = true;
            if (only_warns) {
                lists_.warn(fmt::format(
                    "action {}: one of its lists for the alias {} is empty", spec.id, step.name));
            }
        }
        return list;
    };
    const IndexNumbers removed = half(spec.has_remove, spec.remove);
    const IndexNumbers added = half(spec.has_add, spec.add);
    if (has_warned && (!only_warns || (removed.empty() && added.empty()))) {
        end_empty(step);
        return;
    }
    const CuratorValue* extra = spec.options.find("extra_settings");
    const bool has_extra = extra != nullptr && !extra->keys.empty();
    for (const std::uint32_t index : removed) {
        // What is added again in the same request stays as it is.
        const bool is_kept = std::ranges::binary_search(added, index);
        if (indices()[index].find_alias(step.name) != nullptr && !is_kept) {
            add_action(
                step,
                {.kind = std::string(remove_alias_kind),
                 .reason = fmt::format(
                     "alias {}: {}", step.name, lists_.reason_for(spec.remove, indices(), index))},
                indices()[index]);
            std::erase_if(indices()[index].rare.edit().aliases,
                          [&](const AliasOfIndex& alias) { return alias.name == step.name; });
        }
    }
    for (const std::uint32_t index : added) {
        if (indices()[index].find_alias(step.name) == nullptr || has_extra) {
            add_action(
                step,
                {.kind = std::string(add_alias_kind),
                 .reason = fmt::format(
                     "alias {}: {}", step.name, lists_.reason_for(spec.add, indices(), index))},
                indices()[index]);
            if (indices()[index].find_alias(step.name) == nullptr) {
                indices()[index].rare.edit().aliases.push_back(
                    {.name = lists_.texts()->keep_once(step.name)});
            }
        }
    }
    if (step.actions.empty() && added.empty() && policy_.as_curator && !only_warns) {
        end_impossible(step,
                       "none of its indices has the alias, which Curator takes for a failure");
    } else if (step.actions.empty()) {
        step.state = StepState::nothing;
        step.note = "the alias is as it should be";
    }
}

void RotatePlanner::plan_rollover(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    step.name = spec.options.text("name");
    if (spec.options.is_given("new_index")) {
        step.new_index = resolved(spec.options.text("new_index"));
    }
    IndexNumbers members;
    std::optional<std::uint32_t> write_index;
    for (std::uint32_t i = 0; i < indices().size(); ++i) {
        const AliasOfIndex* alias = indices()[i].find_alias(step.name);
        if (alias == nullptr || !indices()[i].exists) {
            continue;
        }
        members.push_back(i);
        if (alias->is_write_index.value_or(false)) {
            write_index = i;
        }
    }
    if (!write_index && members.size() == 1 && ends_in_number(indices()[members[0]].name)) {
        write_index = members[0];
    }
    if (!write_index) {
        end_impossible(step,
                       members.empty()
                           ? fmt::format("there is no alias {}", step.name)
                           : fmt::format("the alias {} has no write index, and not just one index "
                                         "with a number at its end",
                                         step.name));
        return;
    }
    if (!indices()[*write_index].rare->lifecycle.empty() &&
        !spec.options.flag("allow_ilm_indices")) {
        step.state = StepState::nothing;
        step.note = fmt::format("{} is rolled over by the {}",
                                indices()[*write_index].name,
                                indices()[*write_index].describe_lifecycle());
        return;
    }
    if (!facts.rollover) {
        end_impossible(step, "what the rollover would do is not known");
        return;
    }
    if (!facts.rollover->is_due) {
        step.state = StepState::nothing;
        step.note = fmt::format("{}: conditions not met", indices()[*write_index].name);
        return;
    }
    add_action(
        step,
        {.kind = std::string(action_kind(spec.type)),
         .subject = step.name,
         .reason = fmt::format(
             "{} to {}: {}",
             facts.rollover->old_index,
             facts.rollover->new_index,
             facts.rollover->conditions.empty() ? "no conditions" : facts.rollover->conditions),
         .identity = std::string(indices()[*write_index].uuid)});
    const bool was_marked =
        indices()[*write_index].find_alias(step.name)->is_write_index.has_value();
    for (AliasOfIndex& alias : indices()[*write_index].rare.edit().aliases) {
        if (alias.name == step.name) {
            alias.is_write_index = false;
        }
    }
    if (!was_marked) {
        std::erase_if(indices()[*write_index].rare.edit().aliases,
                      [&](const AliasOfIndex& alias) { return alias.name == step.name; });
    }
    add_index(facts.rollover->new_index)
        .rare.edit()
        .aliases.push_back({.name = lists_.texts()->keep_once(step.name), .is_write_index = true});
}

void RotatePlanner::plan_create(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    step.name = resolved(spec.options.text("name"));
    if (lists_.find(step.name) != nullptr) {
        if (stopped_run_.has_finished(steps_.size())) {
            end_done_before(step);
        } else if (spec.options.flag("ignore_existing")) {
            step.state = StepState::nothing;
            step.note = fmt::format("{} exists already", step.name);
        } else {
            end_impossible(step, fmt::format("the index {} exists already", step.name));
        }
        return;
    }
    add_action(step,
               {.kind = std::string(action_kind(spec.type)),
                .subject = step.name,
                .reason = "it does not exist yet"});
    add_index(step.name);
}

void RotatePlanner::plan_routing(RotateStep& step) {
    const CheckedOptions& options = step.spec->options;
    add_action(step,
               {.kind = std::string(action_kind(step.spec->type)),
                .subject = fmt::format("cluster.routing.{}.enable", options.text("routing_type")),
                .reason = fmt::format("to {}", options.text("value"))});
}

void RotatePlanner::plan_snapshot(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    step.name = resolved(spec.options.text("name"));
    const auto subject = [&](const std::string& name) {
        return fmt::format("{}/{}", spec.options.text("repository"), name);
    };
    if (stopped_run_.begun == steps_.size() && is_unfinished(spec, subject(stopped_run_.name))) {
        if (!spec.options.flag("wait_for_completion")) {
            return end_done_before(step);
        }
        step.name = stopped_run_.name;
        step.may_resume = true;
        add_action(step,
                   {.kind = std::string(action_kind(spec.type)),
                    .subject = subject(step.name),
                    .reason = "it is in progress: an earlier run, which was stopped, began it"});
        return;
    }
    const IndexNumbers list = lists_.select(spec, spec.filters);
    if (list.empty()) {
        end_empty(step);
        return;
    }
    for (const std::uint32_t index : list) {
        step.indices.emplace_back(indices()[index].name);
    }
    add_action(step,
               {.kind = std::string(action_kind(spec.type)),
                .subject = subject(step.name),
                .reason = fmt::format("{} {}: {}",
                                      list.size(),
                                      list.size() == 1 ? "index" : "indices",
                                      lists_.reason_for(spec.filters, indices(), list.front()))});
}

void RotatePlanner::plan_snapshot_deletes(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    const std::vector<IndexFacts>& snapshots = facts.snapshots.snapshots;
    IndexNumbers list;
    for (std::uint32_t i = 0; i < snapshots.size(); ++i) {
        list.push_back(i);
        lists_.count_snapshot(
            fmt::format("{}/{}", spec.options.text("repository"), snapshots[i].name));
    }
    list = lists_.filtered(spec, spec.filters, std::move(list), snapshots);
    if (list.empty()) {
        end_empty(step);
        return;
    }
    for (const std::uint32_t index : list) {
        const IndexFacts& snapshot = snapshots[index];
        add_action(step,
                   {.kind = std::string(action_kind(spec.type)),
                    .subject = fmt::format("{}/{}", spec.options.text("repository"), snapshot.name),
                    .reason = lists_.reason_for(spec.filters, snapshots, index),
                    .identity = std::string(snapshot.uuid)});
    }
}

}  // namespace caretaker
