// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/planned_rows.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/utf8.hpp"
#include "jobs/cleanup/file_texts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// One planned entry or directory, as its row shows it.
struct PlannedRow {
    std::int64_t seq = 0;
    std::string_view part{};
    std::string_view rule{};
    std::string_view kind{};
    std::string path{};  // bytes
    std::int64_t bytes = 0;
    std::string reason{};
    std::string result{};
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t mtime = 0;
    std::int64_t ctime = 0;
};

bool is_utf8(const std::string& text) {
    return to_valid_utf8(text) == text;
}

constexpr auto text_of = [](std::string_view text) { return Cell(std::string(text)); };

const std::array<ItemColumn<PlannedRow>, 14>& planned_columns() {
    using Row = PlannedRow;
    static const std::array<ItemColumn<PlannedRow>, 14> columns{{
        {number_column("seq", "SEQ"), [](const Row& row) { return Cell(row.seq); }},
        {machine_column("part"), [](const Row& row) { return text_of(row.part); }},
        {text_column("rule", "RULE"), [](const Row& row) { return text_of(row.rule); }},
        {text_column("kind", "KIND"), [](const Row& row) { return text_of(row.kind); }},
        {text_column("path", "PATH"),
         [](const Row& row) {
             return Cell(is_utf8(row.path) ? row.path : escape_bytes(row.path));
         }},
        {number_column("bytes", "BYTES"), [](const Row& row) { return Cell(row.bytes); }},
        {text_column("reason", "REASON"), [](const Row& row) { return text_of(row.reason); }},
        {text_column("result", "RESULT"), [](const Row& row) { return text_of(row.result); }},
        {machine_column("escaped_path"),
         [](const Row& row) { return Cell(escape_bytes(row.path)); }},
        {machine_column("device"),
         [](const Row& row) { return Cell(static_cast<std::int64_t>(row.device)); }},
        {machine_column("inode"),
         [](const Row& row) { return Cell(static_cast<std::int64_t>(row.inode)); }},
        {machine_column("size"), [](const Row& row) { return Cell(row.size); }},
        {machine_column("mtime_ns"), [](const Row& row) { return Cell(row.mtime); }},
        {machine_column("ctime_ns"), [](const Row& row) { return Cell(row.ctime); }},
    }};
    return columns;
}

PlannedRow row_of(const FilesState& state, const RuleWork& work, const TreeEntry& entry) {
    return {.part = work.bound.part,
            .rule = work.rule.name,
            .kind = kind_of(entry),
            .path = work.tree.path_of(entry),
            .bytes = freed_bytes(entry),
            .reason = reason_of(work.rule, entry, state.now),
            .result = describe_result(entry.result, entry.error),
            .device = work.tree.directories[entry.directory].device,
            .inode = entry.inode,
            .size = static_cast<std::int64_t>(entry.size),
            .mtime = entry.mtime,
            .ctime = entry.ctime};
}

PlannedRow row_of(const FilesState& state, const RuleWork& work, std::uint32_t index) {
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

/// Calls `on_entry` with each entry and `on_directory` with the index of each directory that goes,
/// in their order: round by round, rule by rule.
template <typename OnEntry, typename OnDirectory>
void visit_taken(const FilesState& state,
                 const OnEntry& on_entry,
                 const OnDirectory& on_directory) {
    for (const Round round : {Round::first, Round::second}) {
        for (const RuleWork& work : state.works) {
            const FileSelection& taken = work.taken_in(round);
            for (const std::uint32_t index : taken.entries) {
                on_entry(work, work.tree.entries[index]);
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
    const auto show = [&](const RuleWork& work, const auto& one) {
        PlannedRow row = row_of(state, work, one);
        row.seq = ++seq;
        fill_row<PlannedRow>(cells, planned_columns(), row);
        visit(cells);
    };
    visit_taken(state, show, show);
}

}  // namespace

Table planned_table(const std::shared_ptr<const FilesState>& state) {
    Table table{.columns = table_columns<PlannedRow>(planned_columns())};
    const bool planned = std::ranges::any_of(state->works, [](const RuleWork& work) {
        return !work.selection.entries.empty() || !work.selection.directories.empty() ||
               !work.further.entries.empty();
    });
    if (planned) {
        table.row_source = [state](const RowVisitor& visit) { show_planned(*state, visit); };
    }
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
        [&](const RuleWork& work, const TreeEntry& entry) {
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
