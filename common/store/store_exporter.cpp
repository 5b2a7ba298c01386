// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_exporter.hpp"

#include "common/store/database.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr int rows_at_once = 2000;

/// How the rows of one type are read: `keys` are unique and in the order of an index.
struct Source {
    std::string_view columns{};  // when they are not named as in the row
    std::string_view from{};
    std::vector<std::string_view> keys{};
    std::string_view run{};  // the run's id, of what belongs to one
};

Source source_of(RowType type) {
    switch (type) {
        case RowType::run:
            return {.from = "runs", .keys = {"id"}, .run = "id"};
        case RowType::action:
            return {.columns =
                        "(SELECT uid FROM runs WHERE id = run_id), seq, kind, subject, "
                        "state, started_ms, ended_ms, bytes, reason, error, detail",
                    .from = "actions",
                    .keys = {"id"},
                    .run = "run_id"};
        case RowType::metric:
            return {.columns =
                        "(SELECT uid FROM runs WHERE id = run_id), n.name, n.kind, n.unit, "
                        "label, value",
                    .from = "run_metrics JOIN metric_names AS n ON n.id = metric_id",
                    .keys = {"run_id", "metric_id", "label"},
                    .run = "run_id"};
        case RowType::finding:
            return {.columns =
                        "job, target, fingerprint, code, severity, subject, message, data, "
                        "first_seen_ms, last_seen_ms, "
                        "(SELECT uid FROM runs WHERE id = first_run), "
                        "(SELECT uid FROM runs WHERE id = last_run), "
                        "times_seen, resolved_ms, acked_until_ms, ack_note",
                    .from = "findings",
                    .keys = {"id"}};
        case RowType::sample:
            return {.columns =
                        "s.name, s.target, s.labels, res, bucket, n, vmin, vmax, vsum, "
                        "vlast",
                    .from = "samples JOIN series AS s ON s.id = series_id",
                    .keys = {"series_id", "res", "bucket"}};
        case RowType::event:
            return {.from = "events", .keys = {"id"}};
        case RowType::hold:
            break;
    }
    return {.from = "holds", .keys = {"scope"}};
}

std::string columns_text(RowType type, const Source& source) {
    if (!source.columns.empty()) {
        return std::string(source.columns);
    }
    std::string text;
    for (const RowColumn& column : columns_of(type)) {
        text += text.empty() ? "" : ", ";
        text += column.name;
    }
    return text;
}

/// `ended` is a condition on the run; empty for what belongs to none.
std::string query_text(RowType type,
                       const Source& source,
                       const std::string& ended,
                       bool is_first) {
    std::vector<std::string> conditions;
    if (!ended.empty()) {
        conditions.push_back(ended);
    }
    const std::string keys = fmt::format("{}", fmt::join(source.keys, ", "));
    if (!is_first) {
        const std::vector<std::string_view> places(source.keys.size(), "?");
        conditions.push_back(fmt::format("({}) > ({})", keys, fmt::join(places, ", ")));
    }
    return fmt::format("SELECT {}, {} FROM {}{}{} ORDER BY {} LIMIT {}",
                       columns_text(type, source),
                       keys,
                       source.from,
                       conditions.empty() ? "" : " WHERE ",
                       fmt::join(conditions, " AND "),
                       keys,
                       rows_at_once);
}

/// A key is a text or an integer.
RowValue read_key(const Statement& row, int column, std::string_view name) {
    return name == "scope" || name == "label" ? RowValue(row.text(column))
                                              : RowValue(row.integer(column));
}

RowValue read_value(const Statement& row, int column, const RowColumn& as) {
    if (row.is_null(column)) {
        return {};
    }
    switch (as.kind) {
        case RowValueKind::integer:
            return row.integer(column);
        case RowValueKind::real:
            return row.real(column);
        case RowValueKind::text:
            break;
    }
    return row.text(column);
}

void bind_key(Statement& find, const std::vector<RowValue>& key) {
    int index = 0;
    for (const RowValue& value : key) {
        ++index;
        if (const auto* text = std::get_if<std::string>(&value)) {
            find.bind(index, std::string_view(*text));
        } else {
            find.bind(index, std::get<std::int64_t>(value));
        }
    }
}

}  // namespace

StoreExporter::StoreExporter(const Database& database) : database_(database) {
    // A run that ends while the rows are read would come without some of what belongs to it.
    database.execute("BEGIN");
    Statement find = database.prepare("SELECT id FROM runs WHERE outcome = 'running'");
    while (find.step()) {
        running_.push_back(find.integer(0));
    }
    find.reset();
    last_run_ = database.integer("SELECT coalesce(max(id), 0) FROM runs");
    database.execute("COMMIT");
}

std::vector<StoreRow> StoreExporter::next() {
    while (type_ < row_types) {
        std::vector<StoreRow> rows = read_batch();
        if (!rows.empty()) {
            return rows;
        }
        ++type_;
        last_key_.clear();
    }
    return {};
}

std::vector<StoreRow> StoreExporter::read_batch() {
    const auto type = static_cast<RowType>(type_);
    const Source source = source_of(type);
    const auto columns = columns_of(type);
    const std::string ended = source.run.empty() ? std::string()
                                                 : fmt::format("{0} <= {1} AND {0} NOT IN ({2})",
                                                               source.run,
                                                               last_run_,
                                                               fmt::join(running_, ", "));
    Statement find = database_.prepare(query_text(type, source, ended, last_key_.empty()));
    bind_key(find, last_key_);
    std::vector<StoreRow> rows;
    while (find.step()) {
        StoreRow& row = rows.emplace_back(StoreRow{.type = type});
        int index = 0;
        for (const RowColumn& column : columns) {
            row.values.push_back(read_value(find, index++, column));
        }
        last_key_.clear();
        for (const std::string_view key : source.keys) {
            last_key_.push_back(read_key(find, index++, key));
        }
    }
    return rows;
}

}  // namespace caretaker
