// SPDX-License-Identifier: Apache-2.0
#include "common/cli/runner.hpp"

#include "common/base/error.hpp"
#include "common/base/lock_file.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/lock_directory.hpp"
#include "common/cli/run_identity.hpp"
#include "common/cli/run_metrics.hpp"
#include "common/cli/run_pruning.hpp"
#include "common/cli/run_statsd.hpp"
#include "common/cli/run_store.hpp"
#include "common/config/settings.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::chrono::milliseconds since(SteadyTime start, const Clock& clock) {
    return std::chrono::floor<std::chrono::milliseconds>(clock.steady() - start);
}

/// The states of the report's findings when there is no store to compare with.
std::vector<FindingState> unstored_findings(const FinishedRun& run) {
    std::vector<FindingState> states;
    for (const Finding& finding : run.report.findings) {
        states.push_back(
            {.finding = finding, .status = "new", .first_seen_at = run.info.started_at});
    }
    return states;
}

std::vector<FindingState> stored_findings(const FindingsDiff& diff) {
    std::vector<FindingState> states;
    for (const auto* list : {&diff.findings, &diff.resolved_findings}) {
        for (const StoredFinding& stored : *list) {
            states.push_back({.id = stored.id,
                              .finding = stored.finding,
                              .status = std::string(to_string(stored.status)),
                              .first_seen_at = stored.first_seen});
        }
    }
    return states;
}

/// The worst first; among equals in the order of their subjects.
void sort_findings(std::vector<FindingState>& states) {
    std::ranges::stable_sort(states, [](const FindingState& a, const FindingState& b) {
        return std::pair(b.finding.severity, std::string_view(a.finding.subject)) <
               std::pair(a.finding.severity, std::string_view(b.finding.subject));
    });
}

/// The parts of a run in their order; each remembers what the later ones need.
class RecordedRun {
 public:
    RecordedRun(const RunRequest& request, World& world, Log& log)
        : request_(request), world_(world), log_(log), started_(world.clock.steady()) {
        run_.info = make_run_info(request, world);
        statsd_.emplace(request.settings, run_.info, world);
        log_.set_fields(
            {{"job", run_.info.job}, {"target", run_.info.target}, {"run", run_.info.uid}});
    }

    FinishedRun run() {
        log_.info(
            fmt::format(
                "caretaker {} starts {} on {}", run_.info.version, run_.info.job, run_.info.target),
            {{"trigger", run_.info.trigger},
             {"host", run_.info.host},
             {"config", run_.info.config_hash}});
        open_store();
        const bool locked = lock();
        begin();
        statsd_->send(started_metrics(run_.info));
        if (locked) {
            work();
        }
        finish();
        close();
        send_results();
        with_store([this](Store& store) {
            prune_after_run(store, request_.settings, world_.clock, world_.stop, log_);
        });
        log_.info(fmt::format("{}: {}", to_string(run_.outcome), run_.report.summary),
                  {{"outcome", std::string(to_string(run_.outcome))},
                   {"exit_code", std::to_string(static_cast<int>(run_.exit_code))},
                   {"duration_ms", std::to_string(run_.duration.count())}});
        return std::move(run_);
    }

 private:
    /// Does `step` with the store, or gives the store up: a reading job's result is worth more than
    /// its record. Where the store is required the error ends the run.
    template <typename Step>
    void with_store(Step step) {
        if (!store_) {
            return;
        }
        try {
            step(*store_);
        } catch (const StoreError& error) {
            give_up_store(error);
        }
    }

    void give_up_store(const StoreError& error) {
        if (store_required(request_.settings, request_.info.kind)) {
            throw;
        }
        log_.warning(fmt::format("{}; this run goes on without its record", error.what()));
        ++store_errors_;
        store_.reset();
    }

    void open_store() {
        try {
            store_ = open_run_store(request_.settings, world_.environment, world_.stop);
        } catch (const StoreError& error) {
            give_up_store(error);
        }
        with_store([this](Store& store) {
            for (const std::string& warning : store.warnings()) {
                log_.warning(warning);
            }
            const auto lost =
                store.mark_lost_runs(run_.info.host, run_.info.boot_id, run_.info.started_at);
            for (const LostRun& dead : lost) {
                log_.warning(fmt::format("run {} of {} {} ended without a word; marked as lost",
                                         short_run_id(dead.uid),
                                         dead.job,
                                         dead.target));
                statsd_->send_lost(dead.job, dead.target);
            }
        });
    }

    /// False when another run has it; the run is then over as `skipped`.
    bool lock() {
        const LockHolder self{.run_uid = run_.info.uid,
                              .host = run_.info.host,
                              .task_id = run_.info.trigger_ref,
                              .pid = ::getpid(),
                              .started_at = run_.info.started_at};
        const std::string store_path = store_ ? store_->path() : std::string();
        for (const auto& directory :
             lock_directories(store_path, world_.environment, ::geteuid())) {
            if (!store_ && !prepare_lock_directory(directory)) {
                continue;
            }
            LockAttempt attempt =
                take_lock(lock_file_path(directory, run_.info.job, run_.info.target), self);
            lock_ = std::move(attempt.lock);
            if (!lock_) {
                run_.outcome = Outcome::skipped;
                run_.report.summary =
                    "another run of this job and target is under way: " + attempt.holder;
            }
            return lock_.has_value();
        }
        log_.warning("no directory for the lock file; nothing keeps a second run away");
        return true;
    }

    void begin() {
        with_store([this](Store& store) { run_id_ = store.begin_run(run_.info); });
    }

    void work() {
        Context context{.clock = world_.clock,
                        .connect = world_.connect,
                        .store = store_.get(),
                        .log = log_,
                        .settings = request_.settings,
                        .stop = world_.stop,
                        .run = run_.info};
        try {
            run_.report = request_.job.run(context);
            run_.outcome = run_.report.outcome;
        } catch (const Interrupted& signal) {
            fail(Outcome::interrupted, signal.exit_code(), signal.code(), signal.what());
        } catch (const Error& error) {
            fail(Outcome::failed, error.exit_code(), error.code(), error.what());
        } catch (const std::exception& error) {
            fail(Outcome::failed,
                 ExitCode::failed,
                 "internal",
                 fmt::format("{} failed unexpectedly: {}; please report this with the log of -v",
                             run_.info.job,
                             error.what()));
        }
    }

    void fail(Outcome outcome, ExitCode code, const std::string& word, const std::string& message) {
        run_.outcome = outcome;
        run_.exit_code = code;
        run_.report.outcome = outcome;
        run_.report.summary = describe(code).meaning;
        run_.report.problems.push_back({.code = word, .message = message});
    }

    void finish() {
        run_.ended_at = world_.clock.now();
        run_.duration = since(started_, world_.clock);
        if (run_.outcome == Outcome::partial) {
            run_.exit_code = ExitCode::partial;
        }
        for (const Problem& problem : run_.report.problems) {
            const std::string subject =
                problem.subject.empty() ? std::string() : problem.subject + ": ";
            if (run_.outcome == Outcome::partial) {
                log_.warning(subject + problem.message, {{"error", problem.code}});
            } else {
                log_.error(subject + problem.message, {{"error", problem.code}});
            }
        }
    }

    void close() {
        run_.findings = unstored_findings(run_);
        with_store([this](Store& store) {
            RunClose closing{.report = run_.report,
                             .ended_at = run_.ended_at,
                             .duration = run_.duration,
                             .outcome = run_.outcome,
                             .exit_code = static_cast<int>(run_.exit_code)};
            if (run_.outcome != Outcome::partial && !run_.report.problems.empty()) {
                closing.error_code = run_.report.problems.front().code;
                closing.error = run_.report.problems.front().message;
            }
            run_.findings = stored_findings(store.close_run(run_id_, closing));
        });
        sort_findings(run_.findings);
    }

    void send_results() {
        const RunnerFacts facts{
            .store_errors = store_errors_,
            .store_bytes = store_ ? store_size(store_->path()) : std::nullopt,
        };
        std::vector<Metric> metrics = finished_metrics(run_, facts);
        metrics.insert(metrics.end(), run_.report.metrics.begin(), run_.report.metrics.end());
        run_.report.metrics = metrics;
        statsd_->send(metrics);
        statsd_->send_dropped();
        with_store([this](Store& store) {
            store.record_delivery(run_id_, statsd_->sent(), statsd_->dropped());
        });
        if (!statsd_->problem().empty()) {
            log_.warning("metrics: " + statsd_->problem());
        }
    }

    const RunRequest& request_;
    World& world_;
    Log& log_;
    SteadyTime started_;
    FinishedRun run_;
    std::unique_ptr<Store> store_;
    std::optional<LockFile> lock_;
    std::optional<RunStatsd> statsd_;
    std::int64_t run_id_ = 0;
    std::int64_t store_errors_ = 0;
};

/// The store of a command that shows, or why it has none though there may be one.
std::pair<std::unique_ptr<Store>, std::string> open_store_to_show(const RunRequest& request,
                                                                  const World& world) {
    // Caught for the command whose work it is to tell what is wrong.
    try {
        auto store = open_inspect_store(request.settings, world.environment, world.stop);
        if (store && request.job.changes_store()) {
            store = open_run_store(request.settings, world.environment, world.stop);
        }
        return {std::move(store), std::string()};
    } catch (const StoreError& error) {
        if (request.info.tolerates != Tolerance::wrong_settings_and_store) {
            throw;
        }
        return {nullptr, std::string(error.what())};
    }
}

}  // namespace

FinishedRun run_recorded(const RunRequest& request, World& world, Log& log) {
    return RecordedRun(request, world, log).run();
}

FinishedRun run_inspect(const RunRequest& request, World& world, Log& log) {
    const SteadyTime started = world.clock.steady();
    FinishedRun run;
    run.info = make_run_info(request, world);
    const auto [store, store_problem] = open_store_to_show(request, world);
    if (store) {
        for (const std::string& warning : store->warnings()) {
            log.warning(warning);
        }
    }
    Context context{.clock = world.clock,
                    .connect = world.connect,
                    .store = store.get(),
                    .log = log,
                    .settings = request.settings,
                    .stop = world.stop,
                    .run = run.info,
                    .commands = request.commands,
                    .store_problem = store_problem,
                    .settings_problem = request.settings_problem};
    run.report = request.job.run(context);
    run.outcome = run.report.outcome;
    run.exit_code = run.outcome == Outcome::failed ? ExitCode::failed : ExitCode::ok;
    run.ended_at = world.clock.now();
    run.duration = since(started, world.clock);
    return run;
}

}  // namespace caretaker
