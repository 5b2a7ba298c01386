// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_recorder.hpp"

#include "common/store/action_log.hpp"
#include "common/store/database.hpp"
#include "common/store/findings_recorder.hpp"
#include "common/store/label_text.hpp"
#include "common/store/metric_writer.hpp"
#include "common/store/run_row.hpp"
#include "common/store/sample_writer.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace caretaker {

namespace {

std::optional<std::string> none_if_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

struct RunIdentity {
    std::string job{};
    std::string target{};
    bool dry_run = false;
};

RunIdentity fetch_identity(const Database& database, std::int64_t id) {
    Statement find = database.prepare("SELECT job, target, dry_run FROM runs WHERE id = ?");
    find.with(id);
    if (!find.step()) {
        throw StoreError(fmt::format(
            "store {}: run {} is not there any more; was the file replaced?", database.path(), id));
    }
    return {.job = find.text(0), .target = find.text(1), .dry_run = find.integer(2) != 0};
}

/// The numbers of the actions that are recorded already, each before its request.
std::set<std::int64_t> fetch_logged(const Database& database, std::int64_t run) {
    std::set<std::int64_t> logged;
    Statement rows = database.prepare("SELECT seq FROM actions WHERE run_id = ?");
    rows.with(run);
    while (rows.step()) {
        logged.insert(rows.integer(0));
    }
    return logged;
}

/// What was done is always kept; what was not, as far as the budget goes. One that was begun and
/// turned out to be none, skipped for example, is recorded as well.
void save_actions(const Database& database,
                  std::int64_t run,
                  const RunClose& close,
                  RowBudget& budget) {
    const ActionList& actions = close.report.actions;
    const std::set<std::int64_t> logged =
        close.actions_are_logged ? fetch_logged(database, run) : std::set<std::int64_t>();
    Statement insert = prepare_action_insert(database);
    for (const bool made : {true, false}) {
        for (std::size_t index = 0; index < actions.size(); ++index) {
            const ActionState state = actions.state(index);
            if (made == (state == ActionState::would || state == ActionState::skipped)) {
                continue;
            }
            if (made) {
                budget.take_always(1);
            }
            const bool is_logged = logged.contains(static_cast<std::int64_t>(index) + 1);
            if (made ? !close.actions_are_logged : !is_logged && budget.take()) {
                insert_action(insert, run, actions, index);
            }
        }
    }
}

/// The numbers that sum up the run. What a job keeps series of, a group for example, is left to
/// those: rows of each such thing for each run would soon be most of the store.
void save_metrics(Database& database,
                  std::int64_t run,
                  const std::string& job,
                  const Report& report,
                  RowBudget& budget) {
    std::set<std::string> with_series;
    for (const Sample& sample : report.samples) {
        with_series.insert(format_labels(sample.labels));
    }
    MetricWriter writer(database, run, job);
    for (const Metric& metric : report.metrics) {
        const bool is_runs_own =
            metric.labels.empty() ||
            (metric.labels.size() == 1 && !with_series.contains(format_labels(metric.labels)));
        if (is_runs_own && std::isfinite(metric.value) && budget.take()) {
            writer.add(metric);
        }
    }
}

/// Metrics of more than one dimension are kept as series, unless the job gave a sample of that
/// series.
void save_samples(Database& database,
                  const std::string& target,
                  const RunClose& close,
                  RowBudget& budget) {
    SampleWriter writer(database, target, close.ended_at);
    std::set<std::pair<std::string, std::string>> given;
    for (const Sample& sample : close.report.samples) {
        given.emplace(sample.series, format_labels(sample.labels));
        if (std::isfinite(sample.value) && budget.take()) {
            writer.add(sample.series, sample.labels, sample.value);
        }
    }
    for (const Metric& metric : close.report.metrics) {
        if (metric.labels.size() > 1 && std::isfinite(metric.value) &&
            !given.contains({metric.name, format_labels(metric.labels)}) && budget.take()) {
            writer.add(metric.name, metric.labels, metric.value);
        }
    }
}

/// Dry runs say nothing about how a job stands. `locked`: skipped because of another run's lock.
void save_status(Database& database,
                 std::int64_t run,
                 const RunIdentity& identity,
                 Outcome outcome,
                 bool locked,
                 std::optional<WallTime> ended_at) {
    if (identity.dry_run) {
        return;
    }
    const bool ok = outcome == Outcome::ok;
    const bool skipped = outcome == Outcome::skipped;
    const auto ended = ended_at ? std::optional(to_milliseconds(*ended_at)) : std::nullopt;
    database
        .prepare(
            "INSERT INTO job_status(job, target, last_run, last_outcome, last_ended_ms, "
            "last_ok_run, "
            "last_ok_ms, bad_streak, skip_streak) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?9) "
            "ON CONFLICT(job, target) DO UPDATE SET last_run = excluded.last_run, "
            "last_outcome = excluded.last_outcome, "
            "last_ended_ms = coalesce(excluded.last_ended_ms, last_ended_ms), "
            "last_ok_run = coalesce(excluded.last_ok_run, last_ok_run), "
            "last_ok_ms = coalesce(excluded.last_ok_ms, last_ok_ms), "
            "bad_streak = CASE excluded.last_outcome WHEN 'ok' THEN 0 WHEN 'skipped' THEN "
            "bad_streak "
            "ELSE bad_streak + 1 END, "
            "skip_streak = CASE WHEN ?9 THEN skip_streak + 1 WHEN excluded.last_outcome = "
            "'skipped' THEN skip_streak ELSE 0 END")
        .with(identity.job,
              identity.target,
              run,
              to_string(outcome),
              ended,
              ok ? std::optional(run) : std::nullopt,
              ok ? ended : std::nullopt,
              ok || skipped ? 0 : 1,
              locked)
        .run();
}

void update_run(Database& database,
                std::int64_t id,
                const RunClose& close,
                const FindingsDiff& diff) {
    const Report& report = close.report;
    std::string summary = report.summary;
    if (diff.rows_left_out > 0) {
        summary += fmt::format("; {} rows over the limit were not stored", diff.rows_left_out);
    }
    database
        .prepare(
            "UPDATE runs SET ended_ms = ?2, duration_ms = ?3, outcome = ?4, exit_code = ?5, "
            "summary = ?6, error_code = ?7, error = ?8, items_seen = ?9, items_failed = ?10, "
            "findings_total = ?11, findings_new = ?12, findings_resolved = ?13, actions_done = "
            "?14, "
            "actions_failed = ?15, actions_would = ?16, bytes_freed = ?17 WHERE id = ?1")
        .with(id,
              to_milliseconds(close.ended_at),
              std::int64_t{close.duration.count()},
              to_string(close.outcome),
              close.exit_code,
              none_if_empty(summary),
              none_if_empty(close.error_code),
              none_if_empty(close.error),
              report.items_seen,
              report.items_failed,
              diff.added + diff.open,
              diff.added,
              diff.resolved,
              report.actions.count(ActionState::done),
              report.actions.count(ActionState::failed),
              report.actions.count(ActionState::would),
              report.actions.bytes_freed().value_or(0))
        .run();
}

}  // namespace

std::int64_t next_run_id(const Database& database) {
    return database.integer("SELECT coalesce(max(id), 0) + 1 FROM runs");
}

void insert_run(Database& database, std::int64_t id, const RunInfo& run) {
    std::string parent;
    if (run.attempt > 0) {
        Statement last = database.prepare(
            "SELECT uid FROM runs WHERE job = ? AND target = ? ORDER BY started_ms DESC LIMIT 1");
        if (last.with(run.job, run.target).step()) {
            parent = last.text(0);
        }
    }
    insert_run_row(database,
                   {.id = id,
                    .uid = run.uid,
                    .job = run.job,
                    .target = run.target,
                    .started_at = run.started_at,
                    .outcome = "running",
                    .dry_run = run.dry_run,
                    .trigger = run.trigger,
                    .trigger_ref = run.trigger_ref,
                    .attempt = run.attempt,
                    .parent_uid = parent,
                    .queue_delay = run.queue_delay,
                    .host = run.host,
                    .boot_id = run.boot_id,
                    .version = run.version,
                    .argv = run.argv,
                    .config_hash = run.config_hash});
}

FindingsDiff record_close(Database& database,
                          std::int64_t id,
                          const RunClose& close,
                          std::int64_t max_rows) {
    const RunIdentity identity = fetch_identity(database, id);
    const Report& report = close.report;
    RowBudget budget(max_rows);
    save_actions(database, id, close, budget);
    const FindingsOfRun of_run{
        .run = id,
        .job = identity.job,
        .target = identity.target,
        .at = close.ended_at,
        .complete = close.outcome == Outcome::ok || close.outcome == Outcome::findings,
        .looked_at = close.report.looked_at};
    FindingsDiff diff = record_findings(database, of_run, report.findings, budget);
    save_metrics(database, id, identity.job, report, budget);
    save_samples(database, identity.target, close, budget);
    diff.rows_left_out = budget.left_out();
    update_run(database, id, close, diff);
    save_status(
        database, id, identity, close.outcome, close.error_code == locked_word, close.ended_at);
    if (close.make_documents) {
        insert_documents(database, close.make_documents(diff), close.ended_at);
    }
    return diff;
}

std::vector<RunningRun> find_running(const Database& database, std::string_view host) {
    Statement find = database.prepare(
        "SELECT id, uid, job, target, boot_id FROM runs WHERE outcome = 'running' AND host = ? "
        "ORDER BY id");
    find.with(host);
    std::vector<RunningRun> runs;
    while (find.step()) {
        runs.push_back({.run = {.id = find.integer(0),
                                .uid = find.text(1),
                                .job = find.text(2),
                                .target = find.text(3)},
                        .boot_id = find.text(4)});
    }
    return runs;
}

void record_loss(Database& database, const LostRun& run, WallTime now) {
    const RunIdentity identity = fetch_identity(database, run.id);
    // When it ended is not known, so ended_ms stays NULL.
    database
        .prepare("UPDATE runs SET outcome = 'lost', error_code = 'lost', error = ? WHERE id = ?")
        .with(
            "the process ended without closing its run: killed, out of memory, or the host went "
            "down",
            run.id)
        .run();
    database
        .prepare(
            "UPDATE actions SET state = 'unknown', ended_ms = ? WHERE run_id = ? AND state = "
            "'started'")
        .with(to_milliseconds(now), run.id)
        .run();
    save_status(database, run.id, identity, Outcome::lost, false, std::nullopt);
}

void record_delivery(Database& database, std::int64_t id, std::int64_t sent, std::int64_t dropped) {
    database.prepare("UPDATE runs SET metrics_sent = ?, metrics_dropped = ? WHERE id = ?")
        .with(sent, dropped, id)
        .run();
}

}  // namespace caretaker
