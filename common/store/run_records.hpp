// SPDX-License-Identifier: Apache-2.0
// The values that go into the store and come back from it.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/report.hpp"
#include "common/store/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// RunClose::error_code of a run that was skipped because of another run's lock; only such runs
/// count in JobStatus::skip_streak.
inline constexpr std::string_view locked_word = "locked";

struct FindingsDiff;

/// How a run ended, as the runner saw it.
struct RunClose {
    /// Documents of the run that are to leave, made once its findings are compared and stored with
    /// its end: none of them is lost, and none tells of an end that was not stored.
    using MakeDocuments = std::function<std::vector<OutboxDocument>(const FindingsDiff&)>;

    const Report& report;
    WallTime ended_at{};
    std::chrono::milliseconds duration{};  // by the monotonic clock
    Outcome outcome = Outcome::ok;         // the true one, also when exit_code was mapped to 0
    int exit_code = 0;
    std::string error_code{};  // stable word; empty when nothing went wrong
    std::string error{};
    bool actions_are_logged = false;  // what was carried out has its rows already (ActionLog)
    MakeDocuments make_documents{};
};

/// A finding as the store knows it.
struct StoredFinding {
    std::int64_t id = 0;  // of its row; 0 when the row budget left it out
    FindingStatus status = FindingStatus::added;
    WallTime first_seen{};
    Finding finding{};
};

/// What changed among the findings of a job and target by one run.
struct FindingsDiff {
    std::int64_t added = 0;                          // not open before this run
    std::int64_t open = 0;                           // open before and still
    std::int64_t resolved = 0;                       // open before and gone
    std::vector<StoredFinding> findings{};           // one for each of the report's, in their order
    std::vector<StoredFinding> resolved_findings{};  // the ones that are gone
    std::int64_t rows_left_out = 0;                  // over StoreOptions::max_rows_per_run
};

/// A run whose process ended without closing it.
struct LostRun {
    std::int64_t id = 0;
    std::string uid{};
    std::string job{};
    std::string target{};
};

/// One row of `runs`.
struct RunRow {
    std::int64_t id = 0;
    std::string uid{};
    std::string job{};
    std::string target{};
    WallTime started_at{};
    std::optional<WallTime> ended_at{};
    std::optional<std::chrono::milliseconds> duration{};
    std::string outcome{};  // "running" or a word of Outcome
    std::optional<int> exit_code{};
    bool dry_run = false;
    std::string trigger{};
    std::string trigger_ref{};
    int attempt = 0;
    std::string parent_uid{};
    std::optional<std::chrono::milliseconds> queue_delay{};  // between the scheduler's wish and now
    std::string host{};
    std::string boot_id{};
    std::string version{};
    std::string argv{};
    std::string config_hash{};
    std::string summary{};
    std::string error_code{};
    std::string error{};
    std::int64_t items_seen = 0;
    std::int64_t items_failed = 0;
    std::int64_t findings_total = 0;
    std::int64_t findings_new = 0;
    std::int64_t findings_resolved = 0;
    std::int64_t actions_done = 0;
    std::int64_t actions_failed = 0;
    std::int64_t actions_would = 0;
    std::int64_t bytes_freed = 0;
    std::int64_t metrics_sent = 0;
    std::int64_t metrics_dropped = 0;
    std::optional<WallTime> imported_at{};  // from another store; none for a run of this one
};

/// Which runs to list; an empty field does not filter.
struct RunFilter {
    std::string job{};
    std::string target{};
    std::string outcome{};
    bool failed = false;              // every outcome but ok, skipped and running
    std::optional<WallTime> since{};  // started then or later
    std::optional<WallTime> until{};  // started before
    std::string trigger{};
    std::string host{};
    std::int64_t limit = 50;
};

/// A metric of a run beside the same metric of the run before.
struct MetricRow {
    std::string name{};
    std::string kind{};
    std::string unit{};
    std::string label{};  // "" or "key=value"
    double value = 0;
    std::optional<double> previous{};
};

struct ActionRow {
    std::int64_t seq = 0;
    std::string kind{};
    std::string subject{};
    std::string state{};
    std::string reason{};
    std::optional<std::int64_t> bytes{};
    std::string error{};
    WallTime started_at{};
    std::optional<WallTime> ended_at{};
};

/// All that the store knows of one run.
struct RunDetails {
    RunRow run{};
    std::string previous_uid{};  // the run that metrics are compared with; empty when none
    std::vector<MetricRow> metrics{};
    std::vector<StoredFinding> findings{};
    std::vector<ActionRow> actions{};
};

/// One interval of a series.
struct SamplePoint {
    WallTime start{};
    std::chrono::seconds length{};
    std::int64_t count = 0;
    double min = 0;
    double max = 0;
    double sum = 0;
    double last = 0;
};

/// The standing of a job on a target, kept by closing its runs. Dry runs do not count.
struct JobStatus {
    std::string last_outcome{};
    std::optional<WallTime> last_ok{};
    std::int64_t bad_streak = 0;   // runs in a row that ended neither ok nor skipped
    std::int64_t skip_streak = 0;  // runs in a row that another run's lock kept from running
};

}  // namespace caretaker
