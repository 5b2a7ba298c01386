// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_report.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/bytes.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/planned_rows.hpp"
#include "jobs/cleanup/rule_counts.hpp"
#include "jobs/cleanup/space_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_paths = 20;  // of one kind of problem

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
                                machine_column("use_unknown"),
                                machine_column("immutable"),
                                machine_column("held"),
                                number_column("left_out", "LEFT-OUT"),
                                machine_column("left_out_by"),
                                number_column("failed", "FAILED"),
                                number_column("bytes_planned", "BYTES-PLANNED"),
                                number_column("bytes_done", "BYTES-DONE"),
                                machine_column("disk_freed"),
                                machine_column("seconds")}};
        for (const RuleWork& work : state_.works) {
            TakenCounts taken = count_taken(work, Round::first);
            const TakenCounts further = count_taken(work, Round::second);
            taken += further;
            const TakenCounts strayed = count_strayed(state_.strayed, work.rule.name);
            taken += strayed;
            const StayCounts stays = count_stays(work);
            rules.rows.push_back({work.rule.name,
                                  work.counts.looked_at,
                                  work.counts.matched,
                                  taken.planned,
                                  taken.done,
                                  taken.changed,
                                  stays.in_use,
                                  stays.use_unknown,
                                  stays.immutable,
                                  stays.held,
                                  count_left_out(work.counts),
                                  non_empty(left_out_words(work.counts)),
                                  taken.failed,
                                  taken.bytes_planned,
                                  taken.bytes_done,
                                  known(work.cost.disk_freed),
                                  std::chrono::duration<double>(work.cost.spent).count()});
            report_.items_seen += work.counts.looked_at;
            report_.items_failed += taken.failed;
            taken_ += taken;
            further_ += further;
            strayed_ += strayed;
            stays_ += stays;
            add_problems(work, stays);
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
    void add_problems(const RuleWork& work, const StayCounts& stays) {
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
        if (stays.use_unknown > 0) {
            const auto first = std::ranges::find(
                work.tree.entries, EntryVerdict::use_unknown, &TreeEntry::verdict);
            report_.problems.push_back(
                {.code = "use_unknown",
                 .message = fmt::format(
                     "rule {}: {} entries stay because it cannot be told whether a process has "
                     "them "
                     "open, the first {}; run as root and, in a container, with the host's PID "
                     "namespace",
                     work.rule.name,
                     stays.use_unknown,
                     escape_bytes(work.tree.path_of(*first))),
                 .subject = fmt::format("rule {}", work.rule.name)});
        }
        if (stays.immutable > 0) {
            const auto first =
                std::ranges::find(work.tree.entries, EntryVerdict::immutable, &TreeEntry::verdict);
            report_.problems.push_back(
                {.code = "immutable",
                 .message = fmt::format(
                     "rule {}: {} entries stay because they or their directories are immutable or "
                     "append-only, the first {}; see lsattr",
                     work.rule.name,
                     stays.immutable,
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
        if (is_under_pressure(work.rule, work.disks_after) ||
            (nothing_taken && is_under_pressure(work.rule, work.disks))) {
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
        const std::int64_t planned = taken_.planned - strayed_.planned;
        if (planned == 0) {
            summary = "nothing to do";
        } else if (state_.acted) {
            summary = fmt::format(
                "deleted {} of {}, {}", taken_.done, taken_.planned, size(taken_.bytes_done));
        } else {
            summary = fmt::format("would delete {}, {}", planned, size(taken_.bytes_planned));
        }
        const auto add = [&](std::int64_t number, std::string_view words) {
            if (number > 0) {
                summary += fmt::format(", {} {}", number, words);
            }
        };
        add(state_.of_other_rules, "of the saved plan belong to rules that are not in this run");
        add(further_.planned, "of them in a second round, for want of space after the first");
        add(taken_.failed, "failed");
        add(taken_.changed, "changed");
        add(stays_.in_use, "in use");
        add(stays_.use_unknown, "of which that cannot be told");
        add(stays_.immutable, "immutable");
        add(stays_.held, "held by what is in them");
        if (planned > 0) {
            constexpr std::size_t shown = 16;
            summary += ", plan " + state_.fingerprint.substr(0, shown);
        }
        const Detail detail = std::max(state_.actions.detail, state_.further_actions.detail);
        if (detail != Detail::entry) {
            summary +=
                fmt::format("; recorded by {}", detail == Detail::directory ? "directory" : "root");
        }
    }

    void add_metrics() {
        report_.metrics.push_back(make_counter("files.deleted", taken_.done));
        report_.metrics.push_back(make_counter("files.failed", taken_.failed));
        report_.metrics.push_back(make_counter("files.in_use", stays_.in_use));
        report_.metrics.push_back(make_counter("files.bytes_freed", taken_.bytes_done, "bytes"));
    }

    static std::int64_t count_left_out(const WalkCounts& counts) {
        return std::accumulate(counts.left_out.begin(), counts.left_out.end(), std::int64_t{0});
    }

    /// "young: 12, excluded by exclude: 3"
    static std::string left_out_words(const WalkCounts& counts) {
        std::string words;
        for (std::size_t i = 0; i < counts.left_out.size(); ++i) {
            if (counts.left_out[i] > 0) {
                words += fmt::format("{}{}: {}",
                                     words.empty() ? "" : ", ",
                                     to_string(static_cast<LeftOut>(i)),
                                     counts.left_out[i]);
            }
        }
        return words;
    }

    const FilesState& state_;
    Report& report_;
    TakenCounts taken_{};  // in both rounds
    TakenCounts further_{};
    TakenCounts strayed_{};  // of a saved plan
    StayCounts stays_{};
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
    report.table = planned_table(state);
}

}  // namespace caretaker
