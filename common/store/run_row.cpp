// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_row.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <vector>

namespace caretaker {

namespace {

constexpr std::array columns{
    RunColumn{"id", &RunRow::id},
    RunColumn{"uid", &RunRow::uid},
    RunColumn{"job", &RunRow::job},
    RunColumn{"target", &RunRow::target},
    RunColumn{"started_ms", &RunRow::started_at},
    RunColumn{"ended_ms", &RunRow::ended_at},
    RunColumn{"duration_ms", &RunRow::duration},
    RunColumn{"outcome", &RunRow::outcome},
    RunColumn{"exit_code", &RunRow::exit_code},
    RunColumn{"dry_run", &RunRow::dry_run},
    RunColumn{"trigger", &RunRow::trigger},
    RunColumn{"trigger_ref", &RunRow::trigger_ref, true},
    RunColumn{"attempt", &RunRow::attempt},
    RunColumn{"parent_uid", &RunRow::parent_uid, true},
    RunColumn{"queue_delay_ms", &RunRow::queue_delay},
    RunColumn{"host", &RunRow::host},
    RunColumn{"boot_id", &RunRow::boot_id},
    RunColumn{"version", &RunRow::version},
    RunColumn{"argv", &RunRow::argv},
    RunColumn{"config_hash", &RunRow::config_hash},
    RunColumn{"summary", &RunRow::summary, true},
    RunColumn{"error_code", &RunRow::error_code, true},
    RunColumn{"error", &RunRow::error, true},
    RunColumn{"items_seen", &RunRow::items_seen},
    RunColumn{"items_failed", &RunRow::items_failed},
    RunColumn{"findings_total", &RunRow::findings_total},
    RunColumn{"findings_new", &RunRow::findings_new},
    RunColumn{"findings_resolved", &RunRow::findings_resolved},
    RunColumn{"actions_done", &RunRow::actions_done},
    RunColumn{"actions_failed", &RunRow::actions_failed},
    RunColumn{"actions_would", &RunRow::actions_would},
    RunColumn{"bytes_freed", &RunRow::bytes_freed},
    RunColumn{"metrics_sent", &RunRow::metrics_sent},
    RunColumn{"metrics_dropped", &RunRow::metrics_dropped},
    RunColumn{"imported_ms", &RunRow::imported_at},
};

std::string join_columns() {
    std::vector<std::string_view> names;
    names.reserve(columns.size());
    for (const RunColumn& column : columns) {
        names.push_back(column.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string insert_text() {
    std::string places = "?";
    for (std::size_t i = 1; i < columns.size(); ++i) {
        places += ", ?";
    }
    return fmt::format("INSERT INTO runs({}) VALUES({})", run_columns(), places);
}

/// Reads one column into its field; the type of the field says how.
class FieldReader {
 public:
    FieldReader(const Statement& statement, int column, RunRow& run)
        : statement_(statement), column_(column), run_(run) {}

    void operator()(std::int64_t RunRow::*field) const {
        run_.*field = statement_.integer(column_);
    }

    void operator()(int RunRow::*field) const {
        run_.*field = static_cast<int>(statement_.integer(column_));
    }

    void operator()(bool RunRow::*field) const { run_.*field = statement_.integer(column_) != 0; }

    void operator()(std::string RunRow::*field) const { run_.*field = statement_.text(column_); }

    void operator()(WallTime RunRow::*field) const {
        run_.*field = to_wall_time(statement_.integer(column_));
    }

    void operator()(std::optional<WallTime> RunRow::*field) const {
        run_.*field = to_wall_time(statement_.optional_integer(column_));
    }

    void operator()(std::optional<std::chrono::milliseconds> RunRow::*field) const {
        if (const auto count = statement_.optional_integer(column_)) {
            run_.*field = std::chrono::milliseconds(*count);
        }
    }

    void operator()(std::optional<int> RunRow::*field) const {
        if (const auto number = statement_.optional_integer(column_)) {
            run_.*field = static_cast<int>(*number);
        }
    }

 private:
    const Statement& statement_;
    int column_;
    RunRow& run_;
};

/// The reverse: binds one field.
class FieldBinder {
 public:
    FieldBinder(Statement& statement, int index, const RunRow& run, bool null_when_empty)
        : statement_(statement), index_(index), run_(run), null_when_empty_(null_when_empty) {}

    template <typename T>
    void operator()(T RunRow::*field) const {
        statement_.bind(index_, run_.*field);
    }

    void operator()(std::string RunRow::*field) const {
        const std::string& text = run_.*field;
        if (null_when_empty_ && text.empty()) {
            statement_.bind_null(index_);
        } else {
            statement_.bind(index_, std::string_view(text));
        }
    }

    void operator()(WallTime RunRow::*field) const {
        statement_.bind(index_, to_milliseconds(run_.*field));
    }

    void operator()(std::optional<WallTime> RunRow::*field) const {
        const std::optional<WallTime>& time = run_.*field;
        statement_.bind(index_, time ? std::optional(to_milliseconds(*time)) : std::nullopt);
    }

    void operator()(std::optional<std::chrono::milliseconds> RunRow::*field) const {
        const std::optional<std::chrono::milliseconds>& span = run_.*field;
        statement_.bind(index_, span ? std::optional(std::int64_t{span->count()}) : std::nullopt);
    }

 private:
    Statement& statement_;
    int index_;
    const RunRow& run_;
    bool null_when_empty_;
};

}  // namespace

std::span<const RunColumn> run_column_table() {
    return columns;
}

std::string_view run_columns() {
    static const std::string text = join_columns();
    return text;
}

RunRow read_run(const Statement& statement) {
    RunRow run;
    int index = 0;
    for (const RunColumn& column : columns) {
        std::visit(FieldReader(statement, index++, run), column.field);
    }
    return run;
}

void insert_run_row(const Database& database, const RunRow& run) {
    static const std::string text = insert_text();
    Statement insert = database.prepare(text);
    int index = 0;
    for (const RunColumn& column : columns) {
        std::visit(FieldBinder(insert, ++index, run, column.null_when_empty), column.field);
    }
    insert.run();
}

}  // namespace caretaker
