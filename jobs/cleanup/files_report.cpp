// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_report.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/bytes.hpp"
#include "common/text/utf8.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/space_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_paths = 20;  // of one kind of problem

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

void show_planned(const FilesState& state, const RowVisitor& visit) {
    std::vector<Cell> cells;
    std::int64_t seq = 0;
    const auto show = [&](PlannedRow row) {
        row.seq = ++seq;
        fill_row<PlannedRow>(cells, planned_columns(), row);
        visit(cells);
    };
    for (const RuleWork& work : state.works) {
        for (const std::uint32_t index : work.selection.entries) {
            show(row_of(state, work, work.tree.entries[index]));
        }
        for (const std::uint32_t index : work.selection.directories) {
            show(row_of(state, work, index));
        }
    }
}

/// What the summary of one rule counts.
struct RuleCounts {
    std::int64_t planned = 0;
    std::int64_t done = 0;  // gone ones too
    std::int64_t failed = 0;
    std::int64_t changed = 0;
    std::int64_t in_use = 0;
    std::int64_t immutable = 0;
    std::int64_t held = 0;
    std::int64_t bytes_planned = 0;
    std::int64_t bytes_done = 0;

    void add(Result result, std::int64_t bytes) {
        ++planned;
        done += result == Result::done || result == Result::gone ? 1 : 0;
        failed += result == Result::failed ? 1 : 0;
        changed += result == Result::changed ? 1 : 0;
        bytes_planned += bytes;
        bytes_done += result == Result::done ? bytes : 0;
    }
};

RuleCounts count(const RuleWork& work) {
    RuleCounts counts;
    for (const std::uint32_t index : work.selection.entries) {
        const TreeEntry& entry = work.tree.entries[index];
        counts.add(entry.result, freed_bytes(entry));
    }
    for (const std::uint32_t index : work.selection.directories) {
        counts.add(work.tree.directories[index].result, 0);
    }
    for (const TreeEntry& entry : work.tree.entries) {
        counts.in_use +=
            entry.verdict == EntryVerdict::in_use || entry.verdict == EntryVerdict::use_unknown ? 1
                                                                                                : 0;
        counts.immutable += entry.verdict == EntryVerdict::immutable ? 1 : 0;
        counts.held += entry.verdict == EntryVerdict::held ? 1 : 0;
    }
    return counts;
}

class FilesReporter {
 public:
    FilesReporter(const FilesState& state, Report& report) : state_(state), report_(report) {}

    void make() {
        Table rules{.title = "Rules",
                    .columns = {text_column("rule", "RULE"),
                                number_column("looked_at", "LOOKED-AT"),
                                number_column("matched", "MATCHED"),
                                number_column("planned", "PLANNED"),
                                number_column("done", "DONE"),
                                number_column("changed", "CHANGED"),
                                number_column("in_use", "IN-USE"),
                                number_column("failed", "FAILED"),
                                number_column("bytes_planned", "BYTES-PLANNED"),
                                number_column("bytes_done", "BYTES-DONE")}};
        for (const RuleWork& work : state_.works) {
            const RuleCounts counts = count(work);
            rules.rows.push_back({work.rule.name,
                                  work.counts.looked_at,
                                  work.counts.matched,
                                  counts.planned,
                                  counts.done,
                                  counts.changed,
                                  counts.in_use,
                                  counts.failed,
                                  counts.bytes_planned,
                                  counts.bytes_done});
            sum_up(work, counts);
            add_problems(work, counts);
            add_findings(work);
        }
        report_.details.push_back(std::move(rules));
        for (const std::string& root : state_.dropped_roots) {
            report_.problems.push_back(
                {.code = "mount_appeared",
                 .message = fmt::format("nothing below {} was touched: what is mounted there "
                                        "changed while the run was planned; run again",
                                        root),
                 .subject = root});
        }
        add_summary();
        add_metrics();
    }

 private:
    void sum_up(const RuleWork& work, const RuleCounts& counts) {
        report_.items_seen += work.counts.looked_at;
        report_.items_failed += counts.failed;
        all_.planned += counts.planned;
        all_.done += counts.done;
        all_.failed += counts.failed;
        all_.changed += counts.changed;
        all_.in_use += counts.in_use;
        all_.immutable += counts.immutable;
        all_.held += counts.held;
        all_.bytes_planned += counts.bytes_planned;
        all_.bytes_done += counts.bytes_done;
    }

    void add_problems(const RuleWork& work, const RuleCounts& counts) {
        for (const RootProblem& root : work.roots.problems) {
            report_.problems.push_back(
                {.code = root.code, .message = root.message, .subject = root.path});
        }
        for (std::size_t i = 0; i < std::min(work.problems.size(), most_paths); ++i) {
            const std::string path = escape_bytes(work.problems[i].path);
            report_.problems.push_back(
                {.code = "unreadable",
                 .message = fmt::format("{} could not be looked at: {}; it stays",
                                        path,
                                        describe_errno(work.problems[i].error)),
                 .subject = path});
        }
        if (work.problems.size() > most_paths) {
            report_.problems.push_back(
                {.code = "unreadable",
                 .message = fmt::format("rule {}: {} more could not be looked at",
                                        work.rule.name,
                                        work.problems.size() - most_paths)});
        }
        if (counts.immutable > 0) {
            const auto first =
                std::ranges::find(work.tree.entries, EntryVerdict::immutable, &TreeEntry::verdict);
            report_.problems.push_back(
                {.code = "immutable",
                 .message = fmt::format(
                     "rule {}: {} entries stay because they or their directories are immutable or "
                     "append-only, the first {}; see lsattr",
                     work.rule.name,
                     counts.immutable,
                     escape_bytes(work.tree.path_of(*first))),
                 .subject = fmt::format("rule {}", work.rule.name)});
        }
    }

    void add_findings(const RuleWork& work) {
        const std::string subject = fmt::format("rule {}", work.rule.name);
        if (!work.selection.budget_met) {
            report_.findings.push_back(
                {.code = "budget_not_met",
                 .subject = subject,
                 .message = fmt::format("rule {} cannot get below {}: what is left is kept, young, "
                                        "or cannot be deleted",
                                        work.rule.name,
                                        format_bytes(*work.rule.max_total_size)),
                 .severity = Severity::warn});
        }
        const bool nothing_taken = work.selection.entries.empty();
        const bool full = std::ranges::any_of(
            work.disks, [&](const DiskSpace& disk) { return is_under_pressure(work.rule, disk); });
        if (work.pressure_remains || (full && nothing_taken)) {
            report_.findings.push_back(
                {.code = "pressure_remains",
                 .subject = subject,
                 .message = fmt::format("rule {} leaves a disk with less than {}; what is left is "
                                        "kept, young or in use",
                                        work.rule.name,
                                        pressure_words(work.rule)),
                 .severity = Severity::high});
        }
        if (work.counts.in_future > 0) {
            report_.findings.push_back(
                {.code = "time_in_future",
                 .subject = subject,
                 .message = fmt::format("{} entries of rule {} have times in the future and count "
                                        "as young, the first {}",
                                        work.counts.in_future,
                                        work.rule.name,
                                        escape_bytes(work.counts.in_future_example)),
                 .severity = Severity::low});
        }
    }

    void add_summary() {
        const auto size = [](std::int64_t bytes) {
            return format_bytes(static_cast<std::uint64_t>(bytes));
        };
        std::string& summary = report_.summary;
        if (all_.planned == 0) {
            summary = "nothing to do";
        } else if (state_.acted) {
            summary =
                fmt::format("deleted {} of {}, {}", all_.done, all_.planned, size(all_.bytes_done));
        } else {
            summary = fmt::format("would delete {}, {}", all_.planned, size(all_.bytes_planned));
        }
        const auto add = [&](std::int64_t number, std::string_view words) {
            if (number > 0) {
                summary += fmt::format(", {} {}", number, words);
            }
        };
        add(all_.failed, "failed");
        add(all_.changed, "changed");
        add(all_.in_use, "in use");
        add(all_.immutable, "immutable");
        add(all_.held, "held by what is in them");
        if (all_.planned > 0) {
            constexpr std::size_t shown = 16;
            summary += ", plan " + state_.fingerprint.substr(0, shown);
        }
        if (state_.actions.detail != Detail::entry) {
            summary +=
                fmt::format("; recorded by {}",
                            state_.actions.detail == Detail::directory ? "directory" : "root");
        }
    }

    void add_metrics() {
        report_.metrics.push_back(make_counter("files.deleted", all_.done));
        report_.metrics.push_back(make_counter("files.failed", all_.failed));
        report_.metrics.push_back(make_counter("files.in_use", all_.in_use));
        report_.metrics.push_back(make_counter("files.bytes_freed", all_.bytes_done, "bytes"));
    }

    const FilesState& state_;
    Report& report_;
    RuleCounts all_{};
};

Table explanation_table(const FilesState& state) {
    Table table{.columns = {text_column("rule", "RULE"),
                            text_column("verdict", "VERDICT"),
                            text_column("reason", "REASON")}};
    for (const Explanation& one : state.explanations) {
        table.rows.push_back(
            {one.rule, std::string(one.taken ? "taken" : "stays"), escape_bytes(one.reason)});
    }
    return table;
}

}  // namespace

void report_files(const std::shared_ptr<const FilesState>& state,
                  const std::optional<std::string>& explained,
                  Report& report) {
    FilesReporter(*state, report).make();
    if (explained) {
        report.table = explanation_table(*state);
        report.details.clear();
        report.summary = state->explanations.empty()
                             ? fmt::format("no rule looks at {}", escape_bytes(*explained))
                             : fmt::format("what rules make of {}", escape_bytes(*explained));
        return;
    }
    report.table.columns = table_columns<PlannedRow>(planned_columns());
    const bool planned = std::ranges::any_of(state->works, [](const RuleWork& work) {
        return !work.selection.entries.empty() || !work.selection.directories.empty();
    });
    if (planned) {
        report.table.row_source = [state](const RowVisitor& visit) { show_planned(*state, visit); };
    }
}

std::string list_paths(const FilesState& state) {
    std::string paths;
    const auto add = [&](Result result, const std::string& path) {
        if (!state.acted || result == Result::done || result == Result::gone) {
            paths += path;
            paths += '\0';
        }
    };
    for (const RuleWork& work : state.works) {
        for (const std::uint32_t index : work.selection.entries) {
            const TreeEntry& entry = work.tree.entries[index];
            if (entry.verdict != EntryVerdict::emptied) {  // it is still there
                add(entry.result, work.tree.path_of(entry));
            }
        }
        for (const std::uint32_t index : work.selection.directories) {
            add(work.tree.directories[index].result, work.tree.path_of_directory(index));
        }
    }
    return paths;
}

}  // namespace caretaker
