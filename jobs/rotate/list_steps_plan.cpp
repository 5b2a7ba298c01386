// SPDX-License-Identifier: Apache-2.0
// The planner's steps that change the indices of a list one by one: delete, close, replicas, …
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/list_age.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
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

}  // namespace

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
            if (facts.rare.has_value()) {
                facts.rare.edit().segments.reset();
                if (spec.options.flag("delete_aliases")) {
                    facts.rare.edit().aliases.clear();
                }
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
        } else {
            lists_.remark(indices()[index].name, "it lies on no disk beyond its limit by then");
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

/// Why the settings cannot be set; empty when they can.
std::string RotatePlanner::why_static(const ActionSpec& spec, const IndexNumbers& list) const {
    constexpr std::array<std::string_view, 4> fixed{
        "number_of_shards", "shard", "codec", "routing_partition_size"};
    if (spec.type != ActionType::index_settings || spec.options.flag("ignore_unavailable")) {
        return {};
    }
    const auto open =
        std::ranges::find_if(list, [&](std::uint32_t index) { return indices()[index].is_open; });
    for (const CuratorKey& key : spec.options.find("index_settings")->children.front().keys) {
        const std::string_view name = std::string_view(key.text).substr(0, key.text.find('.'));
        if (open != list.end() && std::ranges::find(fixed, name) != fixed.end()) {
            return fmt::format("{} is set while an index is closed, and {} is open",
                               key.text,
                               indices()[*open].name);
        }
    }
    return {};
}

void RotatePlanner::plan_list(RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    IndexNumbers list = lists_.select(spec, spec.filters);
    lists_.drop_unfit(spec, list);
    if (list.empty()) {
        return end_empty(step);
    }
    if (std::string why = why_static(spec, list); !why.empty()) {
        return end_impossible(step, std::move(why));
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
