// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/planned_rows.hpp"

#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/planned_row.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

PlannedRow row_of_entry(const FilesState& state, const RuleWork& work, std::uint32_t index) {
    const TreeEntry& entry = work.tree.entries[index];
    return {.part = work.bound.part,
            .rule = work.rule.name,
            .kind = kind_of(entry),
            .path = work.tree.path_of(entry),
            .bytes = freed_bytes(entry),
            .reason = reason_of(work.rule, entry, state.now),
            .result = work.rule.takes_trees ? describe_result(work.units[index], entry)
                                            : describe_result(entry.result, entry.error),
            .device = work.tree.directories[entry.directory].device,
            .inode = entry.inode,
            .size = static_cast<std::int64_t>(entry.size),
            .mtime = entry.mtime,
            .ctime = entry.ctime};
}

PlannedRow row_of_directory(const FilesState& state, const RuleWork& work, std::uint32_t index) {
    const TreeDirectory& directory = work.tree.directories[index];
    return {.part = work.bound.part,
            .rule = work.rule.name,
            .kind = rmdir_kind,
            .path = work.tree.path_of_directory(index),
            .reason = reason_of(directory, state.now),
            .result = describe_result(directory.result, directory.error),
            .device = directory.device,
            .inode = directory.inode,
            .mtime = directory.mtime};
}

/// Calls `on_entry` and `on_directory` with the index of each entry and directory that goes, in
/// their order: round by round, rule by rule.
template <typename OnEntry, typename OnDirectory>
void visit_taken(const FilesState& state,
                 const OnEntry& on_entry,
                 const OnDirectory& on_directory) {
    for (const Round round : {Round::first, Round::second}) {
        for (const RuleWork& work : state.works) {
            const FileSelection& taken = work.taken_in(round);
            for (const std::uint32_t index : taken.entries) {
                on_entry(work, index);
            }
            for (const std::uint32_t index : taken.directories) {
                on_directory(work, index);
            }
        }
    }
}

void show_planned(const FilesState& state, const RowVisitor& visit) {
    std::vector<Cell> cells;
    std::int64_t seq = 0;
    const auto show = [&](PlannedRow row) {
        row.seq = ++seq;
        fill_planned(cells, row);
        visit(cells);
    };
    visit_taken(
        state,
        [&](const RuleWork& work, std::uint32_t index) { show(row_of_entry(state, work, index)); },
        [&](const RuleWork& work, std::uint32_t index) {
            show(row_of_directory(state, work, index));
        });
}

}  // namespace

Table planned_table(const std::shared_ptr<const FilesState>& state) {
    Table table{.columns = planned_columns()};
    const bool planned = std::ranges::any_of(state->works, [](const RuleWork& work) {
        return !work.selection.entries.empty() || !work.selection.directories.empty() ||
               !work.further.entries.empty();
    });
    if (planned) {
        table.row_source = [state](const RowVisitor& visit) { show_planned(*state, visit); };
    }
    std::vector<PlannedRow> strayed;
    for (const Strayed& one : state->strayed) {
        strayed.push_back(row_of(one));
    }
    append_planned(table, std::move(strayed));
    return table;
}

std::string list_paths(const FilesState& state) {
    std::string paths;
    const auto add = [&](Result result, const std::string& path) {
        if (!state.acted || is_away(result)) {
            paths += path;
            paths += '\0';
        }
    };
    visit_taken(
        state,
        [&](const RuleWork& work, std::uint32_t index) {
            const TreeEntry& entry = work.tree.entries[index];
            if (entry.verdict != EntryVerdict::emptied) {  // it is still there
                add(entry.result, work.tree.path_of(entry));
            }
        },
        [&](const RuleWork& work, std::uint32_t index) {
            add(work.tree.directories[index].result, work.tree.path_of_directory(index));
        });
    return paths;
}

}  // namespace caretaker
