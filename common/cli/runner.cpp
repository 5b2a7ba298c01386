// SPDX-License-Identifier: Apache-2.0
#include "common/cli/runner.hpp"

#include "common/base/clock_trouble.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/cli/heartbeat.hpp"
#include "common/cli/run_clock.hpp"
#include "common/cli/run_exclusion.hpp"
#include "common/cli/run_failure.hpp"
#include "common/cli/run_findings.hpp"
#include "common/cli/run_identity.hpp"
#include "common/cli/run_metrics.hpp"
#include "common/cli/run_outbox.hpp"
#include "common/cli/run_pruning.hpp"
#include "common/cli/run_secrets.hpp"
#include "common/cli/run_statsd.hpp"
#include "common/cli/run_store.hpp"
#include "common/cli/run_verdict.hpp"
#include "common/cli/run_words.hpp"
#include "common/cli/upkeep_run.hpp"
#include "common/config/settings.hpp"
#include "common/http/change_gate.hpp"
#include "common/http/http_tally.hpp"
#include "common/store/store.hpp"
#include "common/store/store_access.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::chrono::milliseconds since(SteadyTime start, const Clock& clock) {
    return std::chrono::floor<std::chrono::milliseconds>(clock.steady() - start);
}

/// The parts of a run in their order; each remembers what the later ones need.
class RecordedRun {
 public:
    RecordedRun(const RunRequest& request, World& world, Log& log)
        : request_(request), world_(world), log_(log), started_(world.clock.steady()) {
        run_.info = make_run_info(request, world);
        statsd_.emplace(request.settings, run_.info, world);
        outbox_.emplace(request.settings);
        exclusion_.emplace(request, run_.info, world, log);
        log_.set_fields(
            {{"job", run_.info.job}, {"target", run_.info.target}, {"run", run_.info.uid}});
    }

    /// Ends the run once it has lasted that long.
    void limit_time(std::chrono::milliseconds limit) {
        world_.stop.limit_time(limit);
        deadline_ = started_ + limit;
    }

    FinishedRun run() {
        if (run_.info.dry_run) {
            log_.warning("DRY RUN: nothing will be changed");
        }
        log_.info(
            fmt::format(
                "caretaker {} starts {} on {}", run_.info.version, run_.info.job, run_.info.target),
            {{"trigger", run_.info.trigger},
             {"host", run_.info.host},
             {"config", run_.info.config_hash}});
        world_.status.set_run(fmt::format(
            "{} {} run {}", run_.info.job, run_.info.target, short_run_id(run_.info.uid)));
        open_store();
        bool free = !held();
        guarded([&] { free = free && !failure_ && lock(); });
        begin();
        Heartbeat heartbeat(
            request_.settings.text("ping.url"), run_.info, world_.connect, world_.stop, log_);
        const bool goes_on = free && !failure_;
        statsd_->send(started_metrics(run_.info));
        if (goes_on) {
            heartbeat.start();
            work();
        }
        finish();
        close();
        is_closed_ = true;
        exclusion_->release();
        if (goes_on || run_.exit_code != ExitCode::ok) {  // a skipped run is no sign of life
            heartbeat.finish(run_.exit_code, run_.report.summary);
        }
        send_results();
        with_store([this](Store& store) { outbox_->send(run_, store, world_, log_); });
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
    /// its record. Where the store is required the run has failed; what it sends and says it does
    /// all the same, lest it ends unnoticed.
    template <typename Step>
    void with_store(Step step) {
        if (!store_) {
            return;
        }
        // Caught because the run's result, sent and shown, is worth more than its record.
        try {
            step(*store_);
        } catch (const StoreError& error) {
            give_up_store(error);
        }
    }

    /// To be called while `error` is being handled.
    void give_up_store(const StoreError& error) {
        ++store_errors_;
        store_.reset();
        if (store_is_required() && !is_closed_) {
            if (!failure_) {
                guarded([] { throw; });
            }
        } else {
            log_.warning(fmt::format("{}; this run goes on without its record", error.what()));
        }
    }

    /// A dry run changes nothing, so that it needs no record.
    [[nodiscard]] bool store_is_required() const {
        return store_required(request_.settings,
                              run_.info.dry_run ? JobKind::check : request_.info.kind);
    }

    void open_store() {
        // Caught because a run that only looks does without.
        try {
            const SyncOption sync = request_.info.kind == JobKind::upkeep ? SyncOption::each_commit
                                                                          : SyncOption::at_the_end;
            store_ = open_run_store(request_.settings, world_.environment, world_.stop, sync);
            if (!store_ && store_is_required()) {
                throw StoreError(
                    "this run must be recorded, and there is no store (none); name a file, or set "
                    "store.required to never",
                    "store_none");
            }
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

    /// True when somebody wants the job not to run now; the run is then over as `skipped`. Dry runs
    /// pass.
    bool held() {
        with_store([this](Store& store) {
            const auto hold = store.holds().find(run_.info.job, run_.info.started_at);
            if (hold && !run_.info.dry_run) {
                skip({Outcome::skipped, ExitCode::ok}, "held", describe_hold(*hold));
            }
        });
        return verdict_.outcome == Outcome::skipped;
    }

    void skip(Verdict verdict, std::string_view word, std::string summary) {
        verdict_ = verdict;
        skip_word_ = word;
        run_.report.summary = std::move(summary);
    }

    /// False when another run has a lock; the run is then over as `skipped`.
    bool lock() {
        if (run_.info.dry_run) {
            with_store([this](Store& store) { warn_of_running(store, run_.info, log_); });
            exclusion_->warn_of_others();
            return true;
        }
        const auto in_the_way = exclusion_->take(store_ ? store_->path() : std::string());
        if (in_the_way) {
            skip(judge_skip(exclusion_->policy()), locked_word, *in_the_way);
        }
        return !in_the_way;
    }

    Verdict judge_skip(OnLocked policy) {
        std::int64_t streak = 1;
        with_store([&](Store& store) {
            if (const auto status = store.job_status(run_.info.job, run_.info.target)) {
                streak += status->skip_streak;
            }
        });
        return judge_lock(policy, streak, request_.options.max_skips);
    }

    void begin() {
        with_store([this](Store& store) { run_id_ = store.begin_run(run_.info); });
    }

    /// Does `step` and remembers how it failed.
    void guarded(const std::function<void()>& step) {
        if (auto failure = catch_failure(run_.info.job, step)) {
            failure_ = std::move(failure);
        }
    }

    void work() {
        ServiceClocks clocks;
        const Connectors watched = watch_clocks(world_.connect, world_.clock, clocks);
        const Connectors connectors = gate_connectors(watched, exclusion_->permit());
        HttpTally tally;
        const StoreAccess access{
            .options = store_options(request_.settings, world_.environment, world_.stop),
            .retention = retention_from(request_.settings)};
        Context context{.clock = world_.clock,
                        .connect = connectors,
                        .store = store_.get(),
                        .log = log_,
                        .settings = request_.settings,
                        .stop = world_.stop,
                        .run = run_.info,
                        .deadline = deadline_,
                        .progress = world_.status,
                        .http_tally = &tally,
                        .store_access = &access,
                        .audience = request_.audience};
        if (UpkeepJob* job = request_.job.as_upkeep()) {
            change_things(*job, context, clocks);
        } else {
            guarded([&] { run_.report = request_.job.run(context); });
            warn_of_clock(context, clocks);
        }
        if (tally.requests() > 0) {
            tally.add_to(run_.report, world_.clock.now());
        }
        if (!failure_ && verdict_.outcome == Outcome::ok) {
            verdict_ = judge_report(run_.report);
            if (verdict_.code == ExitCode::denied) {
                run_.report.summary = describe_failure(verdict_.code, run_.report.actions);
            }
        }
    }

    void change_things(UpkeepJob& job, Context& context, const ServiceClocks& clocks) {
        std::optional<UpkeepRun> upkeep;
        guarded([&] {
            upkeep.emplace(job,
                           UpkeepRun::Surroundings{.options = request_.options,
                                                   .world = world_,
                                                   .context = context,
                                                   .clocks = clocks,
                                                   .run_id = run_id_,
                                                   .permit = action_permit()});
            verdict_ = upkeep->run();
        });
        if (!upkeep) {
            return;
        }
        if (failure_ && failure_->verdict.code == ExitCode::unreachable) {
            keeps_summary_ = job.tells_unreachable_first();
            if (upkeep->did_something()) {
                failure_->verdict = {Outcome::partial,
                                     keeps_summary_ ? ExitCode::unreachable : ExitCode::partial};
            }
        }
        run_.report = upkeep->hand_over();
    }

    /// Whatever an action does, it is begun only while the lease lasts for any request.
    std::function<void()> action_permit() {
        const ChangePermit permit = exclusion_->permit();
        if (!permit) {
            return {};
        }
        return [permit, longest = exclusion_->longest_request()] { permit(longest); };
    }

    /// A job that only reads goes on whatever the time.
    void warn_of_clock(const Context& context, const ServiceClocks& clocks) {
        const auto look = [&] {
            if (const auto trouble = find_clock_trouble(gather_clock_facts(context, clocks))) {
                log_.warning(*trouble);
            }
        };
        if (store_) {
            with_store([&](Store&) { look(); });
        } else {
            look();
        }
    }

    void finish() {
        run_.ended_at = world_.clock.now();
        run_.duration = since(started_, world_.clock);
        take_failure();
        redact_report(run_.report, request_.secrets);
        judge();
        if (take_failure()) {  // the store was lost while acknowledgements were read
            judge();
        }
        for (const Problem& problem : run_.report.problems) {
            tell(problem);
        }
    }

    /// Makes the failure the verdict and the first of the problems, once.
    bool take_failure() {
        if (!failure_ || is_failure_taken_) {
            return false;
        }
        is_failure_taken_ = true;
        if (world_.stop.signal() == StopSignal::lease_lost && !exclusion_->trouble().empty()) {
            failure_->message = fmt::format("{}: {}", failure_->message, exclusion_->trouble());
        }
        verdict_ = failure_->verdict;
        if (!keeps_summary_ || run_.report.summary.empty()) {
            run_.report.summary = describe_failure(verdict_.code, run_.report.actions);
        }
        run_.report.problems.insert(run_.report.problems.begin(),
                                    {.code = failure_->word, .message = failure_->message});
        return true;
    }

    void tell(const Problem& problem) {
        if (problem.subject.empty()) {
            log_.error(problem.message, {{"error", problem.code}});
        } else {
            log_.error(problem.message, {{"error", problem.code}, {"subject", problem.subject}});
        }
    }

    /// From here on the outcome and the code of the process stand.
    void judge() {
        const auto& findings = run_.report.findings;
        std::vector<bool> acknowledged;
        if (request_.options.fail_on && !findings.empty()) {
            with_store([&](Store& store) {
                acknowledged = store.acknowledged(
                    run_.info.job, run_.info.target, findings, run_.info.started_at);
            });
        }
        const auto worst = worst_severity(findings, acknowledged);
        const Verdict verdict = judge_findings(verdict_, worst, request_.options.fail_on);
        run_.outcome = verdict.outcome;
        run_.report.outcome = verdict.outcome;
        run_.exit_code = returned_code(verdict.code, request_.options.exit_zero);
        const auto own = failure_ ? std::nullopt : request_.job.plugin_state(run_.report);
        run_.nagios = own.value_or(nagios_state(run_.exit_code, worst));
    }

    void close() {
        run_.findings = unstored_findings(run_);
        with_store([this](Store& store) {
            RunClose closing{.report = run_.report,
                             .ended_at = run_.ended_at,
                             .duration = run_.duration,
                             .outcome = run_.outcome,
                             .exit_code = static_cast<int>(run_.exit_code),
                             .error_code = std::string(skip_word_)};
            closing.make_documents = [this](const FindingsDiff& diff) {
                run_.findings = stored_findings(diff);
                return outbox_->make(run_);
            };
            closing.actions_are_logged =
                request_.info.kind == JobKind::upkeep && !run_.info.dry_run;
            if (run_.outcome != Outcome::partial && !run_.report.problems.empty()) {
                closing.error_code = run_.report.problems.front().code;
                closing.error = run_.report.problems.front().message;
            }
            run_.findings = stored_findings(store.close_run(run_id_, closing));
        });
        if (take_failure()) {
            judge();
            tell(run_.report.problems.front());
        }
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
    std::optional<SteadyTime> deadline_{};
    FinishedRun run_;
    std::optional<RunOutbox> outbox_{};
    std::unique_ptr<Store> store_;
    std::optional<RunExclusion> exclusion_{};
    Verdict verdict_{};
    std::string_view skip_word_{};  // why the run was skipped
    std::optional<RunFailure> failure_;
    bool is_failure_taken_ = false;
    bool keeps_summary_ = false;  // of the report, which names what was out of reach
    bool is_closed_ = false;      // what is still to be done does not change how it ended
    std::optional<RunStatsd> statsd_;
    std::int64_t run_id_ = 0;
    std::int64_t store_errors_ = 0;
};

}  // namespace

FinishedRun run_recorded(const RunRequest& request, World& world, Log& log) {
    RecordedRun run(request, world, log);
    const auto limit = request.options.timeout.value_or(request.info.timeout);
    if (limit.count() > 0) {
        run.limit_time(limit);
    }
    return run.run();
}

}  // namespace caretaker
