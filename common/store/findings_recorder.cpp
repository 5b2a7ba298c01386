// SPDX-License-Identifier: Apache-2.0
#include "common/store/findings_recorder.hpp"

#include "common/store/database.hpp"
#include "common/store/label_text.hpp"
#include "common/store/time_columns.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

namespace caretaker {

namespace {

/// One row of `findings`, found by fingerprint, written or left alone.
class FindingRows {
 public:
    FindingRows(Database& database, const FindingsOfRun& run)
        : database_(database),
          run_(run),
          find_(database.prepare("SELECT id, first_seen_ms, resolved_ms FROM findings "
                                 "WHERE job = ? AND target = ? AND fingerprint = ?")),
          insert_(database.prepare("INSERT INTO findings(job, target, fingerprint, code, severity, "
                                   "subject, message, data, "
                                   "first_seen_ms, last_seen_ms, first_run, last_run) "
                                   "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?10)")),
          update_(database.prepare(
              "UPDATE findings SET severity = ?2, message = ?3, data = ?4, last_seen_ms = ?5, "
              "last_run = ?6, times_seen = times_seen + 1, first_seen_ms = ?7, "
              "first_run = iif(resolved_ms IS NULL, first_run, ?6), resolved_ms = NULL WHERE id = "
              "?1")) {}

    /// What the row says, with id 0 when there is none.
    StoredFinding look_up(const Finding& finding, const std::string& fingerprint) {
        StoredFinding stored{
            .id = 0, .status = FindingStatus::added, .first_seen = run_.at, .finding = finding};
        find_.with(run_.job, run_.target, fingerprint);
        if (find_.step()) {
            stored.id = find_.integer(0);
            if (find_.is_null(2)) {
                stored.status = FindingStatus::open;
                stored.first_seen = to_wall_time(find_.integer(1));
            }
        }
        find_.reset();
        return stored;
    }

    void save(StoredFinding& stored, const std::string& fingerprint) {
        const Finding& finding = stored.finding;
        const auto severity = static_cast<int>(finding.severity);
        const std::string data = format_labels(finding.data);
        const std::int64_t now = to_milliseconds(run_.at);
        if (stored.id != 0) {
            update_
                .with(stored.id,
                      severity,
                      finding.message,
                      data,
                      now,
                      run_.run,
                      to_milliseconds(stored.first_seen))
                .run();
            return;
        }
        insert_
            .with(run_.job,
                  run_.target,
                  fingerprint,
                  finding.code,
                  severity,
                  finding.subject,
                  finding.message,
                  data,
                  now,
                  run_.run)
            .run();
        stored.id = database_.last_insert_id();
    }

 private:
    Database& database_;
    const FindingsOfRun& run_;
    Statement find_;
    Statement insert_;
    Statement update_;
};

/// Closes open rows of things that this run looked at and neither saw nor left out.
std::vector<StoredFinding> resolve_missing(Database& database,
                                           const FindingsOfRun& run,
                                           const std::map<std::string, std::size_t>& seen) {
    std::vector<StoredFinding> resolved;
    Statement open = database.prepare(
        "SELECT id, fingerprint, first_seen_ms, code, severity, subject, message, data FROM "
        "findings "
        "WHERE job = ? AND target = ? AND resolved_ms IS NULL ORDER BY id");
    open.with(run.job, run.target);
    while (open.step()) {
        if (seen.contains(open.text(1))) {
            continue;
        }
        Finding finding{.code = open.text(3),
                        .subject = open.text(5),
                        .message = open.text(6),
                        .severity = static_cast<Severity>(open.integer(4)),
                        .data = parse_labels(open.text(7))};
        if (!run.looked_at || run.looked_at(finding)) {
            resolved.push_back({.id = open.integer(0),
                                .status = FindingStatus::resolved,
                                .first_seen = to_wall_time(open.integer(2)),
                                .finding = std::move(finding)});
        }
    }
    Statement close = database.prepare("UPDATE findings SET resolved_ms = ? WHERE id = ?");
    for (const StoredFinding& finding : resolved) {
        close.with(to_milliseconds(run.at), finding.id).run();
    }
    return resolved;
}

}  // namespace

std::string format_fingerprint(std::string_view job,
                               std::string_view target,
                               const Finding& finding) {
    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    return hex16(stable_hash(fmt::format("{}:{},{}:{},{}:{},{}:{}",
                                         job.size(),
                                         job,
                                         target.size(),
                                         target,
                                         finding.code.size(),
                                         finding.code,
                                         finding.subject.size(),
                                         finding.subject)));
}

FindingsDiff record_findings(Database& database,
                             const FindingsOfRun& run,
                             std::span<const Finding> findings,
                             RowBudget& budget) {
    FindingsDiff diff;
    diff.findings.resize(findings.size());
    std::vector<std::size_t> order(findings.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, std::greater(), [&](std::size_t index) { return findings[index].severity; });

    FindingRows rows(database, run);
    std::map<std::string, std::size_t> seen;  // fingerprint -> the first index that has it
    for (const std::size_t index : order) {
        const std::string fingerprint = format_fingerprint(run.job, run.target, findings[index]);
        const auto [first, is_first] = seen.emplace(fingerprint, index);
        if (!is_first) {
            diff.findings[index] = diff.findings[first->second];
            diff.findings[index].finding = findings[index];
            continue;
        }
        StoredFinding stored = rows.look_up(findings[index], fingerprint);
        ++(stored.status == FindingStatus::open ? diff.open : diff.added);
        if (budget.take()) {
            rows.save(stored, fingerprint);
        }
        diff.findings[index] = std::move(stored);
    }
    if (run.complete) {
        diff.resolved_findings = resolve_missing(database, run, seen);
        diff.resolved = static_cast<std::int64_t>(diff.resolved_findings.size());
    }
    return diff;
}

std::vector<bool> fetch_acknowledged(const Database& database,
                                     std::string_view job,
                                     std::string_view target,
                                     std::span<const Finding> findings,
                                     WallTime now) {
    Statement find = database.prepare(
        "SELECT 1 FROM findings WHERE job = ? AND target = ? AND fingerprint = ? "
        "AND acked_until_ms > ?");
    std::vector<bool> acknowledged;
    for (const Finding& finding : findings) {
        find.with(job, target, format_fingerprint(job, target, finding), to_milliseconds(now));
        acknowledged.push_back(find.step());
    }
    return acknowledged;
}

}  // namespace caretaker
