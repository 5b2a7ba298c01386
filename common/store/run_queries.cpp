// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_queries.hpp"

#include "common/store/action_rows.hpp"
#include "common/store/database.hpp"
#include "common/store/label_text.hpp"
#include "common/store/run_conditions.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

/// The run that the metrics of `run` are compared with: the one before it that did the same work.
std::optional<std::pair<std::int64_t, std::string>> find_previous_run(const Database& database,
                                                                      const RunRow& run) {
    Statement find = database.prepare(
        "SELECT id, uid FROM runs WHERE job = ? AND target = ? AND started_ms <= ? AND id < ? "
        "AND outcome NOT IN ('running', 'skipped', 'lost') ORDER BY started_ms DESC, id DESC LIMIT "
        "1");
    find.with(run.job, run.target, to_milliseconds(run.started_at), run.id);
    if (!find.step()) {
        return std::nullopt;
    }
    return std::pair(find.integer(0), find.text(1));
}

std::vector<MetricRow> fetch_metrics(const Database& database,
                                     const RunRow& run,
                                     std::int64_t previous_run) {
    Statement find = database.prepare(
        "SELECT n.name, n.kind, n.unit, m.label, m.value, p.value FROM run_metrics AS m "
        "JOIN metric_names AS n ON n.id = m.metric_id "
        "LEFT JOIN run_metrics AS p ON p.run_id = ?2 AND p.metric_id = m.metric_id "
        "AND p.label = m.label WHERE m.run_id = ?1 ORDER BY n.name, m.label");
    find.with(run.id, previous_run);
    std::vector<MetricRow> metrics;
    while (find.step()) {
        metrics.push_back(
            {.name = find.text(0).substr(run.job.size() + 1),
             .kind = find.text(1),
             .unit = find.text(2),
             .label = find.text(3),
             .value = find.real(4),
             .previous = find.is_null(5) ? std::nullopt : std::optional(find.real(5))});
    }
    return metrics;
}

/// A row knows its first and its last run only; that it was seen in those between is what "open"
/// means.
std::vector<StoredFinding> fetch_findings(const Database& database, const RunRow& run) {
    Statement find = database.prepare(
        "SELECT id, code, subject, message, severity, data, first_seen_ms, first_run, last_run "
        "FROM findings WHERE job = ?1 AND target = ?2 AND first_run <= ?3 "
        "AND (last_run >= ?3 OR resolved_ms = ?4) ORDER BY severity DESC, subject, code");
    const auto ended = run.ended_at ? std::optional(to_milliseconds(*run.ended_at)) : std::nullopt;
    find.with(run.job, run.target, run.id, ended);
    std::vector<StoredFinding> findings;
    while (find.step()) {
        const bool gone = find.integer(8) < run.id;
        const bool is_new = find.integer(7) == run.id;
        findings.push_back({.id = find.integer(0),
                            .status = gone     ? FindingStatus::resolved
                                      : is_new ? FindingStatus::added
                                               : FindingStatus::open,
                            .first_seen = to_wall_time(find.integer(6)),
                            .finding = {.code = find.text(1),
                                        .subject = find.text(2),
                                        .message = find.text(3),
                                        .severity = static_cast<Severity>(find.integer(4)),
                                        .data = parse_labels(find.text(5))}});
    }
    return findings;
}

std::vector<ActionRow> fetch_actions(const Database& database, std::int64_t run) {
    Statement find = database.prepare(fmt::format(
        "SELECT {} FROM actions AS a WHERE a.run_id = ? ORDER BY a.seq", action_columns()));
    find.with(run);
    std::vector<ActionRow> actions;
    while (find.step()) {
        actions.push_back(read_action(find));
    }
    return actions;
}

}  // namespace

std::vector<RunRow> fetch_runs(const Database& database, const RunFilter& filter) {
    const RunConditions conditions(filter);
    Statement find = database.prepare(
        fmt::format("SELECT {} FROM runs AS r{} ORDER BY r.started_ms DESC, r.id DESC LIMIT ?",
                    run_columns(),
                    conditions.text(" WHERE ")));
    int index = 0;
    conditions.bind(find, index);
    find.bind(++index, filter.limit);
    std::vector<RunRow> runs;
    while (find.step()) {
        runs.push_back(read_run(find));
    }
    return runs;
}

RunDetails fetch_run_details(const Database& database, std::int64_t id) {
    Statement find =
        database.prepare(fmt::format("SELECT {} FROM runs WHERE id = ?", run_columns()));
    if (!find.with(id).step()) {
        throw StoreError(fmt::format("store {}: there is no run {}", database.path(), id));
    }
    RunDetails details{.run = read_run(find)};
    const auto previous = find_previous_run(database, details.run);
    details.previous_uid = previous ? previous->second : std::string();
    details.metrics = fetch_metrics(database, details.run, previous ? previous->first : 0);
    details.findings = fetch_findings(database, details.run);
    details.actions = fetch_actions(database, id);
    return details;
}

std::vector<SamplePoint> fetch_samples(const Database& database,
                                       std::string_view series,
                                       std::string_view target,
                                       std::span<const Label> labels,
                                       WallTime since) {
    Statement find = database.prepare(
        "SELECT res, bucket, n, vmin, vmax, vsum, vlast FROM samples WHERE series_id = "
        "(SELECT id FROM series WHERE name = ? AND target = ? AND labels = ?) AND bucket >= ? "
        "ORDER BY bucket, res DESC");
    find.with(series, target, format_labels(labels), to_milliseconds(since));
    std::vector<SamplePoint> points;
    while (find.step()) {
        points.push_back({.start = to_wall_time(find.integer(1)),
                          .length = std::chrono::seconds(find.integer(0)),
                          .count = find.integer(2),
                          .min = find.real(3),
                          .max = find.real(4),
                          .sum = find.real(5),
                          .last = find.real(6)});
    }
    return points;
}

std::optional<WallTime> fetch_newest_end(const Database& database, std::string_view host) {
    Statement find = database.prepare(
        "SELECT max(ended_ms) FROM (SELECT ended_ms FROM runs WHERE host = ? AND ended_ms IS NOT "
        "NULL AND imported_ms IS NULL ORDER BY started_ms DESC LIMIT 20)");
    find.with(host).step();
    return to_wall_time(find.optional_integer(0));
}

std::optional<JobStatus> fetch_job_status(const Database& database,
                                          std::string_view job,
                                          std::string_view target) {
    Statement find = database.prepare(
        "SELECT last_outcome, last_ok_ms, bad_streak, skip_streak FROM job_status "
        "WHERE job = ? AND target = ?");
    if (!find.with(job, target).step()) {
        return std::nullopt;
    }
    return JobStatus{.last_outcome = find.text(0),
                     .last_ok = to_wall_time(find.optional_integer(1)),
                     .bad_streak = find.integer(2),
                     .skip_streak = find.integer(3)};
}

}  // namespace caretaker
