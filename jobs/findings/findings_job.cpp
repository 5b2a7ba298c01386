// SPDX-License-Identifier: Apache-2.0
// The command `findings`: its options, and what each of its three forms does in the store.
#include "jobs/findings/findings_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/time_argument.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "common/text/number.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/findings/findings_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "findings",
    .summary = "Show what jobs found, and mark what is known",
    .description =
        "Lists the findings that are open now, the worst first. Each is one row over all runs: it "
        "opens when a run sees it, and resolves when a run that looked no longer does. `findings "
        "ack` marks one as known for a time: it is still listed, but does not count for --fail-on.",
    .examples =
        "  caretaker findings --job lag --severity high\n"
        "      the open findings of one job that are high or critical\n"
        "  caretaker findings ack 12 --until 7d --note \"retention is raised on Monday\"\n"
        "      not to be told of it for a week\n"
        "  caretaker findings unack 3f09ab\n"
        "      the other way round, by the beginning of its fingerprint\n"
        "  caretaker findings --target prod --nagios\n"
        "      as a plugin of Nagios or Icinga: critical from severity high on, warning from warn "
        "on\n"
        "  caretaker findings --all -o json\n"
        "      resolved ones too, for a script\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings,
    .takes_nagios = true,
};

constexpr std::int64_t most_rows = 100'000;

std::string check_limit(const std::string& text) {
    return check_whole_number(text, 1, most_rows);
}

struct Options {
    FindingFilter filter{};
    std::string severity{};
    std::string selector{};
    std::string until{};
    std::string note{};
};

std::string check_time(const std::string& text) {
    return parse_future_time(text, WallTime()) ? std::string()
                                               : fmt::format(
                                                     "'{}' is no time; write a duration such as "
                                                     "7d, a date, or 2026-05-04T03:15:07Z",
                                                     text);
}

std::vector<std::string> severity_words() {
    std::vector<std::string> words;
    for (const Severity severity : all_severities) {
        words.emplace_back(to_string(severity));
    }
    return words;
}

class FindingsJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        const std::string group = "Filters";
        FindingFilter& filter = options_.filter;
        command.add(
            "--job", filter.job, "Only findings of this job", {.type = "JOB", .group = group});
        command.add("--severity",
                    options_.severity,
                    "Only findings so bad or worse",
                    {.type = "WORD", .group = group, .choices = severity_words()});
        command.add_flag("--all", filter.with_resolved, "Resolved findings too", {.group = group});
        command.add("--limit",
                    filter.limit,
                    "At most so many",
                    {.type = "N", .group = group, .check = check_limit, .shows_default = true});

        ack_ = command.add_form("ack", "Mark a finding as known until a time");
        add_selector(ack_);
        ack_.add("--until",
                 options_.until,
                 "Until when: 7d from now, or a time",
                 {.type = "TIME", .check = check_time, .required = true});
        ack_.add("--note", options_.note, "Why; shown with the finding", {.type = "TEXT"});
        unack_ = command.add_form("unack", "Take such a mark back");
        add_selector(unack_);
    }

    [[nodiscard]] bool changes_store() const override {
        return ack_.is_given() || unack_.is_given();
    }

    Report run(Context& context) override {
        const WallTime now = context.clock.now();
        if (!changes_store()) {
            FindingFilter filter = options_.filter;
            filter.target = context.run.target;
            filter.least = parse_severity(options_.severity).value_or(Severity::info);
            return list(context.store, std::move(filter), now);
        }
        if (context.store == nullptr) {
            throw UsageError("looking for the finding: there are no runs yet, so there is none");
        }
        return ack_.is_given() ? acknowledge(*context.store, now) : withdraw(*context.store, now);
    }

 private:
    void add_selector(CommandOptions& form) {
        form.add("finding",
                 options_.selector,
                 "Its id, or the beginning of its fingerprint",
                 {.type = "FINDING", .required = true});
    }

    static Report list(const Store* store, FindingFilter filter, WallTime now) {
        if (store == nullptr) {
            return {.summary = "no runs yet", .table = format_finding_list({}, now)};
        }
        const std::int64_t limit = filter.limit++;  // one more tells whether there are more
        std::vector<FindingRow> rows = store->findings(filter);
        const bool has_more = static_cast<std::int64_t>(rows.size()) > limit;
        if (has_more) {
            rows.pop_back();
        }
        const auto known = std::ranges::count_if(rows, [now](const FindingRow& row) {
            return !row.resolved_at && row.is_acknowledged(now);
        });
        Report report{.table = format_finding_list(rows, now)};
        // Asked for apart from the list, which is short and may hold resolved ones.
        filter.with_resolved = false;
        filter.limit = most_rows;
        const std::vector<FindingRow> open = store->findings(filter);
        report.metrics = count_findings(open, now);
        report.nagios = judge_findings(open, now);
        if (rows.empty()) {
            report.summary = store->runs({.limit = 1}).empty() ? "no runs yet" : "no such finding";
        } else if (has_more) {
            report.summary = fmt::format("the worst {} findings; --limit shows more", limit);
        } else {
            report.summary = fmt::format("{} {}, {} of them acknowledged",
                                         rows.size(),
                                         rows.size() == 1 ? "finding" : "findings",
                                         known);
        }
        return report;
    }

    [[nodiscard]] FindingRow select(const Store& store) const {
        const auto row = store.find_finding(options_.selector);
        if (!row) {
            throw UsageError(
                fmt::format("looking for finding '{}': the store has none; `caretaker findings "
                            "--all` lists them",
                            options_.selector));
        }
        return *row;
    }

    Report acknowledge(Store& store, WallTime now) const {
        const auto until = parse_future_time(options_.until, now);
        if (!until || *until <= now) {
            throw UsageError(fmt::format(
                "--until {}: that is past; give a time to come, such as 7d", options_.until));
        }
        FindingRow row = select(store);
        store.acknowledge(row.id, *until, options_.note);
        row.acked_until = until;
        row.ack_note = options_.note;
        return {.summary = fmt::format("{} {} is acknowledged until {}",
                                       row.finding.code,
                                       row.finding.subject,
                                       format_rfc3339(*until)),
                .table = format_finding_list({&row, 1}, now)};
    }

    Report withdraw(Store& store, WallTime now) const {
        FindingRow row = select(store);
        const bool was_marked = store.withdraw_acknowledgement(row.id);
        row.acked_until.reset();
        row.ack_note.clear();
        return {.summary = fmt::format("{} {} {}",
                                       row.finding.code,
                                       row.finding.subject,
                                       was_marked ? "counts again" : "was not acknowledged"),
                .table = format_finding_list({&row, 1}, now)};
    }

    Options options_;
    CommandOptions ack_{};
    CommandOptions unack_{};
};

}  // namespace

std::unique_ptr<Job> make_findings_job() {
    return std::make_unique<FindingsJob>();
}

JobEntry findings_job_entry() {
    return {.info = info, .make = make_findings_job};
}

}  // namespace caretaker
