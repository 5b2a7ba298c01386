// SPDX-License-Identifier: Apache-2.0
// The results store: every run and what it found, in one SQLite file that several processes share.
#pragma once

#include "common/base/run_info.hpp"
#include "common/store/action_log.hpp"
#include "common/store/finding_records.hpp"
#include "common/store/full_check.hpp"
#include "common/store/holds.hpp"
#include "common/store/journal_mode.hpp"
#include "common/store/run_records.hpp"
#include "common/store/status_records.hpp"
#include "common/store/store_exporter.hpp"
#include "common/store/store_health.hpp"
#include "common/store/store_importer.hpp"
#include "common/store/subject_queries.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;
class JobMemory;
class RunLock;
struct PruneRequest;
struct PruneResult;
class StopSignal;
struct StoreFacts;

/// The version of the tables that this build writes (`PRAGMA user_version`).
inline constexpr int store_schema_version = 5;

/// StoreOptions::path of who goes without a store; Store::open() does not know it.
inline constexpr std::string_view no_store_path = "none";

/// When what was committed survives a power cut; a process that dies never loses it.
enum class SyncOption : std::uint8_t {
    each_commit,  // from then on: for whatever is recorded before something is changed
    at_the_end,  // when the last process closes the store, with the journal mode wal: for runs that
                 // only look, whose row costs nothing but itself
};

struct StoreOptions {
    std::string path{};  // of the file, or ":memory:"
    bool read_only = false;
    JournalOption journal = JournalOption::automatic;
    SyncOption sync = SyncOption::each_commit;
    std::uint64_t max_bytes = std::uint64_t{2} << 30U;
    std::int64_t max_rows_per_run = 5000;
    std::chrono::milliseconds busy_timeout{5000};
    const StopSignal* stop = nullptr;  // once requested, waiting for other writers is cut short
};

/// For one thread. Every failure is a StoreError that says what to do; nothing is written in parts.
class Store {
    /// Only open() makes one, and std::make_unique needs a public constructor.
    class Key {
        friend class Store;
        explicit Key() = default;
    };

 public:
    Store(Key key,
          const StoreOptions& options,
          std::string path,
          std::unique_ptr<Database> database);

    /// Opens the store, and creates it (and the last component of its directory) when there is
    /// none. Refuses whatever is not a store of this version and leaves it as it was. With
    /// `read_only`: null when there is no store yet.
    static std::unique_ptr<Store> open(const StoreOptions& options);

    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// What an operator should know about the file and where it lies; to be shown once.
    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

    /// The absolute path of the file, or ":memory:".
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// Records a run as `running`, on disk when the call returns, and holds its byte of runs.lock
    /// until close_run() or the end of the process, whichever way that ends.
    std::int64_t begin_run(const RunInfo& run);

    /// Writes everything a run left behind in one transaction, and gives back its lock.
    FindingsDiff close_run(std::int64_t id, const RunClose& close);

    /// Adds to a closed run what became of its metrics, which are sent after its end.
    void record_delivery(std::int64_t id, std::int64_t sent, std::int64_t dropped);

    /// Marks runs of `host` as `lost` whose process is gone, or that began before the last boot,
    /// and their actions under way as `unknown`. Runs of other hosts are left alone: their locks
    /// cannot be seen from here.
    std::vector<LostRun> mark_lost_runs(std::string_view host,
                                        std::string_view boot_id,
                                        WallTime now);

    /// Where the run `id`, which is under way, records what it does; must not outlive the store.
    [[nodiscard]] ActionLog action_log(std::int64_t id) const;

    /// Actions of earlier runs of the job and target whose end is not known.
    [[nodiscard]] std::vector<UnsettledAction> unsettled_actions(std::string_view job,
                                                                 std::string_view target) const;

    /// Gives such actions their end, as run `run_uid` saw it.
    void settle_actions(std::span<const SettledAction> settled,
                        std::string_view run_uid,
                        WallTime now);

    /// When the newest of the last runs that began on `host` ended: the clock cannot be before it.
    [[nodiscard]] std::optional<WallTime> newest_end(std::string_view host) const;

    /// For each of the findings, whether somebody acknowledged it until after `now`.
    [[nodiscard]] std::vector<bool> acknowledged(std::string_view job,
                                                 std::string_view target,
                                                 std::span<const Finding> findings,
                                                 WallTime now) const;

    /// Must not outlive the store.
    [[nodiscard]] HoldTable holds() const;

    /// Documents that wait to leave; must not outlive the store.
    [[nodiscard]] Outbox outbox() const;

    /// What the job remembers of the target; must not outlive the store.
    [[nodiscard]] JobMemory memory(std::string_view job, std::string_view target) const;

    /// Newest first.
    [[nodiscard]] std::vector<RunRow> runs(const RunFilter& filter) const;

    /// `last`, `last:JOB`, `last-ok:JOB`, or the beginning or end of a run's id. Nothing when no
    /// such run exists; UsageError when several do. `target` narrows the forms with `last` unless
    /// it is empty.
    [[nodiscard]] std::optional<RunRow> find_run(std::string_view selector,
                                                 std::string_view target = {}) const;

    /// The findings are those of the job and target that were open when the run ended, and those
    /// that it resolved. StoreError when there is no run `id`.
    [[nodiscard]] RunDetails run_details(std::int64_t id) const;

    /// The points of one series from `since` on, oldest first.
    [[nodiscard]] std::vector<SamplePoint> samples(std::string_view series,
                                                   std::string_view target,
                                                   std::span<const Label> labels,
                                                   WallTime since) const;

    /// Nothing before the first closed run.
    [[nodiscard]] std::optional<JobStatus> job_status(std::string_view job,
                                                      std::string_view target) const;

    /// What was ever done to one thing, newest first; `filter` is about the runs.
    [[nodiscard]] std::vector<SubjectAction> actions_on(std::string_view subject,
                                                        const RunFilter& filter) const;

    /// How each job stands on each target; `job` and `target` narrow unless they are empty.
    [[nodiscard]] std::vector<JobStanding> standings(std::string_view job,
                                                     std::string_view target,
                                                     WallTime now) const;

    /// The runs that have not ended, oldest first.
    [[nodiscard]] std::vector<RunUnderWay> runs_under_way() const;

    /// Open ones before resolved ones, the worst first, among equals the one seen last.
    [[nodiscard]] std::vector<FindingRow> findings(const FindingFilter& filter) const;

    /// By the id of its row, else by the beginning of its fingerprint. Nothing when there is none;
    /// UsageError when several begin so.
    [[nodiscard]] std::optional<FindingRow> find_finding(std::string_view selector) const;

    /// Marks a finding as known until then; replaces an earlier mark. StoreError when there is no
    /// finding `id`.
    void acknowledge(std::int64_t id, WallTime until, std::string_view note);

    /// Takes that back; false when it was not marked.
    bool withdraw_acknowledgement(std::int64_t id);

    /// Looks at the file for at most `limit`.
    [[nodiscard]] StoreHealth health(std::chrono::milliseconds limit) const;

    /// Looks through the whole file, however long that takes.
    [[nodiscard]] FullCheck check() const;

    /// Notes what a check found, "ok" or the first fault: while there is one, no run is recorded.
    void note_check(WallTime now, const std::string& verdict);

    /// What it holds; counts rows for at most `limit`.
    [[nodiscard]] StoreFacts facts(std::chrono::milliseconds limit) const;

    /// Reads all of it, row by row; must not outlive the store.
    [[nodiscard]] StoreExporter exporter() const;

    /// Adds what `give_rows` hands over, all or nothing, and may call it again where it has to
    /// begin anew.
    ImportCounts import(WallTime now,
                        bool with_holds,
                        const std::function<void(StoreImporter&)>& give_rows);

    /// Takes away what is old (store_pruner.hpp). Nothing when it is not due, or when another
    /// process is at it.
    std::optional<PruneResult> prune(const PruneRequest& request);

 private:
    [[nodiscard]] bool is_in_memory() const;
    [[nodiscard]] std::string lock_path() const;

    std::string path_;
    std::int64_t max_rows_per_run_;
    std::uint64_t max_bytes_;
    std::unique_ptr<Database> database_;
    std::map<std::int64_t, std::unique_ptr<RunLock>> open_runs_;  // no lock in memory
    std::vector<std::string> warnings_;
};

/// The version of the SQLite library in use, e.g. "3.40.1".
std::string sqlite_library_version();

}  // namespace caretaker
