// SPDX-License-Identifier: Apache-2.0
#include "common/store/finding_queries.hpp"

#include "common/base/error.hpp"
#include "common/store/database.hpp"
#include "common/store/label_text.hpp"
#include "common/store/time_columns.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace caretaker {

namespace {

constexpr std::size_t candidates_shown = 10;

constexpr std::string_view columns =
    "f.id, f.job, f.target, f.fingerprint, f.code, f.severity, f.subject, f.message, f.data, "
    "f.first_seen_ms, f.last_seen_ms, f.times_seen, f.resolved_ms, f.acked_until_ms, f.ack_note, "
    "(SELECT uid FROM runs WHERE id = f.first_run), (SELECT uid FROM runs WHERE id = f.last_run)";

/// The row that `statement`, a SELECT of `columns`, stands on.
FindingRow read_finding(const Statement& statement) {
    return {.id = statement.integer(0),
            .job = statement.text(1),
            .target = statement.text(2),
            .fingerprint = statement.text(3),
            .finding = {.code = statement.text(4),
                        .subject = statement.text(6),
                        .message = statement.text(7),
                        .severity = static_cast<Severity>(statement.integer(5)),
                        .data = parse_labels(statement.text(8))},
            .first_seen = to_wall_time(statement.integer(9)),
            .last_seen = to_wall_time(statement.integer(10)),
            .times_seen = statement.integer(11),
            .resolved_at = to_wall_time(statement.optional_integer(12)),
            .acked_until = to_wall_time(statement.optional_integer(13)),
            .ack_note = statement.text(14),
            .first_run_uid = statement.text(15),
            .last_run_uid = statement.text(16)};
}

std::string format_findings_query(const FindingFilter& filter) {
    std::string where = "WHERE f.severity >= ?";
    where += filter.with_resolved ? "" : " AND f.resolved_ms IS NULL";
    where += filter.job.empty() ? "" : " AND f.job = ?";
    where += filter.target.empty() ? "" : " AND f.target = ?";
    return fmt::format(
        "SELECT {} FROM findings AS f {} ORDER BY {}f.severity DESC, f.last_seen_ms DESC LIMIT ?",
        columns,
        where,
        filter.with_resolved ? "f.resolved_ms IS NOT NULL, " : "");
}

std::optional<FindingRow> select_by_id(const Database& database, std::string_view digits) {
    std::int64_t id = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) {
        return std::nullopt;
    }
    Statement find =
        database.prepare(fmt::format("SELECT {} FROM findings AS f WHERE f.id = ?", columns));
    return find.with(id).step() ? std::optional(read_finding(find)) : std::nullopt;
}

bool is_hex(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

[[noreturn]] void fail_ambiguous(std::string_view selector, const std::vector<FindingRow>& rows) {
    std::string lines;
    for (std::size_t i = 0; i < std::min(rows.size(), candidates_shown); ++i) {
        const FindingRow& row = rows[i];
        lines += fmt::format("\n  {}  {}  {} {} {} {}",
                             row.id,
                             row.fingerprint,
                             row.job,
                             row.target.empty() ? "-" : row.target,
                             row.finding.code,
                             row.finding.subject);
    }
    throw UsageError(fmt::format(
        "'{}' may mean several findings: give more of the fingerprint, or the id; they are{}{}",
        selector,
        lines,
        rows.size() > candidates_shown ? "\n  …" : ""));
}

}  // namespace

std::vector<FindingRow> fetch_findings(const Database& database, const FindingFilter& filter) {
    Statement find = database.prepare(format_findings_query(filter));
    int index = 0;
    find.bind(++index, static_cast<int>(filter.least));
    for (const std::string* text : {&filter.job, &filter.target}) {
        if (!text->empty()) {
            find.bind(++index, std::string_view(*text));
        }
    }
    find.bind(++index, filter.limit);
    std::vector<FindingRow> rows;
    while (find.step()) {
        rows.push_back(read_finding(find));
    }
    return rows;
}

std::optional<FindingRow> select_finding(const Database& database, std::string_view selector) {
    if (auto row = select_by_id(database, selector)) {
        return row;
    }
    const std::string beginning = ascii_lower(selector);
    if (!is_hex(beginning)) {
        return std::nullopt;
    }
    // 'g' comes after every hex digit.
    Statement find = database.prepare(fmt::format(
        "SELECT {} FROM findings AS f WHERE f.id IN (SELECT id FROM findings WHERE fingerprint >= "
        "?1 AND fingerprint < ?1 || 'g') ORDER BY f.resolved_ms IS NOT NULL, f.id LIMIT {}",
        columns,
        candidates_shown + 1));
    find.with(beginning);
    std::vector<FindingRow> rows;
    while (find.step()) {
        rows.push_back(read_finding(find));
    }
    if (rows.size() > 1) {
        fail_ambiguous(selector, rows);
    }
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

}  // namespace caretaker
