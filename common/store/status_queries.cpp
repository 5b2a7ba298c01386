// SPDX-License-Identifier: Apache-2.0
#include "common/store/status_queries.hpp"

#include "common/store/database.hpp"
#include "common/store/run_lock.hpp"
#include "common/store/time_columns.hpp"

#include <map>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

/// Those that have a status, and those whose first run is under way.
std::vector<JobStanding> fetch_names(const Database& database,
                                     std::string_view job,
                                     std::string_view target) {
    std::map<std::pair<std::string, std::string>, JobStanding> by_name;
    // Not DISTINCT: SQLite would walk through the index of all runs for it.
    Statement running =
        database.prepare("SELECT job, target FROM runs WHERE outcome = 'running' AND dry_run = 0");
    while (running.step()) {
        by_name[{running.text(0), running.text(1)}] = {};
    }
    Statement known =
        database.prepare("SELECT job, target, last_ok_ms, bad_streak, skip_streak FROM job_status");
    while (known.step()) {
        by_name[{known.text(0), known.text(1)}] = {
            .last_ok = to_wall_time(known.optional_integer(2)),
            .bad_streak = known.integer(3),
            .skip_streak = known.integer(4)};
    }
    std::vector<JobStanding> standings;
    for (auto& [name, standing] : by_name) {
        if ((job.empty() || name.first == job) && (target.empty() || name.second == target)) {
            standing.job = name.first;
            standing.target = name.second;
            standings.push_back(std::move(standing));
        }
    }
    return standings;
}

class MarksQuery {
 public:
    explicit MarksQuery(const Database& database)
        : find_(database.prepare(
              "SELECT uid, started_ms, ended_ms, duration_ms, outcome, exit_code, trigger, "
              "attempt, metrics_sent, metrics_dropped FROM runs WHERE job = ? AND target = ? AND "
              "dry_run = 0 ORDER BY started_ms DESC LIMIT ?")) {}

    std::vector<RunMark> fetch(const JobStanding& standing) {
        find_.with(standing.job, standing.target, static_cast<std::int64_t>(marks_of_a_standing));
        std::vector<RunMark> marks;
        while (find_.step()) {
            RunMark mark{.uid = find_.text(0),
                         .started_at = to_wall_time(find_.integer(1)),
                         .ended_at = to_wall_time(find_.optional_integer(2)),
                         .outcome = find_.text(4),
                         .trigger = find_.text(6),
                         .attempt = static_cast<int>(find_.integer(7)),
                         .metrics_sent = find_.integer(8),
                         .metrics_dropped = find_.integer(9)};
            if (const auto duration = find_.optional_integer(3)) {
                mark.duration = std::chrono::milliseconds(*duration);
            }
            if (const auto code = find_.optional_integer(5)) {
                mark.exit_code = static_cast<int>(*code);
            }
            marks.push_back(std::move(mark));
        }
        find_.reset();
        return marks;
    }

 private:
    Statement find_;
};

class OpenFindingsQuery {
 public:
    explicit OpenFindingsQuery(const Database& database)
        : find_(database.prepare(
              "SELECT severity, acked_until_ms IS NOT NULL AND acked_until_ms > ?3, count(*) FROM "
              "findings WHERE job = ?1 AND target = ?2 AND resolved_ms IS NULL GROUP BY 1, 2")) {}

    void add_to(JobStanding& standing, WallTime now) {
        find_.with(standing.job, standing.target, to_milliseconds(now));
        while (find_.step()) {
            const std::int64_t count = find_.integer(2);
            if (find_.integer(1) != 0) {
                standing.acknowledged_findings += count;
            } else {
                standing.open_findings.at(static_cast<std::size_t>(find_.integer(0) - 1)) += count;
            }
        }
        find_.reset();
    }

 private:
    Statement find_;
};

}  // namespace

std::vector<JobStanding> fetch_standings(const Database& database,
                                         std::string_view job,
                                         std::string_view target,
                                         WallTime now) {
    std::vector<JobStanding> standings = fetch_names(database, job, target);
    MarksQuery marks(database);
    OpenFindingsQuery findings(database);
    for (JobStanding& standing : standings) {
        standing.marks = marks.fetch(standing);
        findings.add_to(standing, now);
    }
    return standings;
}

std::vector<RunUnderWay> fetch_runs_under_way(const Database& database,
                                              const std::string& lock_path) {
    std::optional<RunLockTable> locks;
    if (!lock_path.empty()) {
        locks.emplace(lock_path);
    }
    Statement find = database.prepare(
        "SELECT id, uid, job, target, host, started_ms FROM runs WHERE outcome = 'running' ORDER "
        "BY id");
    std::vector<RunUnderWay> runs;
    while (find.step()) {
        runs.push_back({.uid = find.text(1),
                        .job = find.text(2),
                        .target = find.text(3),
                        .host = find.text(4),
                        .started_at = to_wall_time(find.integer(5)),
                        .has_process = locks && locks->is_held(find.integer(0))});
    }
    return runs;
}

}  // namespace caretaker
