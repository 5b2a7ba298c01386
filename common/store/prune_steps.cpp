// SPDX-License-Identifier: Apache-2.0
#include "common/store/prune_steps.hpp"

#include "common/store/database.hpp"
#include "common/store/metric_thinning.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t rows_per_transaction = 2000;
/// Deleting a run takes its metrics and actions along, as a rule some thirty rows.
constexpr std::int64_t runs_per_transaction = 60;

/// Rows of one table that fulfil a condition.
struct Deletion {
    std::string table{};
    std::string key{};
    std::string condition{};
    std::int64_t batch = rows_per_transaction;
};

PruneStep make_step(Database& database, std::string name, const Deletion& deletion) {
    const std::string count =
        fmt::format("SELECT count(*) FROM {} AS r WHERE {}", deletion.table, deletion.condition);
    const std::string remove =
        fmt::format("DELETE FROM {0} WHERE ({1}) IN (SELECT {1} FROM {0} AS r WHERE {2} LIMIT {3})",
                    deletion.table,
                    deletion.key,
                    deletion.condition,
                    deletion.batch);
    return {.name = std::move(name),
            .count = [&database, count] { return database.integer(count); },
            .do_batch =
                [&database, remove, batch = deletion.batch] {
                    std::int64_t rows = 0;
                    database.write("pruning the store", [&] {
                        database.prepare(remove).run();
                        rows = database.changes();
                    });
                    return PruneBatch{.rows = rows, .done = rows < batch};
                }};
}

/// A finer row adds to the coarser row of its time; the later one gives the last value. In the
/// order of an index, so that both statements mean the same rows.
PruneStep make_step(Database& database, const RollUp& roll_up) {
    const std::string rows = fmt::format("FROM samples WHERE res = {} AND bucket < {}",
                                         roll_up.from.count(),
                                         to_milliseconds(roll_up.before));
    const std::string batch =
        fmt::format("{} ORDER BY bucket, series_id LIMIT {}", rows, rows_per_transaction);
    const std::string add = fmt::format(
        "INSERT INTO samples(series_id, res, bucket, n, vmin, vmax, vsum, vlast) "
        "SELECT series_id, {}, bucket - bucket % {}, n, vmin, vmax, vsum, vlast {} "
        "ON CONFLICT(series_id, res, bucket) DO UPDATE SET n = n + excluded.n, "
        "vmin = min(vmin, excluded.vmin), vmax = max(vmax, excluded.vmax), "
        "vsum = vsum + excluded.vsum, vlast = excluded.vlast",
        roll_up.to.count(),
        std::chrono::milliseconds(roll_up.to).count(),
        batch);
    const std::string remove = fmt::format(
        "DELETE FROM samples WHERE (series_id, res, bucket) IN (SELECT series_id, res, bucket {})",
        batch);
    return {
        .name = fmt::format("samples of {} s", roll_up.from.count()),
        .count = [&database, count = "SELECT count(*) " + rows] { return database.integer(count); },
        .do_batch =
            [&database, add, remove] {
                std::int64_t done = 0;
                database.write("rolling up samples", [&] {
                    database.prepare(add).run();
                    database.prepare(remove).run();
                    done = database.changes();
                });
                return PruneBatch{.rows = done, .done = done < rows_per_transaction};
            }};
}

/// Only as many newer runs are counted as matter, by an index.
std::string runs_condition(const PrunePlan& plan) {
    return fmt::format(
        "r.started_ms < {0} AND r.outcome <> 'running' AND (SELECT count(*) FROM (SELECT 1 FROM "
        "runs AS n WHERE n.job = r.job AND n.target = r.target AND n.started_ms > r.started_ms "
        "LIMIT {1})) >= {1}",
        to_milliseconds(plan.runs_before),
        plan.runs_per_job);
}

std::string outbox_condition(const PrunePlan& plan) {
    return fmt::format(
        "r.created_ms < {} OR r.id IN (SELECT id FROM (SELECT id, sum(length(CAST(body AS BLOB))) "
        "OVER (ORDER BY id DESC) AS bytes FROM outbox) WHERE bytes > {})",
        to_milliseconds(plan.outbox_before),
        plan.outbox_bytes);
}

std::string snapshots_condition(const PrunePlan& plan) {
    return fmt::format(
        "r.rowid IN (SELECT row FROM (SELECT rowid AS row, row_number() OVER (PARTITION BY job, "
        "target ORDER BY taken_ms DESC) AS place FROM snapshots) WHERE place > {})",
        plan.snapshots);
}

}  // namespace

std::vector<PruneStep> make_prune_steps(Database& database, const PrunePlan& plan) {
    std::vector<PruneStep> steps;
    const auto remove = [&](std::string name, const Deletion& deletion) {
        steps.push_back(make_step(database, std::move(name), deletion));
    };
    remove("runs",
           {.table = "runs",
            .key = "id",
            .condition = runs_condition(plan),
            .batch = runs_per_transaction});
    steps.push_back(make_metric_thinning(database, plan.metrics_before));
    for (const RollUp& roll_up : plan.roll_ups) {
        steps.push_back(make_step(database, roll_up));
    }
    remove("samples of 3600 s",
           {.table = "samples",
            .key = "series_id, res, bucket",
            .condition = fmt::format("r.res = 3600 AND r.bucket < {}",
                                     to_milliseconds(plan.samples_before))});
    remove("findings",
           {.table = "findings",
            .key = "id",
            .condition = fmt::format("r.resolved_ms < {}", to_milliseconds(plan.findings_before))});
    remove("events",
           {.table = "events",
            .key = "id",
            .condition = fmt::format("r.at_ms < {}", to_milliseconds(plan.events_before))});
    remove("outbox", {.table = "outbox", .key = "id", .condition = outbox_condition(plan)});
    remove("snapshots",
           {.table = "snapshots", .key = "rowid", .condition = snapshots_condition(plan)});
    remove("memory",
           {.table = "memory",
            .key = "rowid",
            .condition = fmt::format("r.updated_ms < {}", to_milliseconds(plan.memory_before))});
    remove("series",
           {.table = "series",
            .key = "id",
            .condition = "NOT EXISTS (SELECT 1 FROM samples WHERE series_id = r.id)"});
    return steps;
}

}  // namespace caretaker
