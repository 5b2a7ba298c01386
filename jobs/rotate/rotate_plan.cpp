// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

bool needs_open_indices(ActionType type) {
    switch (type) {
        case ActionType::allocation:
        case ActionType::close:
        case ActionType::forcemerge:
        case ActionType::freeze:
        case ActionType::unfreeze:
        case ActionType::replicas:
            return true;
        default:
            return false;
    }
}

/// Writes to it would fail, or go astray.
bool spares_write_indices(ActionType type) {
    switch (type) {
        case ActionType::close:
        case ActionType::delete_indices:
        case ActionType::freeze:
            return true;
        default:
            return false;
    }
}

bool uses_field(const FilterSpec& filter) {
    return filter.options.text("source") == "field_stats" &&
           (filter.type == FilterType::age || filter.type == FilterType::period ||
            filter.options.flag("use_age"));
}

/// Appended by Curator to an action's own filters unless allow_ilm_indices.
const FilterSpec& lifecycle_filter() {
    static const FilterSpec filter{.type = FilterType::ilm, .exclude = true};
    return filter;
}

ListScope scope_of(const ActionSpec& spec, bool everything) {
    const CheckedOptions& options = spec.options;
    return {.search_pattern =
                options.has("search_pattern") ? options.text("search_pattern") : std::string("*"),
            .include_hidden = options.flag("include_hidden"),
            .include_data_streams = options.flag("include_datastreams"),
            .include_kibana = options.flag("include_kibana"),
            .include_system = options.flag("include_system"),
            .everything = everything};
}

}  // namespace

std::string_view action_kind(ActionType type) {
    switch (type) {
        case ActionType::delete_indices:
            return "delete_index";
        case ActionType::delete_snapshots:
            return "delete_snapshot";
        case ActionType::close:
            return "close_index";
        case ActionType::open:
            return "open_index";
        case ActionType::replicas:
            return "set_replicas";
        case ActionType::allocation:
            return "set_allocation";
        case ActionType::index_settings:
            return "set_settings";
        default:
            return to_string(type);
    }
}

bool is_destructive(ActionType type) {
    return type == ActionType::delete_indices || type == ActionType::delete_snapshots;
}

RotatePlanner::RotatePlanner(std::vector<IndexFacts> indices, PlanPolicy policy, UnixSeconds now)
    : indices_(std::move(indices)), policy_(policy), now_(now) {
    std::ranges::sort(indices_, {}, &IndexFacts::name);
}

std::vector<SettledAction> RotatePlanner::settle(std::span<const UnsettledAction> unsettled) const {
    std::vector<SettledAction> settled;
    for (const UnsettledAction& action : unsettled) {
        const auto found =
            std::ranges::lower_bound(indices_, action.subject, {}, &IndexFacts::name);
        const bool is_there = found != indices_.end() && found->name == action.subject &&
                              found->uuid == action.identity;
        if (action.kind == action_kind(ActionType::delete_indices)) {
            settled.push_back({.id = action.id, .done = !is_there});
        } else if (is_there && action.kind == action_kind(ActionType::close)) {
            settled.push_back({.id = action.id, .done = !found->is_open});
        } else if (is_there && action.kind == action_kind(ActionType::open)) {
            settled.push_back({.id = action.id, .done = found->is_open});
        }
    }
    return settled;
}

IndexNumbers RotatePlanner::initial_list(const ActionSpec& spec) {
    const ListScope scope = scope_of(spec, policy_.everything);
    const FilterInput input{.indices = indices_, .now = now_};
    IndexNumbers list;
    IndexNumbers out_of_scope;
    for (std::uint32_t i = 0; i < indices_.size(); ++i) {
        if (!indices_[i].exists || !is_named_by(indices_[i], scope.search_pattern)) {
            continue;
        }
        (left_out(indices_[i], scope).empty() ? list : out_of_scope).push_back(i);
    }
    // Files of old versions had these on their lists; where the names are asked for, it is told.
    bool asks_for_names = false;
    for (const FilterSpec& filter : spec.filters) {
        if (filter.type == FilterType::pattern) {
            asks_for_names = asks_for_names || !filter.exclude;
            out_of_scope = apply_filter(filter, input, out_of_scope).indices;
        }
    }
    if (asks_for_names) {
        for (const std::uint32_t index : out_of_scope) {
            spared_.push_back({.step = steps_.size(),
                               .name = indices_[index].name,
                               .reason = std::string(left_out(indices_[index], scope))});
        }
    }
    return list;
}

IndexNumbers RotatePlanner::filtered(const ActionSpec& spec,
                                     std::span<const FilterSpec> filters,
                                     IndexNumbers list,
                                     std::span<const IndexFacts> facts) {
    for (std::size_t i = 0; i < filters.size(); ++i) {
        FilterInput input{.indices = facts, .now = now_};
        if (note_) {
            input.note = [&, i](const FilterNote& note) {
                note_(spec, i, filters[i], note, facts[note.index].name);
            };
        }
        FilteredList result = apply_filter(filters[i], input, list);
        list = std::move(result.indices);
        warnings_.insert(warnings_.end(), result.warnings.begin(), result.warnings.end());
    }
    return list;
}

IndexNumbers RotatePlanner::index_list(const ActionSpec& spec,
                                       std::span<const FilterSpec> filters) {
    IndexNumbers list = initial_list(spec);
    if (is_destructive(spec.type)) {
        const WriteIndices written(indices_);
        for (const std::uint32_t index : list) {
            if (policy_.allow_write_indices || written.why_protected(indices_[index]).empty()) {
                universe_.insert(indices_[index].name);
            }
        }
    }
    list = filtered(spec, filters, std::move(list), indices_);
    if (!spec.options.flag("allow_ilm_indices") && spec.type != ActionType::alias) {
        FilterInput input{.indices = indices_, .now = now_};
        input.note = [&](const FilterNote& note) {
            if (!note.kept) {
                spared_.push_back({.step = steps_.size(),
                                   .name = indices_[note.index].name,
                                   .reason = note.reason + ", and no allow_ilm_indices"});
            }
            if (note_) {
                note_(spec, filters.size(), lifecycle_filter(), note, indices_[note.index].name);
            }
        };
        list = apply_filter(lifecycle_filter(), input, list).indices;
    }
    return list;
}

void RotatePlanner::drop_unfit(const ActionSpec& spec, IndexNumbers& list) {
    if (needs_open_indices(spec.type)) {
        std::erase_if(list, [&](std::uint32_t index) { return !indices_[index].is_open; });
    }
    if (spec.type == ActionType::forcemerge) {
        const std::int64_t most = spec.options.integer("max_num_segments");
        std::erase_if(list, [&](std::uint32_t index) {
            const IndexFacts& one = indices_[index];
            const std::int64_t copies = std::int64_t{one.shards} * (1 + std::int64_t{one.replicas});
            return one.segments && *one.segments <= copies * most;
        });
    }
}

void RotatePlanner::drop_protected(const ActionSpec& spec, IndexNumbers& list) {
    if (!spares_write_indices(spec.type) || policy_.allow_write_indices) {
        return;
    }
    const WriteIndices written(indices_);
    std::erase_if(list, [&](std::uint32_t index) {
        const std::string why = written.why_protected(indices_[index]);
        if (!why.empty()) {
            spared_.push_back({.step = steps_.size(), .name = indices_[index].name, .reason = why});
        }
        return !why.empty();
    });
}

std::vector<std::pair<std::uint32_t, std::string>> RotatePlanner::wanted_ranges(
    const ActionSpec& spec) {
    std::vector<std::pair<std::uint32_t, std::string>> wanted;
    const auto want = [&](std::span<const FilterSpec> filters) {
        const auto first = std::ranges::find_if(filters, uses_field);
        if (first == filters.end()) {
            return;
        }
        IndexNumbers list;
        const ListScope scope = scope_of(spec, policy_.everything);
        for (std::uint32_t i = 0; i < indices_.size(); ++i) {
            if (indices_[i].exists && is_named_by(indices_[i], scope.search_pattern) &&
                left_out(indices_[i], scope).empty()) {
                list.push_back(i);
            }
        }
        for (auto filter = filters.begin(); filter != first; ++filter) {
            list = apply_filter(*filter, {.indices = indices_, .now = now_}, list).indices;
        }
        std::set<std::string> fields;
        for (auto filter = first; filter != filters.end(); ++filter) {
            if (uses_field(*filter)) {
                fields.insert(filter->options.text("field"));
            }
        }
        for (const std::uint32_t index : list) {
            const IndexFacts& one = indices_[index];
            for (const std::string& field : fields) {
                if (one.is_open && one.docs.value_or(0) > 0 && one.find_range(field) == nullptr) {
                    wanted.emplace_back(index, field);
                }
            }
        }
    };
    if (!stopped_ && !spec.options.flag("disable_action")) {
        want(spec.filters);
        want(spec.add);
        want(spec.remove);
    }
    return wanted;
}

void RotatePlanner::end_empty(RotateStep& step) {
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

void RotatePlanner::add(const ActionSpec& spec, const StepFacts& facts) {
    RotateStep step{.spec = &spec};
    if (spec.options.flag("disable_action")) {
        step.state = StepState::disabled;
        step.note = "disable_action is set";
    } else if (stopped_) {
        step.state = StepState::not_run;
        step.note = "an action before it ended the run";
    } else if (!facts.problem.empty()) {
        end_impossible(step, facts.problem);
    } else {
        switch (spec.type) {
            case ActionType::alias:
                plan_alias(step);
                break;
            case ActionType::rollover:
                plan_rollover(step, facts);
                break;
            case ActionType::create_index:
                plan_create(step);
                break;
            case ActionType::cluster_routing:
                plan_routing(step);
                break;
            case ActionType::snapshot:
                plan_snapshot(step);
                break;
            case ActionType::delete_snapshots:
                plan_snapshot_deletes(step, facts);
                break;
            default:
                plan_list(step);
                break;
        }
    }
    steps_.push_back(std::move(step));
}

void RotatePlanner::add_action(RotateStep& step, Action action) {
    action.destructive = is_destructive(step.spec->type);
    step.actions.push_back(actions_.size());
    actions_.push_back(action);
}

std::string RotatePlanner::reason_for(std::span<const FilterSpec> filters,
                                      std::span<const IndexFacts> facts,
                                      std::uint32_t index) const {
    const FilterSpec* telling = nullptr;
    for (const FilterSpec& filter : filters) {
        const bool is_age = filter.type == FilterType::age || filter.type == FilterType::period;
        if (is_age || (telling == nullptr && filter.type != FilterType::none)) {
            telling = &filter;
        }
    }
    if (telling == nullptr) {
        return "no filter leaves it out";
    }
    if (telling->type != FilterType::age && telling->type != FilterType::period) {
        return describe_filter(*telling);
    }
    std::string reason;
    const FilterInput input{.indices = facts, .now = now_, .note = [&](const FilterNote& note) {
                                reason = note.reason;
                            }};
    (void)apply_filter(*telling, input, {index});
    return reason;
}

void RotatePlanner::take_effect(const ActionSpec& spec, std::uint32_t index) {
    IndexFacts& facts = indices_[index];
    switch (spec.type) {
        case ActionType::delete_indices:
            facts.exists = false;
            break;
        case ActionType::close:
            facts.is_open = false;
            facts.docs.reset();
            facts.total_bytes.reset();
            facts.primary_bytes.reset();
            facts.segments.reset();
            if (spec.options.flag("delete_aliases")) {
                facts.aliases.clear();
            }
            break;
        case ActionType::open:
            facts.is_open = true;
            break;
        case ActionType::replicas:
            facts.replicas = static_cast<int>(spec.options.integer("count"));
            break;
        case ActionType::forcemerge:
            facts.segments = std::int64_t{facts.shards} * (1 + std::int64_t{facts.replicas}) *
                             spec.options.integer("max_num_segments");
            break;
        case ActionType::allocation: {
            const std::string key = fmt::format(
                "{}.{}", spec.options.text("allocation_type"), spec.options.text("key"));
            std::erase_if(facts.allocation, [&](const auto& pair) { return pair.first == key; });
            if (spec.options.has("value")) {
                facts.allocation.emplace_back(key, spec.options.text("value"));
            }
            break;
        }
        default:
            break;
    }
}

void RotatePlanner::plan_list(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    IndexNumbers list = index_list(spec, spec.filters);
    drop_unfit(spec, list);
    if (list.empty()) {
        end_empty(step);
        return;
    }
    drop_protected(spec, list);
    if (list.empty()) {
        step.state = StepState::nothing;
        step.note = "all indices left by its filters are protected";
        return;
    }
    for (const std::uint32_t index : list) {
        const IndexFacts& facts = indices_[index];
        Action action{.kind = std::string(action_kind(spec.type)),
                      .subject = facts.name,
                      .reason = reason_for(spec.filters, indices_, index),
                      .identity = facts.uuid};
        if (spec.type == ActionType::delete_indices) {
            action.bytes = facts.total_bytes;
        }
        add_action(step, std::move(action));
    }
    for (const std::uint32_t index : list) {
        take_effect(spec, index);
    }
}

}  // namespace caretaker
