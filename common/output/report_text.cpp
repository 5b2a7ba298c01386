// SPDX-License-Identifier: Apache-2.0
#include "common/output/report_text.hpp"

#include "common/output/word_colour.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace caretaker {

namespace {

std::string upper(std::string_view word) {
    std::string out(word);
    std::ranges::transform(
        out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

Table findings_table(const FinishedRun& run) {
    Table table{
        .title = "Findings",
        .columns = {{.key = "severity", .heading = "SEVERITY"},
                    {.key = "status", .heading = "STATUS"},
                    {.key = "code", .heading = "CODE"},
                    {.key = "subject", .heading = "SUBJECT"},
                    {.key = "message", .heading = "MESSAGE"}},
    };
    for (const FindingState& state : run.findings) {
        table.rows.push_back({std::string(to_string(state.finding.severity)),
                              std::string(to_string(state.status)),
                              state.finding.code,
                              state.finding.subject,
                              state.finding.message});
    }
    return table;
}

void append_table(TextOut& out, const Table& table, const TableStyle& style) {
    if (table.is_empty()) {
        return;
    }
    if (!out.is_empty()) {
        out.append("\n");
    }
    if (!table.title.empty()) {
        out.append(table.title + '\n');
    }
    write_table(table, style, out);
}

std::string findings_words(const FinishedRun& run) {
    const auto fresh =
        std::ranges::count(run.findings, FindingStatus::added, &FindingState::status);
    const auto total =
        fresh + std::ranges::count(run.findings, FindingStatus::open, &FindingState::status);
    if (total == 0) {
        return {};
    }
    return fmt::format(", {} finding{} ({} new)", total, total == 1 ? "" : "s", fresh);
}

}  // namespace

std::string summary_line(const FinishedRun& run, bool colour) {
    std::string line = run.info.dry_run ? "DRY RUN  " : "";
    const std::string outcome = upper(to_string(run.outcome));
    line += colour ? colour_state("outcome", outcome) : outcome;
    line += "  " + run.info.job;
    if (!run.info.target.empty()) {
        line += ' ' + run.info.target;
    }
    line += "  " + run.report.summary + findings_words(run);
    line += "  " + format_duration(run.duration);
    if (!run.info.uid.empty()) {
        line += "  run " + short_run_id(run.info.uid);
    }
    return line;
}

void write_text(const FinishedRun& run, const TableStyle& style, bool with_summary, TextOut& out) {
    append_table(out, run.report.table, style);
    for (const Table& table : run.report.details) {
        append_table(out, table, style);
    }
    append_table(out, findings_table(run), style);
    if (with_summary) {
        out.append((out.is_empty() ? "" : "\n") + summary_line(run, style.colour) + '\n');
    } else if (out.is_empty()) {
        out.append(run.report.summary + '\n');
    }
}

std::string render_text(const FinishedRun& run, const TableStyle& style, bool with_summary) {
    return collect_text([&](TextOut& out) { write_text(run, style, with_summary, out); });
}

}  // namespace caretaker
