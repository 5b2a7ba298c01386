// SPDX-License-Identifier: Apache-2.0
#include "common/store/store.hpp"

#include "common/store/database.hpp"
#include "common/store/finding_acks.hpp"
#include "common/store/finding_queries.hpp"
#include "common/store/findings_recorder.hpp"
#include "common/store/integrity_check.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/run_lock.hpp"
#include "common/store/run_queries.hpp"
#include "common/store/run_recorder.hpp"
#include "common/store/run_selector.hpp"
#include "common/store/status_queries.hpp"
#include "common/store/store_facts.hpp"
#include "common/store/store_pruner.hpp"

#include <fmt/format.h>

#include <tuple>
#include <utility>

namespace caretaker {

namespace {

/// The first id from `first` on whose lock is free. A file that stands beside another store, or
/// took the place of one, meets the locks of that one's runs.
std::pair<std::int64_t, std::unique_ptr<RunLock>> take_free_id(const std::string& path,
                                                               std::int64_t first) {
    constexpr int tries = 1000;
    for (std::int64_t id = first; id < first + tries; ++id) {
        if (auto lock = RunLock::take(path, id)) {
            return {id, std::make_unique<RunLock>(std::move(*lock))};
        }
    }
    throw StoreError(
        fmt::format("locking run {} in {}: that and the next {} are in use; give each store a "
                    "directory of its own",
                    first,
                    path,
                    tries));
}

/// A boot id that is not known tells nothing.
bool began_before_boot(const RunningRun& running, std::string_view boot_id) {
    return !boot_id.empty() && !running.boot_id.empty() && running.boot_id != boot_id;
}

}  // namespace

std::int64_t Store::begin_run(const RunInfo& run) {
    check_integrity_once_a_day(*database_, run.started_at);
    std::int64_t id = 0;
    std::unique_ptr<RunLock> lock;
    database_->write("recording the start of the run", [&] {
        id = next_run_id(*database_);
        // Before the row can be seen, so that nobody takes the run for lost.
        if (!is_in_memory()) {
            std::tie(id, lock) = take_free_id(lock_path(), id);
        }
        insert_run(*database_, id, run);
    });
    open_runs_[id] = std::move(lock);
    return id;
}

FindingsDiff Store::close_run(std::int64_t id, const RunClose& close) {
    FindingsDiff diff;
    database_->write("recording the end of the run",
                     [&] { diff = record_close(*database_, id, close, max_rows_per_run_); });
    open_runs_.erase(id);
    return diff;
}

void Store::record_delivery(std::int64_t id, std::int64_t sent, std::int64_t dropped) {
    database_->write("recording the delivery of metrics",
                     [&] { caretaker::record_delivery(*database_, id, sent, dropped); });
}

std::vector<LostRun> Store::mark_lost_runs(std::string_view host,
                                           std::string_view boot_id,
                                           WallTime now) {
    std::vector<LostRun> lost;
    if (find_running(*database_, host).empty()) {
        return lost;  // as a rule, and then no lock is needed
    }
    database_->write("marking lost runs", [&] {
        lost.clear();
        std::optional<RunLockTable> locks;
        if (!is_in_memory()) {
            locks.emplace(lock_path());
        }
        for (const RunningRun& running : find_running(*database_, host)) {
            const std::int64_t id = running.run.id;
            const bool alive = open_runs_.contains(id) || (locks && locks->is_held(id));
            if (began_before_boot(running, boot_id) || !alive) {
                record_loss(*database_, running.run, now);
                lost.push_back(running.run);
            }
        }
    });
    return lost;
}

ActionLog Store::action_log(std::int64_t id) const {
    return {*database_, id};
}

std::vector<UnsettledAction> Store::unsettled_actions(std::string_view job,
                                                      std::string_view target) const {
    return fetch_unsettled_actions(*database_, job, target);
}

void Store::settle_actions(std::span<const SettledAction> settled,
                           std::string_view run_uid,
                           WallTime now) {
    if (!settled.empty()) {
        database_->write("settling actions of earlier runs",
                         [&] { caretaker::settle_actions(*database_, settled, run_uid, now); });
    }
}

std::optional<WallTime> Store::newest_end(std::string_view host) const {
    return fetch_newest_end(*database_, host);
}

std::vector<bool> Store::acknowledged(std::string_view job,
                                      std::string_view target,
                                      std::span<const Finding> findings,
                                      WallTime now) const {
    return fetch_acknowledged(*database_, job, target, findings, now);
}

Outbox Store::outbox() const {
    return Outbox(*database_);
}

HoldTable Store::holds() const {
    return HoldTable(*database_);
}

JobMemory Store::memory(std::string_view job, std::string_view target) const {
    return {*database_, job, target};
}

std::vector<RunRow> Store::runs(const RunFilter& filter) const {
    return fetch_runs(*database_, filter);
}

std::optional<RunRow> Store::find_run(std::string_view selector, std::string_view target) const {
    return select_run(*database_, selector, target);
}

RunDetails Store::run_details(std::int64_t id) const {
    return fetch_run_details(*database_, id);
}

std::vector<SamplePoint> Store::samples(std::string_view series,
                                        std::string_view target,
                                        std::span<const Label> labels,
                                        WallTime since) const {
    return fetch_samples(*database_, series, target, labels, since);
}

std::optional<JobStatus> Store::job_status(std::string_view job, std::string_view target) const {
    return fetch_job_status(*database_, job, target);
}

std::vector<SubjectAction> Store::actions_on(std::string_view subject,
                                             const RunFilter& filter) const {
    return fetch_subject_actions(*database_, subject, filter);
}

std::vector<JobStanding> Store::standings(std::string_view job,
                                          std::string_view target,
                                          WallTime now) const {
    return fetch_standings(*database_, job, target, now);
}

std::vector<RunUnderWay> Store::runs_under_way() const {
    return fetch_runs_under_way(*database_, is_in_memory() ? std::string() : lock_path());
}

std::vector<FindingRow> Store::findings(const FindingFilter& filter) const {
    return fetch_findings(*database_, filter);
}

std::optional<FindingRow> Store::find_finding(std::string_view selector) const {
    return select_finding(*database_, selector);
}

void Store::acknowledge(std::int64_t id, WallTime until, std::string_view note) {
    bool found = false;
    database_->write("acknowledging the finding",
                     [&] { found = acknowledge_finding(*database_, id, until, note); });
    if (!found) {
        throw StoreError(fmt::format("store {}: there is no finding {}", path_, id));
    }
}

bool Store::withdraw_acknowledgement(std::int64_t id) {
    bool marked = false;
    database_->write("taking back the acknowledgement",
                     [&] { marked = caretaker::withdraw_acknowledgement(*database_, id); });
    return marked;
}

StoreHealth Store::health(std::chrono::milliseconds limit) const {
    return examine_store(*database_, limit);
}

FullCheck Store::check() const {
    return check_fully(*database_);
}

void Store::note_check(WallTime now, const std::string& verdict) {
    save_check(*database_, now, verdict);
}

StoreFacts Store::facts(std::chrono::milliseconds limit) const {
    return fetch_store_facts(*database_, limit);
}

StoreExporter Store::exporter() const {
    return StoreExporter(*database_);
}

ImportCounts Store::import(WallTime now,
                           bool with_holds,
                           const std::function<void(StoreImporter&)>& give_rows) {
    ImportCounts counts;
    database_->write("importing", [&] {
        StoreImporter importer(*database_, now, with_holds);
        give_rows(importer);
        counts = importer.counts();
    });
    return counts;
}

std::optional<PruneResult> Store::prune(const PruneRequest& request) {
    StorePruner pruner(*database_, request.max_bytes.value_or(max_bytes_));
    if (request.dry_run) {
        return pruner.prune(request);
    }
    if (!request.always && !pruner.is_due(request.now)) {
        return std::nullopt;
    }
    std::optional<RunLock> lock;
    if (!is_in_memory()) {
        lock = RunLock::take(lock_path(), pruning_lock);
        // Asked again: another process may just have done it.
        if (!lock || (!request.always && !pruner.is_due(request.now))) {
            return std::nullopt;
        }
    }
    return pruner.prune(request);
}

}  // namespace caretaker
