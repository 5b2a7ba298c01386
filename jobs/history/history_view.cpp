// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/history_view.hpp"

#include "common/base/run_info.hpp"
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

Cell text_or_none(const std::string& text) {
    return text.empty() ? Cell() : Cell(text);
}

Cell time_or_none(const std::optional<WallTime>& time) {
    return time ? Cell(format_rfc3339(*time)) : Cell();
}

Column shown(const char* key, const char* heading) {
    return {.key = key, .heading = heading};
}

Column number(const char* key, const char* heading) {
    return {.key = key, .heading = heading, .right = true};
}

Column detail(const char* key) {
    return {.key = key, .shown = Shown::machine};
}

std::vector<Cell> format_run(const RunRow& run) {
    return {
        short_run_id(run.uid),
        run.job,
        text_or_none(run.target),
        format_rfc3339(run.started_at),
        run.duration ? Cell(format_duration(*run.duration)) : Cell(),
        run.outcome,
        run.exit_code ? Cell(std::int64_t{*run.exit_code}) : Cell(),
        fmt::format("{}/{}", run.findings_new, run.findings_total),
        fmt::format("{}/{}/{}", run.actions_done, run.actions_failed, run.actions_would),
        run.trigger,
        run.host,
        run.uid,
        time_or_none(run.ended_at),
        run.duration ? Cell(std::int64_t{run.duration->count()}) : Cell(),
        run.dry_run,
        text_or_none(run.trigger_ref),
        std::int64_t{run.attempt},
        text_or_none(run.parent_uid),
        run.version,
        run.argv,
        run.config_hash,
        text_or_none(run.summary),
        text_or_none(run.error_code),
        text_or_none(run.error),
        run.items_seen,
        run.items_failed,
        run.findings_new,
        run.findings_total,
        run.findings_resolved,
        run.actions_done,
        run.actions_failed,
        run.actions_would,
        run.bytes_freed,
        run.metrics_sent,
        run.metrics_dropped,
    };
}

/// Rows of a name and a value; what is not known is left out.
class FieldTable {
 public:
    explicit FieldTable(std::string title) {
        table_.title = std::move(title);
        table_.columns = {shown("field", "FIELD"), shown("value", "VALUE")};
    }

    void add(std::string_view field, Cell value) {
        const auto* text = std::get_if<std::string>(&value);
        const bool is_empty = text != nullptr && text->empty();
        if (!is_empty && !std::holds_alternative<std::monostate>(value)) {
            table_.rows.push_back({std::string(field), std::move(value)});
        }
    }

    Table take() { return std::move(table_); }

 private:
    Table table_;
};

Table format_fields(const RunDetails& details) {
    const RunRow& run = details.run;
    FieldTable fields("Run");
    fields.add("id", run.uid);
    fields.add("summary", run.summary);
    fields.add("error", run.error);
    fields.add("error code", run.error_code);
    fields.add("dry run", run.dry_run ? Cell(std::string("yes")) : Cell());
    fields.add("ended", time_or_none(run.ended_at));
    fields.add("items", run.items_seen);
    fields.add("items failed", run.items_failed);
    fields.add("findings resolved", run.findings_resolved);
    fields.add(
        "freed",
        run.bytes_freed > 0 ? format_bytes(static_cast<std::uint64_t>(run.bytes_freed)) : "");
    fields.add("metrics sent", run.metrics_sent);
    fields.add("metrics dropped", run.metrics_dropped);
    fields.add("compared with", details.previous_uid);
    fields.add("trigger reference", run.trigger_ref);
    fields.add("attempt", std::int64_t{run.attempt});
    fields.add("repeats", run.parent_uid);
    fields.add("arguments", run.argv);
    fields.add("settings hash", run.config_hash);
    fields.add("version", run.version);
    fields.add("boot id", run.boot_id);
    return fields.take();
}

Table format_metrics(const std::vector<MetricRow>& metrics) {
    Table table{.title = "Metrics",
                .columns = {shown("name", "METRIC"),
                            shown("label", "LABEL"),
                            number("value", "VALUE"),
                            number("change", "CHANGE"),
                            shown("unit", "UNIT"),
                            detail("kind"),
                            detail("previous")}};
    for (const MetricRow& metric : metrics) {
        table.rows.push_back({metric.name,
                              text_or_none(metric.label),
                              metric.value,
                              metric.previous ? Cell(metric.value - *metric.previous) : Cell(),
                              text_or_none(metric.unit),
                              metric.kind,
                              metric.previous ? Cell(*metric.previous) : Cell()});
    }
    return table;
}

Table format_findings(const std::vector<StoredFinding>& findings) {
    Table table{.title = "Findings",
                .columns = {number("id", "ID"),
                            shown("status", "STATUS"),
                            shown("severity", "SEVERITY"),
                            shown("code", "CODE"),
                            shown("subject", "SUBJECT"),
                            shown("first_seen_at", "FIRST SEEN"),
                            shown("message", "MESSAGE")}};
    for (const StoredFinding& stored : findings) {
        const Finding& finding = stored.finding;
        table.rows.push_back({stored.id,
                              std::string(to_string(stored.status)),
                              std::string(to_string(finding.severity)),
                              finding.code,
                              finding.subject,
                              format_rfc3339(stored.first_seen),
                              finding.message});
    }
    return table;
}

Table format_actions(const std::vector<ActionRow>& actions) {
    Table table{.title = "Actions",
                .columns = {number("seq", "SEQ"),
                            shown("kind", "KIND"),
                            shown("subject", "SUBJECT"),
                            shown("state", "STATE"),
                            number("bytes", "BYTES"),
                            shown("reason", "REASON"),
                            shown("error", "ERROR"),
                            detail("started_at"),
                            detail("ended_at")}};
    for (const ActionRow& action : actions) {
        table.rows.push_back({action.seq,
                              action.kind,
                              action.subject,
                              action.state,
                              action.bytes ? Cell(*action.bytes) : Cell(),
                              action.reason,
                              text_or_none(action.error),
                              format_rfc3339(action.started_at),
                              time_or_none(action.ended_at)});
    }
    return table;
}

}  // namespace

Table format_run_list(std::span<const RunRow> runs) {
    Table table{.columns = {shown("run", "RUN"),
                            shown("job", "JOB"),
                            shown("target", "TARGET"),
                            shown("started_at", "STARTED"),
                            number("took", "TOOK"),
                            shown("outcome", "OUTCOME"),
                            number("exit_code", "CODE"),
                            number("findings", "FINDINGS"),
                            number("actions", "ACTIONS"),
                            shown("trigger", "TRIGGER"),
                            shown("host", "HOST")}};
    for (const char* key : {"id",           "ended_at",       "duration_ms",
                            "dry_run",      "trigger_ref",    "attempt",
                            "parent_id",    "version",        "argv",
                            "config_hash",  "summary",        "error_code",
                            "error",        "items_seen",     "items_failed",
                            "findings_new", "findings_total", "findings_resolved",
                            "actions_done", "actions_failed", "actions_would",
                            "bytes_freed",  "metrics_sent",   "metrics_dropped"}) {
        table.columns.push_back(detail(key));
    }
    for (const RunRow& run : runs) {
        table.rows.push_back(format_run(run));
    }
    return table;
}

std::vector<Table> format_run_details(const RunDetails& details) {
    std::vector<Table> tables{format_fields(details)};
    for (Table& table : std::vector<Table>{format_metrics(details.metrics),
                                           format_findings(details.findings),
                                           format_actions(details.actions)}) {
        if (!table.rows.empty()) {
            tables.push_back(std::move(table));
        }
    }
    return tables;
}

}  // namespace caretaker
