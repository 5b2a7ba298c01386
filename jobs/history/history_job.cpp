// SPDX-License-Identifier: Apache-2.0
// The command `history`: its options, and what each of its forms asks of the store.
#include "jobs/history/history_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/base/time_argument.hpp"
#include "common/base/trigger.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "common/text/number.hpp"
#include "jobs/history/history_diff.hpp"
#include "jobs/history/history_subject.hpp"
#include "jobs/history/history_view.hpp"
#include "jobs/history/searched_runs.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "history",
    .summary = "Show what past runs did",
    .description =
        "Lists the runs in the store, newest first, shows everything about one of them, what is "
        "different between two, or all that was ever done to one index, container or alias. "
        "FINDINGS counts new and all open ones; ACTIONS counts done, failed, and those a dry run "
        "would do.",
    .examples =
        "  caretaker history --since 7d --failed\n"
        "      what went wrong in the last week\n"
        "  caretaker history --job lag --target prod --limit 10\n"
        "      the last ten runs of one job on one target\n"
        "  caretaker history show last:lag\n"
        "      everything about the last run of a job\n"
        "  caretaker history show 5b1c09af -o json\n"
        "      one run by the end of its id, for a script\n"
        "  caretaker history diff last-ok:lag last:lag\n"
        "      what has changed since all was well\n"
        "  caretaker history --from es --failed --since 1d\n"
        "      what went wrong on all hosts\n"
        "  caretaker history subject logs-2026.05.04\n"
        "      what was done to one index, why, and by which run\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings,
};

constexpr std::int64_t most_rows = 100'000;

std::string check_limit(const std::string& text) {
    return check_whole_number(text, 1, most_rows);
}

struct Options {
    RunFilter filter{};
    std::string since{};
    std::string until{};
    std::string from{};
    std::string selector{};
    std::string other_selector{};
    std::string subject{};
};

std::string check_time(const std::string& text) {
    return parse_past_time(text, WallTime())
               ? std::string()
               : fmt::format(
                     "'{}' is no time; write an age such as 7d, a date, or 2026-05-04T03:15:07Z",
                     text);
}

std::optional<WallTime> time_from_option(const std::string& text, WallTime now) {
    return text.empty() ? std::nullopt : parse_past_time(text, now);
}

class HistoryJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        const std::string group = "Filters";
        RunFilter& filter = options_.filter;
        command.add("--job", filter.job, "Only runs of this job", {.type = "JOB", .group = group});
        command.add("--outcome",
                    filter.outcome,
                    "Only runs that ended so",
                    {.type = "WORD",
                     .group = group,
                     .choices = {"running",
                                 "ok",
                                 "partial",
                                 "findings",
                                 "failed",
                                 "skipped",
                                 "interrupted",
                                 "timeout",
                                 "braked",
                                 "lost"}});
        command.add_flag("--failed",
                         filter.failed,
                         "Only runs that ended neither ok nor skipped",
                         {.group = group, .excludes = "--outcome"});
        command.add("--since",
                    options_.since,
                    "Only runs started since then: 7d, or a time",
                    {.type = "TIME", .group = group, .check = check_time});
        command.add("--until",
                    options_.until,
                    "Only runs started before then",
                    {.type = "TIME", .group = group, .check = check_time});
        command.add("--trigger",
                    filter.trigger,
                    "Only runs started so",
                    {.type = "WORD",
                     .group = group,
                     .choices = {trigger_names.begin(), trigger_names.end()}});
        command.add(
            "--host", filter.host, "Only runs on this host", {.type = "HOST", .group = group});
        command.add("--from",
                    options_.from,
                    "Where the runs are: store (default), or es for those of all hosts, as "
                    "outbox.elasticsearch has them; for the list and for show",
                    {.type = "store|es", .group = group, .choices = {"store", "es"}});
        command.add("--limit",
                    filter.limit,
                    "At most so many, the newest",
                    {.type = "N", .group = group, .check = check_limit, .shows_default = true});

        show_ = command.add_form("show", "Everything about one run");
        add_run(show_, "run", options_.selector);
        diff_ = command.add_form("diff", "What is different between two runs");
        add_run(diff_, "a", options_.selector);
        add_run(diff_, "b", options_.other_selector);
        subject_ = command.add_form("subject", "All that was ever done to one thing");
        subject_.add("name",
                     options_.subject,
                     "The full name of an index, a container, …",
                     {.type = "NAME", .required = true});
    }

    Report run(Context& context) override {
        if (options_.from == "es") {
            return ask_search(context);
        }
        if (context.store == nullptr) {
            return {.summary = "no runs yet", .table = format_run_list({})};
        }
        const Store& store = *context.store;
        const std::string& target = context.run.target;
        if (show_.is_given()) {
            return show_run(store, options_.selector, target);
        }
        if (diff_.is_given()) {
            return compare_runs(store, target);
        }
        RunFilter filter = filter_at(context);
        if (subject_.is_given()) {
            return list_actions(store, options_.subject, std::move(filter));
        }
        return list_runs(store, std::move(filter), [&] { return has_runs(store); });
    }

 private:
    [[nodiscard]] RunFilter filter_at(const Context& context) const {
        RunFilter filter = options_.filter;
        filter.target = context.run.target;
        filter.since = time_from_option(options_.since, context.clock.now());
        filter.until = time_from_option(options_.until, context.clock.now());
        return filter;
    }

    [[nodiscard]] Report ask_search(Context& context) const {
        if (diff_.is_given() || subject_.is_given()) {
            throw UsageError("--from es is for the list and for show; leave it out here");
        }
        SearchedRuns searched(context);
        const auto has_any = [&] { return !searched.runs({.limit = 1}).empty(); };
        if (!show_.is_given()) {
            return list_runs(searched, filter_at(context), has_any);
        }
        const auto run = searched.find_run(options_.selector, context.run.target);
        if (run) {
            return show_run(*run, searched.run_details(*run));
        }
        if (has_any()) {
            throw UsageError(
                fmt::format("looking for run '{}': it is not among the newest in "
                            "Elasticsearch; `caretaker history --from es` lists them",
                            options_.selector));
        }
        return {.summary = "no runs yet", .table = format_run_list({})};
    }

    static void add_run(CommandOptions& form, std::string_view name, std::string& selector) {
        form.add(name,
                 selector,
                 "The beginning or end of its id, last, last:JOB or last-ok:JOB",
                 {.type = "RUN", .required = true});
    }

    static bool has_runs(const Store& store) { return !store.runs({.limit = 1}).empty(); }

    template <typename Runs, typename HasAny>
    static Report list_runs(Runs& source, RunFilter filter, const HasAny& has_any) {
        const std::int64_t limit = filter.limit++;  // one more tells whether there are more
        std::vector<RunRow> runs = source.runs(filter);
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
            report.summary = has_any() ? "no such run" : "no runs yet";
        }
        return report;
    }

    /// Nothing while the store has no runs at all.
    static std::optional<RunRow> find_run(const Store& store,
                                          const std::string& selector,
                                          const std::string& target) {
        std::optional<RunRow> run = store.find_run(selector, target);
        if (!run && has_runs(store)) {
            throw UsageError(fmt::format(
                "looking for run '{}': the store has none; `caretaker history` lists them",
                selector));
        }
        return run;
    }

    [[nodiscard]] Report compare_runs(const Store& store, const std::string& target) const {
        const auto a = find_run(store, options_.selector, target);
        if (!a) {
            return {.summary = "no runs yet", .table = format_run_diff({}, {})};
        }
        const auto b = find_run(store, options_.other_selector, target);
        Table table = format_run_diff(store.run_details(a->id), store.run_details(b->id));
        const std::size_t count = table.rows.size();
        return {.summary = count == 0 ? fmt::format("no difference between {} and {}",
                                                    short_run_id(a->uid),
                                                    short_run_id(b->uid))
                                      : fmt::format("{} {} between {} (a) and {} (b)",
                                                    count,
                                                    count == 1 ? "difference" : "differences",
                                                    short_run_id(a->uid),
                                                    short_run_id(b->uid)),
                .table = std::move(table)};
    }

    static Report list_actions(const Store& store, const std::string& subject, RunFilter filter) {
        const std::int64_t limit = filter.limit++;  // one more tells whether there are more
        std::vector<SubjectAction> actions = store.actions_on(subject, filter);
        const bool has_more = static_cast<std::int64_t>(actions.size()) > limit;
        if (has_more) {
            actions.pop_back();
        }
        Report report{.table = format_subject_actions(actions)};
        if (has_more) {
            report.summary = fmt::format("the newest {} actions; --limit shows more", limit);
        } else if (!actions.empty()) {
            report.summary = fmt::format(
                "{} {} on {}", actions.size(), actions.size() == 1 ? "action" : "actions", subject);
        } else {
            report.summary =
                has_runs(store)
                    ? fmt::format("no action on {}; the name must be the whole one", subject)
                    : "no runs yet";
        }
        return report;
    }

    static Report show_run(const Store& store,
                           const std::string& selector,
                           const std::string& target) {
        const std::optional<RunRow> run = find_run(store, selector, target);
        if (!run) {
            return {.summary = "no runs yet", .table = format_run_list({})};
        }
        return show_run(*run, store.run_details(run->id));
    }

    static Report show_run(const RunRow& run, const RunDetails& details) {
        const std::string target_part = run.target.empty() ? "" : " " + run.target;
        const std::string took = run.duration ? " after " + format_duration(*run.duration) : "";
        return {.summary = fmt::format("run {} of {}{}: {}{}",
                                       short_run_id(run.uid),
                                       run.job,
                                       target_part,
                                       run.outcome,
                                       took),
                .table = format_run_list({&run, 1}),
                .details = format_run_details(details)};
    }

    Options options_;
    CommandOptions show_{};
    CommandOptions diff_{};
    CommandOptions subject_{};
};

}  // namespace

std::unique_ptr<Job> make_history_job() {
    return std::make_unique<HistoryJob>();
}

JobEntry history_job_entry() {
    return {.info = info, .make = make_history_job};
}

}  // namespace caretaker
