// SPDX-License-Identifier: Apache-2.0
// The command `status`: puts together what the store, the holds and the configuration say of each
// job.
#include "jobs/status/status_job.hpp"

#include "common/base/context.hpp"
#include "common/base/run_info.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "jobs/status/job_health.hpp"
#include "jobs/status/status_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "status",
    .summary = "Show whether jobs run when they should, and how they end",
    .description =
        "One row for each job and target: the state and why, the last run and the last good one, "
        "what runs now, when the next is due, how long runs take, streaks, holds and open "
        "findings. A job is overdue when its last start is older than --max-age times the "
        "interval at which it is expected: that of status.expected_every, else the median gap "
        "between its last scheduled runs. Findings do not change the state unless they ended a "
        "run (--fail-on). Exit 0 whatever the state; with --nagios that of a monitoring plugin.",
    .examples =
        "  caretaker status\n"
        "      all jobs at a glance\n"
        "  caretaker status --nagios\n"
        "      for a monitoring system: OK, WARNING or CRITICAL, with performance data\n"
        "  caretaker status --job lag --target prod -o json\n"
        "      one job, for a script\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings,
    .takes_nagios = true,
};

using Intervals = std::map<std::string, std::chrono::milliseconds>;

Intervals expected_intervals(const Settings& settings) {
    Intervals intervals;
    for (const auto& [job, every] : settings.map("status.expected_every")) {
        if (const auto duration = parse_duration(every)) {  // the settings let no other text pass
            intervals.emplace(job, *duration);
        }
    }
    return intervals;
}

/// CLI11's own check would show itself in the help.
std::string check_max_age(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    const bool good =
        parsed.ec == std::errc{} && parsed.ptr == end && number >= 1 && number <= 1000;
    return good ? "" : fmt::format("'{}' is no number from 1 to 1000", text);
}

class StatusJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add("--job", job_, "Only this job", {.type = "JOB"});
        command.add("--max-age",
                    max_age_,
                    "Overdue when the last start is older than so many intervals",
                    {.type = "N", .check = check_max_age, .shows_default = true});
    }

    Report run(Context& context) override {
        const std::vector<JobHealth> jobs = judge_all(context);
        Report report{.summary = summarize_status(jobs),
                      .table = format_status(jobs, context.clock.now()),
                      .metrics = status_metrics(jobs)};
        NagiosState state = NagiosState::ok;
        for (const JobHealth& job : jobs) {
            state = worse_state(state, job.state);
        }
        if (jobs.empty()) {
            const bool filtered = !job_.empty() || !context.run.target.empty();
            const bool empty =
                context.store == nullptr || context.store->runs({.limit = 1}).empty();
            report.summary = empty ? "no runs yet" : "no such job has run";
            state = filtered ? NagiosState::unknown : NagiosState::ok;
        }
        if (!context.settings_problem.empty()) {
            // What says when jobs are expected may be among what could not be read.
            state = worse_state(state, NagiosState::unknown);
            report.summary += "; " + context.settings_problem;
        }
        report.nagios = state;
        return report;
    }

 private:
    [[nodiscard]] bool is_wanted(const std::string& job) const {
        return job_.empty() || job == job_;
    }

    [[nodiscard]] std::vector<JobHealth> judge_all(const Context& context) const {
        const WallTime now = context.clock.now();
        const Intervals intervals = expected_intervals(context.settings);
        std::vector<JobStanding> standings;
        std::vector<RunUnderWay> under_way;
        if (context.store != nullptr) {
            standings = context.store->standings(job_, context.run.target, now);
            under_way = context.store->runs_under_way();
        }
        add_those_without_a_run(intervals, context.run.target, standings);
        std::vector<JobHealth> jobs;
        for (JobStanding& standing : standings) {
            HealthFacts facts{.host = context.run.host, .now = now, .max_age = max_age_};
            if (context.store != nullptr) {
                facts.hold = context.store->holds().find(standing.job, now);
            }
            if (const auto found = intervals.find(standing.job); found != intervals.end()) {
                facts.configured_every = found->second;
            }
            std::ranges::copy_if(
                under_way, std::back_inserter(facts.under_way), [&](const RunUnderWay& run) {
                    return run.job == standing.job && run.target == standing.target;
                });
            facts.standing = std::move(standing);
            jobs.push_back(judge_job(facts));
        }
        return jobs;
    }

    /// A job that is expected but is not in the store on any target.
    void add_those_without_a_run(const Intervals& intervals,
                                 const std::string& target,
                                 std::vector<JobStanding>& standings) const {
        for (const auto& [job, every] : intervals) {
            const bool known =
                std::ranges::find(standings, job, &JobStanding::job) != standings.end();
            if (!known && is_wanted(job)) {
                standings.push_back({.job = job, .target = target});
            }
        }
        std::ranges::sort(standings, [](const JobStanding& one, const JobStanding& other) {
            return std::tie(one.job, one.target) < std::tie(other.job, other.target);
        });
    }

    std::string job_;
    double max_age_ = 2;
};

}  // namespace

std::unique_ptr<Job> make_status_job() {
    return std::make_unique<StatusJob>();
}

JobEntry status_job_entry() {
    return {.info = info, .make = make_status_job};
}

}  // namespace caretaker
