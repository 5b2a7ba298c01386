// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/history_view.hpp"

#include "common/base/field_table.hpp"
#include "common/base/run_info.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace caretaker {

namespace {

using RunColumn = ItemColumn<RunRow>;

/// A value of RunRow that needs no thought: a word, a number, or a text that may be missing.
template <auto Field>
Cell field(const RunRow& run) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(run.*Field)>, std::string>) {
        return non_empty(run.*Field);
    } else {
        return run.*Field;
    }
}

/// What a list shows, then what it has no room for.
const std::vector<RunColumn>& run_list_columns() {
    static const std::vector<RunColumn> columns{
        {text_column("run", "RUN"),
         [](const RunRow& run) -> Cell { return short_run_id(run.uid); }},
        {text_column("job", "JOB"), field<&RunRow::job>},
        {text_column("target", "TARGET"), field<&RunRow::target>},
        {text_column("started_at", "STARTED"),
         [](const RunRow& run) { return known_time(run.started_at); }},
        {number_column("took", "TOOK"),
         [](const RunRow& run) {
             return run.duration ? Cell(format_duration(*run.duration)) : Cell();
         }},
        {text_column("outcome", "OUTCOME"), field<&RunRow::outcome>},
        {number_column("exit_code", "CODE"),
         [](const RunRow& run) {
             return run.exit_code ? Cell(std::int64_t{*run.exit_code}) : Cell();
         }},
        {number_column("findings", "FINDINGS"),
         [](const RunRow& run) -> Cell {
             return fmt::format("{}/{}", run.findings_new, run.findings_total);
         }},
        {number_column("actions", "ACTIONS"),
         [](const RunRow& run) -> Cell {
             return fmt::format(
                 "{}/{}/{}", run.actions_done, run.actions_failed, run.actions_would);
         }},
        {text_column("trigger", "TRIGGER"), field<&RunRow::trigger>},
        {text_column("host", "HOST"), field<&RunRow::host>},
        {machine_column("id"), field<&RunRow::uid>},
        {machine_column("ended_at"), [](const RunRow& run) { return known_time(run.ended_at); }},
        {machine_column("duration_ms"),
         [](const RunRow& run) {
             return run.duration ? Cell(std::int64_t{run.duration->count()}) : Cell();
         }},
        {machine_column("dry_run"), field<&RunRow::dry_run>},
        {machine_column("trigger_ref"), field<&RunRow::trigger_ref>},
        {machine_column("attempt"),
         [](const RunRow& run) -> Cell { return std::int64_t{run.attempt}; }},
        {machine_column("parent_id"), field<&RunRow::parent_uid>},
        {machine_column("version"), field<&RunRow::version>},
        {machine_column("argv"), field<&RunRow::argv>},
        {machine_column("config_hash"), field<&RunRow::config_hash>},
        {machine_column("summary"), field<&RunRow::summary>},
        {machine_column("error_code"), field<&RunRow::error_code>},
        {machine_column("error"), field<&RunRow::error>},
        {machine_column("items_seen"), field<&RunRow::items_seen>},
        {machine_column("items_failed"), field<&RunRow::items_failed>},
        {machine_column("findings_new"), field<&RunRow::findings_new>},
        {machine_column("findings_total"), field<&RunRow::findings_total>},
        {machine_column("findings_resolved"), field<&RunRow::findings_resolved>},
        {machine_column("actions_done"), field<&RunRow::actions_done>},
        {machine_column("actions_failed"), field<&RunRow::actions_failed>},
        {machine_column("actions_would"), field<&RunRow::actions_would>},
        {machine_column("bytes_freed"), field<&RunRow::bytes_freed>},
        {machine_column("metrics_sent"), field<&RunRow::metrics_sent>},
        {machine_column("metrics_dropped"), field<&RunRow::metrics_dropped>},
        {machine_column("imported_at"),
         [](const RunRow& run) { return known_time(run.imported_at); }},
    };
    return columns;
}

Table format_fields(const RunDetails& details) {
    const RunRow& run = details.run;
    FieldTable fields("Run");
    fields.add("id", run.uid);
    fields.add("summary", non_empty(run.summary));
    fields.add("error", non_empty(run.error));
    fields.add("error code", non_empty(run.error_code));
    fields.add("dry run", run.dry_run ? Cell("yes") : Cell());
    fields.add("ended", known_time(run.ended_at));
    fields.add("items", run.items_seen);
    fields.add("items failed", run.items_failed);
    fields.add("findings resolved", run.findings_resolved);
    fields.add("freed",
               run.bytes_freed > 0 ? Cell(format_bytes(static_cast<std::uint64_t>(run.bytes_freed)))
                                   : Cell());
    fields.add("metrics sent", run.metrics_sent);
    fields.add("metrics dropped", run.metrics_dropped);
    fields.add("compared with", non_empty(details.previous_uid));
    fields.add("trigger reference", non_empty(run.trigger_ref));
    fields.add("attempt", std::int64_t{run.attempt});
    fields.add("repeats", non_empty(run.parent_uid));
    fields.add("arguments", non_empty(run.argv));
    fields.add("settings hash", non_empty(run.config_hash));
    fields.add("version", non_empty(run.version));
    fields.add("boot id", non_empty(run.boot_id));
    fields.add("imported", known_time(run.imported_at));
    return fields.take();
}

Table format_metrics(const std::vector<MetricRow>& metrics) {
    static const std::vector<ItemColumn<MetricRow>> columns{
        {text_column("name", "METRIC"),
         [](const MetricRow& metric) -> Cell { return metric.name; }},
        {text_column("label", "LABEL"),
         [](const MetricRow& metric) { return non_empty(metric.label); }},
        {number_column("value", "VALUE"),
         [](const MetricRow& metric) -> Cell { return metric.value; }},
        {number_column("change", "CHANGE"),
         [](const MetricRow& metric) {
             return metric.previous ? Cell(metric.value - *metric.previous) : Cell();
         }},
        {text_column("unit", "UNIT"),
         [](const MetricRow& metric) { return non_empty(metric.unit); }},
        {machine_column("kind"), [](const MetricRow& metric) -> Cell { return metric.kind; }},
        {machine_column("previous"),
         [](const MetricRow& metric) { return known(metric.previous); }},
    };
    return make_table<MetricRow>("Metrics", columns, metrics);
}

Table format_findings(const std::vector<StoredFinding>& findings) {
    static const std::vector<ItemColumn<StoredFinding>> columns{
        {number_column("id", "ID"), [](const StoredFinding& stored) -> Cell { return stored.id; }},
        {text_column("status", "STATUS"),
         [](const StoredFinding& stored) -> Cell { return std::string(to_string(stored.status)); }},
        {text_column("severity", "SEVERITY"),
         [](const StoredFinding& stored) -> Cell {
             return std::string(to_string(stored.finding.severity));
         }},
        {text_column("code", "CODE"),
         [](const StoredFinding& stored) -> Cell { return stored.finding.code; }},
        {text_column("subject", "SUBJECT"),
         [](const StoredFinding& stored) -> Cell { return stored.finding.subject; }},
        {text_column("first_seen_at", "FIRST SEEN"),
         [](const StoredFinding& stored) { return known_time(stored.first_seen); }},
        {text_column("message", "MESSAGE"),
         [](const StoredFinding& stored) -> Cell { return stored.finding.message; }},
    };
    return make_table<StoredFinding>("Findings", columns, findings);
}

Table format_actions(const std::vector<ActionRow>& actions) {
    static const std::vector<ItemColumn<ActionRow>> columns{
        {number_column("seq", "SEQ"), [](const ActionRow& action) -> Cell { return action.seq; }},
        {text_column("kind", "KIND"), [](const ActionRow& action) -> Cell { return action.kind; }},
        {text_column("subject", "SUBJECT"),
         [](const ActionRow& action) -> Cell { return action.subject; }},
        {text_column("state", "STATE"),
         [](const ActionRow& action) -> Cell { return action.state; }},
        {number_column("bytes", "BYTES"),
         [](const ActionRow& action) { return known(action.bytes); }},
        {text_column("reason", "REASON"),
         [](const ActionRow& action) -> Cell { return action.reason; }},
        {text_column("error", "ERROR"),
         [](const ActionRow& action) { return non_empty(action.error); }},
        {machine_column("started_at"),
         [](const ActionRow& action) { return known_time(action.started_at); }},
        {machine_column("ended_at"),
         [](const ActionRow& action) { return known_time(action.ended_at); }},
    };
    return make_table<ActionRow>("Actions", columns, actions);
}

}  // namespace

Table format_run_list(std::span<const RunRow> runs) {
    return make_table<RunRow>("", run_list_columns(), runs);
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
