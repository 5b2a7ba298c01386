// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_importer.hpp"

#include "common/store/metric_thinning.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace caretaker {

namespace {

int bind_values(Statement& statement, int index, std::span<const RowValue> values) {
    for (const RowValue& value : values) {
        ++index;
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
            statement.bind(index, *integer);
        } else if (const auto* real = std::get_if<double>(&value)) {
            statement.bind(index, *real);
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            statement.bind(index, std::string_view(*text));
        } else {
            statement.bind_null(index);
        }
    }
    return index;
}

/// The columns of a run are named as in its table.
std::string insert_run_text() {
    std::vector<std::string_view> names;
    for (const RowColumn& column : columns_of(RowType::run)) {
        names.push_back(column.name);
    }
    const std::vector<std::string_view> places(names.size(), "?");
    return fmt::format("INSERT INTO runs({}, imported_ms) VALUES({}, ?)",
                       fmt::join(names, ", "),
                       fmt::join(places, ", "));
}

}  // namespace

StoreImporter::StoreImporter(Database& database, WallTime now, bool with_holds)
    : database_(database),
      now_ms_(to_milliseconds(now)),
      with_holds_(with_holds),
      find_run_(database.prepare("SELECT 1 FROM runs WHERE uid = ?")),
      insert_run_(database.prepare(insert_run_text())),
      insert_action_(database.prepare(
          "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, ended_ms, bytes, "
          "reason, error, detail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      find_metric_name_(database.prepare("SELECT id FROM metric_names WHERE name = ?")),
      insert_metric_name_(
          database.prepare("INSERT INTO metric_names(name, kind, unit) VALUES(?, ?, ?)")),
      insert_metric_(database.prepare(
          "INSERT OR IGNORE INTO run_metrics(run_id, metric_id, label, value) VALUES(?, ?, ?, ?)")),
      insert_finding_(database.prepare(
          "INSERT INTO findings(job, target, fingerprint, code, severity, subject, message, data, "
          "first_seen_ms, last_seen_ms, first_run, last_run, times_seen, resolved_ms, "
          "acked_until_ms, ack_note) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "coalesce((SELECT id FROM runs WHERE uid = ?), 0), "
          "coalesce((SELECT id FROM runs WHERE uid = ?), 0), ?, ?, ?, ?) "
          "ON CONFLICT(job, target, fingerprint) DO NOTHING")),
      find_series_(
          database.prepare("SELECT id FROM series WHERE name = ? AND target = ? AND labels = ?")),
      insert_series_(database.prepare("INSERT INTO series(name, target, labels) VALUES(?, ?, ?)")),
      insert_sample_(database.prepare(
          "INSERT OR IGNORE INTO samples(series_id, res, bucket, n, vmin, vmax, vsum, vlast) "
          "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM samples AS s "
          "WHERE s.series_id = ?1 AND s.res > ?2 AND s.bucket = ?3 - ?3 % (s.res * 1000))")),
      insert_event_(database.prepare(
          "INSERT INTO events(at_ms, kind, subject, ref, data) SELECT ?1, ?2, ?3, ?4, ?5 WHERE "
          "NOT EXISTS (SELECT 1 FROM events WHERE at_ms = ?1 AND kind = ?2 AND subject = ?3 AND "
          "ref IS ?4 AND data IS ?5)")),
      insert_hold_(
          database.prepare("INSERT OR IGNORE INTO holds(scope, until_ms, reason, by, created_ms) "
                           "VALUES(?, ?, ?, ?, ?)")) {}

void StoreImporter::add(const StoreRow& row) {
    ImportCount& count = counts_.at(static_cast<std::size_t>(row.type));
    switch (write(row)) {
        case Result::added:
            ++count.added;
            break;
        case Result::known:
            ++count.known;
            break;
        case Result::left_out:
            ++count.left_out;
            break;
    }
}

StoreImporter::Result StoreImporter::write(const StoreRow& row) {
    switch (row.type) {
        case RowType::run:
            return add_run(row);
        case RowType::action:
            return add_action(row);
        case RowType::metric:
            return add_metric(row);
        case RowType::finding:
            return add_finding(row);
        case RowType::sample:
            return add_sample(row);
        case RowType::event:
            return add_event(row);
        case RowType::hold:
            break;
    }
    return add_hold(row);
}

StoreImporter::Result StoreImporter::add_run(const StoreRow& row) {
    const std::string& uid = row.text("uid");
    if (find_run_.with(uid).step()) {
        return Result::known;
    }
    insert_run_.reset();
    insert_run_.bind(bind_values(insert_run_, 0, row.values) + 1, now_ms_);
    insert_run_.run();
    added_runs_[uid] = database_.last_insert_id();
    const std::int64_t started_ms = row.integer("started_ms");
    if (!oldest_start_ms_ || started_ms < *oldest_start_ms_) {
        oldest_start_ms_ = started_ms;
        restart_metric_thinning(database_, to_wall_time(started_ms));
    }
    return Result::added;
}

StoreImporter::Result StoreImporter::add_action(const StoreRow& row) {
    const auto run = find_added_run(row);
    if (!run) {
        return Result::known;
    }
    insert_action_.with(*run);
    bind_values(insert_action_, 1, std::span(row.values).subspan(1));
    insert_action_.run();
    return Result::added;
}

StoreImporter::Result StoreImporter::add_metric(const StoreRow& row) {
    const auto run = find_added_run(row);
    if (!run) {
        return Result::known;
    }
    const std::span<const RowValue> values = row.values;
    const std::int64_t name = find_or_add(
        find_metric_name_, insert_metric_name_, values.subspan(1, 1), values.subspan(1, 3));
    insert_metric_.with(*run, name);
    bind_values(insert_metric_, 2, values.subspan(4));
    insert_metric_.run();
    return Result::added;
}

StoreImporter::Result StoreImporter::add_finding(const StoreRow& row) {
    insert_finding_.reset();
    bind_values(insert_finding_, 0, row.values);
    insert_finding_.run();
    return database_.changes() > 0 ? Result::added : Result::known;
}

StoreImporter::Result StoreImporter::add_sample(const StoreRow& row) {
    const std::span<const RowValue> values = row.values;
    const auto key = values.subspan(0, 3);
    const std::int64_t series = find_or_add(find_series_, insert_series_, key, key);
    insert_sample_.with(series);
    bind_values(insert_sample_, 1, values.subspan(3));
    insert_sample_.run();
    return database_.changes() > 0 ? Result::added : Result::known;
}

StoreImporter::Result StoreImporter::add_event(const StoreRow& row) {
    insert_event_.reset();
    bind_values(insert_event_, 0, row.values);
    insert_event_.run();
    return database_.changes() > 0 ? Result::added : Result::known;
}

StoreImporter::Result StoreImporter::add_hold(const StoreRow& row) {
    if (!with_holds_ || row.integer("until_ms") <= now_ms_) {
        return Result::left_out;
    }
    insert_hold_.reset();
    bind_values(insert_hold_, 0, row.values);
    insert_hold_.run();
    return database_.changes() > 0 ? Result::added : Result::known;
}

std::optional<std::int64_t> StoreImporter::find_added_run(const StoreRow& row) const {
    const auto found = added_runs_.find(row.text("run"));
    return found == added_runs_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t StoreImporter::find_or_add(Statement& find,
                                        Statement& insert,
                                        std::span<const RowValue> key,
                                        std::span<const RowValue> values) {
    find.reset();
    bind_values(find, 0, key);
    if (find.step()) {
        const std::int64_t id = find.integer(0);
        find.reset();
        return id;
    }
    find.reset();
    insert.reset();
    bind_values(insert, 0, values);
    insert.run();
    return database_.last_insert_id();
}

}  // namespace caretaker
