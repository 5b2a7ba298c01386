// SPDX-License-Identifier: Apache-2.0
#include "jobs/findings/findings_view.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker {

namespace {

struct Line {
    const FindingRow& row;
    std::string_view status{};
};

template <auto Field>
Cell field(const Line& line) {
    return line.row.*Field;
}

template <auto Field>
Cell finding_field(const Line& line) {
    return line.row.finding.*Field;
}

/// "lag=1204 peak=5000".
Cell data_cell(const Line& line) {
    std::string text;
    for (const Label& label : line.row.finding.data) {
        text += (text.empty() ? "" : " ") + label.key + "=" + label.value;
    }
    return non_empty(text);
}

const std::vector<ItemColumn<Line>>& finding_columns() {
    static const std::vector<ItemColumn<Line>> columns{
        {number_column("id", "ID"), field<&FindingRow::id>},
        {text_column("severity", "SEVERITY"),
         [](const Line& line) -> Cell {
             return std::string(to_string(line.row.finding.severity));
         }},
        {text_column("status", "STATUS"),
         [](const Line& line) -> Cell { return std::string(line.status); }},
        {text_column("job", "JOB"), field<&FindingRow::job>},
        {text_column("target", "TARGET"),
         [](const Line& line) { return non_empty(line.row.target); }},
        {text_column("code", "CODE"), finding_field<&Finding::code>},
        {text_column("subject", "SUBJECT"), finding_field<&Finding::subject>},
        {text_column("first_seen_at", "FIRST SEEN"),
         [](const Line& line) { return known_time(line.row.first_seen); }},
        {number_column("times_seen", "TIMES"), field<&FindingRow::times_seen>},
        {text_column("acked_until", "KNOWN UNTIL"),
         [](const Line& line) {
             return line.status == "acknowledged" ? known_time(line.row.acked_until) : Cell();
         }},
        {text_column("note", "NOTE"),
         [](const Line& line) { return non_empty(line.row.ack_note); }},
        {text_column("message", "MESSAGE"), finding_field<&Finding::message>},
        {machine_column("fingerprint"), field<&FindingRow::fingerprint>},
        {machine_column("last_seen_at"),
         [](const Line& line) { return known_time(line.row.last_seen); }},
        {machine_column("resolved_at"),
         [](const Line& line) { return known_time(line.row.resolved_at); }},
        {machine_column("first_run_id"),
         [](const Line& line) { return non_empty(line.row.first_run_uid); }},
        {machine_column("last_run_id"),
         [](const Line& line) { return non_empty(line.row.last_run_uid); }},
        {machine_column("data"), data_cell},
    };
    return columns;
}

}  // namespace

std::string_view finding_status(const FindingRow& row, WallTime now) {
    if (row.resolved_at) {
        return "resolved";
    }
    return row.is_acknowledged(now) ? "acknowledged" : "open";
}

Table format_finding_list(std::span<const FindingRow> rows, WallTime now) {
    std::vector<Line> lines;
    lines.reserve(rows.size());
    for (const FindingRow& row : rows) {
        lines.push_back({.row = row, .status = finding_status(row, now)});
    }
    return make_table<Line>("", finding_columns(), lines);
}

std::vector<Metric> count_findings(std::span<const FindingRow> open, WallTime now) {
    const auto count = [open](auto predicate) {
        return static_cast<double>(std::ranges::count_if(open, predicate));
    };
    std::vector<Metric> metrics;
    for (const Severity severity : all_severities) {
        metrics.push_back(
            make_gauge(std::string(to_string(severity)), count([&](const FindingRow& row) {
                           return row.finding.severity == severity && !row.is_acknowledged(now);
                       })));
    }
    metrics.push_back(make_gauge(
        "acknowledged", count([now](const FindingRow& row) { return row.is_acknowledged(now); })));
    return metrics;
}

NagiosState judge_findings(std::span<const FindingRow> open, WallTime now) {
    Severity worst = Severity::info;
    for (const FindingRow& row : open) {
        if (!row.is_acknowledged(now)) {
            worst = std::max(worst, row.finding.severity);
        }
    }
    return worst >= Severity::high   ? NagiosState::critical
           : worst >= Severity::warn ? NagiosState::warning
                                     : NagiosState::ok;
}

}  // namespace caretaker
