// SPDX-License-Identifier: Apache-2.0
// The planner's steps that make indices out of others: restore, shrink, reindex, cold2frozen.
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/restore_plan.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

/// Of a list of snapshots, the one that began last.
std::uint32_t most_recent(const IndexNumbers& list, std::span<const IndexFacts> snapshots) {
    return *std::ranges::max_element(
        list, {}, [&](std::uint32_t number) { return snapshots[number].created_ms.value_or(0); });
}

std::string why_not_restorable(const IndexFacts& snapshot, bool partial_will_do) {
    if (snapshot.rare->snapshot_state == "SUCCESS" ||
        (snapshot.rare->snapshot_state == "PARTIAL" && partial_will_do)) {
        return {};
    }
    return fmt::format("the snapshot {} is {}{}",
                       snapshot.name,
                       snapshot.rare->snapshot_state,
                       snapshot.rare->snapshot_state == "PARTIAL" ? ", and no partial: true" : "");
}

std::string allocation_of(const IndexFacts& index, std::string_view key) {
    const auto& allocation = index.rare->allocation;
    const auto found =
        std::ranges::find(allocation, key, [](const auto& pair) { return pair.first; });
    return std::string(found == allocation.end() ? std::string_view() : found->second);
}

const MountedSnapshot* find_mounted(const std::vector<MountedSnapshot>& all,
                                    std::string_view index) {
    const auto found = std::ranges::lower_bound(all, index, {}, &MountedSnapshot::index);
    return found == all.end() || found->index != index ? nullptr : &*found;
}

/// Whether `part` is mounted in part from what `whole` is mounted from.
bool is_part_of(const MountedSnapshot& part, const MountedSnapshot& whole) {
    return part.is_partial && part.repository == whole.repository &&
           part.snapshot == whole.snapshot && part.source == whole.source;
}

std::string count_words(std::size_t count) {
    return fmt::format("{} {}", count, count == 1 ? "index" : "indices");
}

}  // namespace

void RotatePlanner::plan_restore(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    const std::vector<IndexFacts>& snapshots = facts.snapshots.snapshots;
    IndexNumbers list(snapshots.size());
    for (std::uint32_t i = 0; i < snapshots.size(); ++i) {
        list[i] = i;
    }
    list = lists_.filtered(spec, spec.filters, std::move(list), snapshots);
    if (list.empty()) {
        return end_empty(step);
    }
    std::uint32_t chosen = most_recent(list, snapshots);
    if (const std::string wanted = spec.options.text("name"); !wanted.empty()) {
        const auto found =
            std::ranges::find(snapshots, std::string_view(wanted), &IndexFacts::name);
        if (found == snapshots.end()) {
            return end_impossible(step, fmt::format("there is no snapshot {}", wanted));
        }
        chosen = static_cast<std::uint32_t>(found - snapshots.begin());
    }
    step.name = std::string(snapshots[chosen].name);
    const std::string why = why_not_restorable(snapshots[chosen], spec.options.flag("partial"));
    if (!why.empty()) {
        return end_impossible(step, why);
    }
    const std::vector<std::string>& contents = facts.snapshots.contents[chosen].indices;
    const RestoreList restored = list_restored(contents, spec.options);
    if (!restored.problem.empty()) {
        return end_impossible(step, restored.problem);
    }
    // All of them come by one request.
    step.may_resume = std::ranges::any_of(restored.indices, [&](const RestoredIndex& index) {
        return stopped_run_.is_recent &&
               stopped_run_.has_done(steps_.size(), restore_kind, index.name);
    });
    for (const RestoredIndex& index : restored.indices) {
        const IndexFacts* there = lists_.find(index.name);
        if (there != nullptr && there->is_open && !step.may_resume) {
            return end_impossible(
                step,
                fmt::format("there is an open index {}; close or delete it, or restore under "
                            "another name (rename_pattern, rename_replacement)",
                            index.name));
        }
    }
    if (restored.indices.empty()) {
        return end_impossible(
            step, fmt::format("the snapshot {} has none of the indices asked for", step.name));
    }
    step.body = restore_body(spec.options, contents);
    for (const RestoredIndex& index : restored.indices) {
        const bool is_there = lists_.find(index.name) != nullptr;
        const bool is_over_closed = is_there && !step.may_resume;
        add_action(step,
                   {.kind = std::string(restore_kind),
                    .subject = index.name,
                    .reason = fmt::format("from {}/{}{}{}",
                                          spec.options.text("repository"),
                                          step.name,
                                          index.source == index.name ? "" : " of " + index.source,
                                          is_over_closed ? ", over the closed index" : "")});
        if (!is_there) {
            add_index(index.name);
        }
    }
}

void RotatePlanner::plan_shrink(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    IndexNumbers list = lists_.select(spec, spec.filters);
    lists_.drop_unfit(spec, list);
    if (list.empty()) {
        return end_empty(step);
    }
    lists_.drop_protected(spec, list);
    std::vector<ClusterNode> nodes = facts.nodes;  // with the room that the plan leaves
    if (const ShrinkNode any = choose_shrink_node(spec.options, nodes); any.node == nullptr) {
        return end_impossible(step, any.problem);
    }
    for (const std::uint32_t number : list) {
        const IndexFacts index = indices()[number];  // adding others moves it
        if (skip_done_before(step, index.name)) {
            continue;
        }
        const std::string node = choose_shrink_node(spec.options, nodes).node->name;
        ClusterNode& chosen = *std::ranges::find(nodes, node, &ClusterNode::name);
        ShrinkItem item{.target = shrunk_name(spec.options, index.name),
                        .node = node,
                        .primary_bytes = index.primary_bytes.value_or(0),
                        .may_resume = is_unfinished(spec, index.name)};
        std::string why = why_not_shrinkable(spec.options, index);
        if (why.empty() && !item.may_resume) {
            why = why_no_room(item.primary_bytes, chosen);
        }
        if (why.empty() && !item.may_resume && lists_.find(item.target) != nullptr) {
            why = fmt::format("there is an index {} already", item.target);
        }
        if (!why.empty()) {
            fail_index(step, index.name, std::move(why));
            continue;
        }
        if (!item.may_resume) {  // else it is the node of the run that was stopped
            item.former_requirement = allocation_of(index, "require._name");
            take_room(spec.options, item.primary_bytes, chosen);
        }
        add_action(step,
                   {.kind = std::string(action_kind(spec.type)),
                    .reason = fmt::format("{} shards to {}, as {} by way of the node {}: {}",
                                          index.shards,
                                          spec.options.integer("number_of_shards"),
                                          item.target,
                                          item.node,
                                          lists_.reason_for(spec.filters, indices(), number))},
                   index);
        if (lists_.find(item.target) == nullptr) {
            IndexFacts& target = add_index(item.target);
            target.shards = static_cast<int>(spec.options.integer("number_of_shards"));
            target.replicas = static_cast<int>(spec.options.integer("number_of_replicas"));
            target.docs = index.docs;
            if (spec.options.flag("copy_aliases")) {
                target.rare.edit().aliases = index.rare->aliases;
            }
        }
        indices()[number].exists = !spec.options.flag("delete_after");
        if (spec.options.flag("copy_aliases")) {
            indices()[number].rare.edit().aliases.clear();
        }
        step.shrinks.push_back(std::move(item));
    }
    end_without_actions(step);
}

/// The indices to copy from; nothing when the step has ended.
std::optional<std::vector<std::string>> RotatePlanner::reindex_sources(
    RotateStep& step, const ReindexRequest& request, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    std::vector<std::string> sources;
    const auto take = [&](const IndexNumbers& list, const std::vector<IndexFacts>& from) {
        for (const std::uint32_t index : list) {
            sources.emplace_back(from[index].name);
        }
    };
    if (request.remote != nullptr && request.selects()) {
        // Curator's default leaves nothing.
        if (!spec.remote_filters.empty()) {
            IndexSelector lists(facts.remote_indices, policy_, now_);
            const IndexNumbers list = lists.select_by(spec, spec.remote_filters);
            take(list, lists.indices());
            for (const std::string& warning : lists.warnings()) {
                lists_.warn(warning);
            }
        }
        if (sources.empty()) {
            end_empty(step);
            step.note = "no index of the other cluster is left by remote_filters";
            return std::nullopt;
        }
        return sources;
    }
    const IndexNumbers list = lists_.select(spec, spec.filters);
    if (list.empty()) {
        end_empty(step);
        return std::nullopt;
    }
    if (request.selects()) {
        take(list, indices());
    } else {
        sources = request.sources;
    }
    return sources;
}

void RotatePlanner::plan_reindex(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    const ReindexRequest request = read_reindex_request(*spec.options.find("request_body"));
    auto sources = reindex_sources(step, request, facts);
    if (!sources) {
        return;
    }
    for (ReindexItem& item : list_reindexes(spec.options, request, std::move(*sources))) {
        if (skip_done_before(step, item.dest)) {
            continue;
        }
        if (request.remote == nullptr &&
            std::ranges::find(item.sources, item.dest) != item.sources.end()) {
            fail_index(step, item.dest, "it would be copied onto itself");
            continue;
        }
        const std::string from =
            item.sources.size() == 1 ? item.sources.front() : count_words(item.sources.size());
        step.may_resume = step.may_resume || is_unfinished(spec, item.dest);
        add_action(
            step,
            {.kind = std::string(action_kind(spec.type)),
             .subject = item.dest,
             .reason = fmt::format(
                 "from {}{}", from, request.remote == nullptr ? "" : " of another cluster")});
        if (lists_.find(item.dest) == nullptr) {
            add_index(item.dest);
        }
        step.reindexes.push_back(std::move(item));
    }
    end_without_actions(step);
}

void RotatePlanner::plan_mount(RotateStep& step, const StepFacts& facts) {
    const ActionSpec& spec = *step.spec;
    const IndexNumbers list = lists_.select(spec, spec.filters);
    if (list.empty()) {
        return end_empty(step);
    }
    step.tiers = frozen_tiers(facts.nodes);
    for (const std::uint32_t number : list) {
        const IndexFacts index = indices()[number];  // adding others moves it
        const MountedSnapshot* mounted = find_mounted(facts.mounted, index.name);
        MountItem item{.target = fmt::format("partial-{}", index.name)};
        std::string why = why_not_mountable(index, mounted);
        if (why.empty() && lists_.find(item.target) != nullptr) {
            // An earlier run may have been stopped behind its mounting.
            const MountedSnapshot* there = find_mounted(facts.mounted, item.target);
            item.is_there = there != nullptr && is_part_of(*there, *mounted);
            if (!item.is_there) {
                why = fmt::format("there is an index {} already", item.target);
            }
        }
        if (!why.empty()) {
            fail_index(step, index.name, std::move(why));
            continue;
        }
        add_action(step,
                   {.kind = std::string(action_kind(spec.type)),
                    .reason = fmt::format("as {} from {}/{}: {}",
                                          item.target,
                                          mounted->repository,
                                          mounted->snapshot,
                                          lists_.reason_for(spec.filters, indices(), number))},
                   index);
        item.snapshot = *mounted;
        if (!item.is_there) {
            add_index(item.target).rare.edit().aliases = index.rare->aliases;
        }
        step.mounts.push_back(std::move(item));
        if (spec.options.flag("wait_for_completion")) {
            indices()[number].exists = false;
        }
    }
    end_without_actions(step);
}

}  // namespace caretaker
