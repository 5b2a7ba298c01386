// SPDX-License-Identifier: Apache-2.0
// The command `history`: its options, and one query of the store for each of its two forms.
#include "jobs/history/history_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/base/time_argument.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "jobs/history/history_view.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string>
#include <utility>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "history",
    .summary = "Show what past runs did",
    .description =
        "Lists the runs in the store, newest first, or shows everything about one of them. "
        "FINDINGS "
        "counts new and all open ones; ACTIONS counts done, failed, and those a dry run would do.",
    .examples =
        "  caretaker history --since 7d --failed\n"
        "      what went wrong in the last week\n"
        "  caretaker history --job lag --target prod --limit 10\n"
        "      the last ten runs of one job on one target\n"
        "  caretaker history show last:lag\n"
        "      everything about the last run of a job\n"
        "  caretaker history show 5b1c09af -o json\n"
        "      one run by the end of its id, for a script\n",
    .kind = JobKind::inspect,
};

constexpr std::int64_t most_rows = 100'000;

struct Options {
    RunFilter filter{};
    std::string since{};
    std::string until{};
    std::string selector{};
};

std::string check_time(const std::string& text) {
    return parse_time_or_age(text, WallTime()) ? std::string()
                                               : fmt::format(
                                                     "'{}' is no time; write an age such as 7d, "
                                                     "a date, or 2026-05-04T03:15:07Z",
                                                     text);
}

std::optional<WallTime> time_from_option(const std::string& text, WallTime now) {
    return text.empty() ? std::nullopt : parse_time_or_age(text, now);
}

class HistoryJob final : public Job {
 public:
    void describe(CLI::App& app) override {
        const std::string group = "Filters";
        RunFilter& filter = options_.filter;
        app.add_option("--job", filter.job, "Only runs of this job")
            ->type_name("JOB")
            ->group(group);
        CLI::Option* outcome =
            app.add_option("--outcome", filter.outcome, "Only runs that ended so")
                ->type_name("WORD")
                ->check(CLI::IsMember({"running",
                                       "ok",
                                       "partial",
                                       "findings",
                                       "failed",
                                       "skipped",
                                       "interrupted",
                                       "timeout",
                                       "braked",
                                       "lost"}))
                ->group(group);
        app.add_flag("--failed", filter.failed, "Only runs that ended neither ok nor skipped")
            ->excludes(outcome)
            ->group(group);
        app.add_option("--since", options_.since, "Only runs started since then: 7d, or a time")
            ->type_name("TIME")
            ->check(check_time)
            ->group(group);
        app.add_option("--until", options_.until, "Only runs started before then")
            ->type_name("TIME")
            ->check(check_time)
            ->group(group);
        app.add_option("--trigger", filter.trigger, "Only runs started so")
            ->type_name("WORD")
            ->check(CLI::IsMember({"chronos", "jenkins", "cron", "manual"}))
            ->group(group);
        app.add_option("--host", filter.host, "Only runs on this host")
            ->type_name("HOST")
            ->group(group);
        app.add_option("--limit", filter.limit, "At most so many, the newest")
            ->type_name("N")
            ->check(CLI::Range(std::int64_t{1}, most_rows))
            ->capture_default_str()
            ->group(group);

        show_ = app.add_subcommand("show", "Everything about one run");
        show_
            ->add_option("run",
                         options_.selector,
                         "The beginning or end of its id, last, last:JOB or last-ok:JOB")
            ->type_name("RUN")
            ->required();
    }

    Report run(Context& context) override {
        if (context.store == nullptr) {
            return {.summary = "no runs yet", .table = format_run_list({})};
        }
        if (show_ != nullptr && show_->parsed()) {
            return show_run(*context.store, options_.selector, context.run.target);
        }
        RunFilter filter = options_.filter;
        filter.target = context.run.target;
        filter.since = time_from_option(options_.since, context.clock.now());
        filter.until = time_from_option(options_.until, context.clock.now());
        return list_runs(*context.store, std::move(filter));
    }

 private:
    static bool has_runs(const Store& store) { return !store.runs({.limit = 1}).empty(); }

    static Report list_runs(const Store& store, RunFilter filter) {
        const std::int64_t limit = filter.limit++;  // one more tells whether there are more
        std::vector<RunRow> runs = store.runs(filter);
        const bool has_more = static_cast<std::int64_t>(runs.size()) > limit;
        if (has_more) {
            runs.pop_back();
        }
        Report report{.table = format_run_list(runs)};
        if (has_more) {
            report.summary = fmt::format("the newest {} runs; --limit shows more", limit);
        } else if (!runs.empty()) {
            report.summary = fmt::format("{} {}", runs.size(), runs.size() == 1 ? "run" : "runs");
        } else {
            report.summary = has_runs(store) ? "no such run" : "no runs yet";
        }
        return report;
    }

    static Report show_run(const Store& store,
                           const std::string& selector,
                           const std::string& target) {
        const std::optional<RunRow> run = store.find_run(selector, target);
        if (!run && !has_runs(store)) {
            return {.summary = "no runs yet", .table = format_run_list({})};
        }
        if (!run) {
            throw UsageError(fmt::format(
                "looking for run '{}': the store has none; `caretaker history` lists them",
                selector));
        }
        const std::string target_part = run->target.empty() ? "" : " " + run->target;
        const std::string took = run->duration ? " after " + format_duration(*run->duration) : "";
        return {.summary = fmt::format("run {} of {}{}: {}{}",
                                       short_run_id(run->uid),
                                       run->job,
                                       target_part,
                                       run->outcome,
                                       took),
                .table = format_run_list({&*run, 1}),
                .details = format_run_details(store.run_details(run->id))};
    }

    Options options_;
    CLI::App* show_ = nullptr;
};

}  // namespace

std::unique_ptr<Job> make_history_job() {
    return std::make_unique<HistoryJob>();
}

JobEntry history_job_entry() {
    return {.info = info, .make = make_history_job};
}

}  // namespace caretaker
