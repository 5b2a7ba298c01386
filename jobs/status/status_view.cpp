// SPDX-License-Identifier: Apache-2.0
#include "jobs/status/status_view.hpp"

#include "common/base/run_info.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/ascii.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace caretaker {

namespace {

constexpr std::size_t most_named = 5;

constexpr std::array severities{
    Severity::info, Severity::low, Severity::warn, Severity::high, Severity::critical};

struct Line {
    const JobHealth& job;
    WallTime now{};
};

const RunMark* last_ended(const JobHealth& job) {
    const auto& marks = job.standing.marks;
    const auto found =
        std::ranges::find_if(marks, [](const RunMark& mark) { return mark.outcome != "running"; });
    return found == marks.end() ? nullptr : &*found;
}

/// A value of the newest run that has ended; none where there is no such run.
template <typename Read>
Cell of_last_run(const Line& line, Read read) {
    const RunMark* last = last_ended(line.job);
    return last == nullptr ? Cell() : Cell(read(*last));
}

Cell age(std::optional<WallTime> time, WallTime now) {
    if (!time) {
        return {};
    }
    return format_duration(std::max(now - *time, std::chrono::milliseconds(0)));
}

Cell duration_cell(std::optional<std::chrono::milliseconds> duration) {
    return duration ? Cell(format_duration(*duration)) : Cell();
}

Cell count_cell(std::optional<std::chrono::milliseconds> duration) {
    return duration ? Cell(std::int64_t{duration->count()}) : Cell();
}

/// "in 3 min", "4 min ago", or "overdue".
Cell due(const Line& line) {
    const auto& expected = line.job.expected;
    if (!expected || line.job.hold) {
        return {};
    }
    if (expected->overdue) {
        return "overdue";
    }
    const auto left = *expected->next - line.now;
    return left.count() >= 0 ? "in " + format_duration(left) : format_duration(-left) + " ago";
}

Cell next_time(const Line& line) {
    return line.job.expected ? known_time(line.job.expected->next) : Cell();
}

/// "3 bad", "2 skipped", or none.
Cell streak(const Line& line) {
    const JobStanding& standing = line.job.standing;
    std::string text;
    if (standing.bad_streak > 0) {
        text = fmt::format("{} bad", standing.bad_streak);
    }
    if (standing.skip_streak > 0) {
        text += fmt::format("{}{} skipped", text.empty() ? "" : ", ", standing.skip_streak);
    }
    return non_empty(text);
}

std::int64_t count_open(const JobStanding& standing) {
    return std::accumulate(
        standing.open_findings.begin(), standing.open_findings.end(), std::int64_t{0});
}

/// "2 high, 1 low", the worst first.
Cell open_findings(const Line& line) {
    std::string text;
    for (std::size_t i = severities.size(); i-- > 0;) {
        if (const std::int64_t count = line.job.standing.open_findings.at(i); count > 0) {
            text += fmt::format(
                "{}{} {}", text.empty() ? "" : ", ", count, to_string(severities.at(i)));
        }
    }
    return non_empty(text);
}

template <std::size_t Index>
Cell findings_of(const Line& line) {
    return line.job.standing.open_findings.at(Index);
}

std::string state_word(const JobHealth& job) {
    return ascii_lower(to_string(job.state));
}

const std::vector<ItemColumn<Line>>& status_columns() {
    static const std::vector<ItemColumn<Line>> columns{
        {text_column("job", "JOB"), [](const Line& line) -> Cell { return line.job.standing.job; }},
        {text_column("target", "TARGET"),
         [](const Line& line) { return non_empty(line.job.standing.target); }},
        {text_column("state", "STATE"),
         [](const Line& line) -> Cell { return state_word(line.job); }},
        {text_column("outcome", "LAST"),
         [](const Line& line) {
             return of_last_run(line, [](const RunMark& run) { return run.outcome; });
         }},
        {number_column("age", "AGE"),
         [](const Line& line) {
             const RunMark* last = last_ended(line.job);
             return last == nullptr ? Cell()
                                    : age(last->ended_at.value_or(last->started_at), line.now);
         }},
        {number_column("last_ok_age", "LAST OK"),
         [](const Line& line) { return age(line.job.standing.last_ok, line.now); }},
        {number_column("running_for", "RUNNING"),
         [](const Line& line) {
             return line.job.running ? age(line.job.running->started_at, line.now) : Cell();
         }},
        {number_column("next", "NEXT"), due},
        {number_column("took", "TOOK"),
         [](const Line& line) {
             const RunMark* last = last_ended(line.job);
             return last == nullptr ? Cell() : duration_cell(last->duration);
         }},
        {number_column("usual", "USUAL"),
         [](const Line& line) { return duration_cell(line.job.median); }},
        {text_column("streak", "STREAK"), streak},
        {text_column("findings", "FINDINGS"), open_findings},
        {text_column("reasons", "WHY"),
         [](const Line& line) {
             return non_empty(fmt::format("{}", fmt::join(line.job.reasons, "; ")));
         }},
        {machine_column("run_id"),
         [](const Line& line) {
             return of_last_run(line, [](const RunMark& run) { return run.uid; });
         }},
        {machine_column("started_at"),
         [](const Line& line) {
             return of_last_run(line, [](const RunMark& run) { return run.started_at; });
         }},
        {machine_column("ended_at"),
         [](const Line& line) {
             const RunMark* last = last_ended(line.job);
             return last == nullptr ? Cell() : known_time(last->ended_at);
         }},
        {machine_column("exit_code"),
         [](const Line& line) {
             const RunMark* last = last_ended(line.job);
             return last != nullptr && last->exit_code ? Cell(std::int64_t{*last->exit_code})
                                                       : Cell();
         }},
        {machine_column("duration_ms"),
         [](const Line& line) {
             const RunMark* last = last_ended(line.job);
             return last == nullptr ? Cell() : count_cell(last->duration);
         }},
        {machine_column("usual_ms"), [](const Line& line) { return count_cell(line.job.median); }},
        {machine_column("last_ok_at"),
         [](const Line& line) { return known_time(line.job.standing.last_ok); }},
        {machine_column("running_id"),
         [](const Line& line) { return line.job.running ? Cell(line.job.running->uid) : Cell(); }},
        {machine_column("running_since"),
         [](const Line& line) {
             return line.job.running ? Cell(line.job.running->started_at) : Cell();
         }},
        {machine_column("running_host"),
         [](const Line& line) { return line.job.running ? Cell(line.job.running->host) : Cell(); }},
        {machine_column("expected_every_ms"),
         [](const Line& line) {
             return line.job.expected ? count_cell(line.job.expected->every) : Cell();
         }},
        {machine_column("expected_by"),
         [](const Line& line) -> Cell {
             if (!line.job.expected) {
                 return {};
             }
             return line.job.expected->configured ? "configuration" : "past runs";
         }},
        {machine_column("next_at"), next_time},
        {machine_column("overdue"),
         [](const Line& line) -> Cell { return line.job.expected && line.job.expected->overdue; }},
        {machine_column("bad_streak"),
         [](const Line& line) -> Cell { return line.job.standing.bad_streak; }},
        {machine_column("skip_streak"),
         [](const Line& line) -> Cell { return line.job.standing.skip_streak; }},
        {machine_column("held_until"),
         [](const Line& line) { return line.job.hold ? Cell(line.job.hold->until) : Cell(); }},
        {machine_column("held_by"),
         [](const Line& line) { return line.job.hold ? Cell(line.job.hold->by) : Cell(); }},
        {machine_column("hold_reason"),
         [](const Line& line) { return line.job.hold ? Cell(line.job.hold->reason) : Cell(); }},
        {machine_column("findings_critical"), findings_of<4>},
        {machine_column("findings_high"), findings_of<3>},
        {machine_column("findings_warn"), findings_of<2>},
        {machine_column("findings_low"), findings_of<1>},
        {machine_column("findings_info"), findings_of<0>},
        {machine_column("findings_acknowledged"),
         [](const Line& line) -> Cell { return line.job.standing.acknowledged_findings; }},
        {machine_column("metrics_sent"),
         [](const Line& line) {
             return of_last_run(line, [](const RunMark& run) { return run.metrics_sent; });
         }},
        {machine_column("metrics_dropped"),
         [](const Line& line) {
             return of_last_run(line, [](const RunMark& run) { return run.metrics_dropped; });
         }},
    };
    return columns;
}

std::string name_of(const JobStanding& standing) {
    return standing.target.empty() ? standing.job : standing.job + " " + standing.target;
}

}  // namespace

Table format_status(std::span<const JobHealth> jobs, WallTime now) {
    std::vector<Line> lines;
    lines.reserve(jobs.size());
    for (const JobHealth& job : jobs) {
        lines.push_back({.job = job, .now = now});
    }
    return make_table<Line>("", status_columns(), lines);
}

std::string summarize_status(std::span<const JobHealth> jobs) {
    std::string text;
    std::size_t ill = 0;
    for (const NagiosState state : {NagiosState::critical, NagiosState::warning}) {
        for (const JobHealth& job : jobs) {
            if (job.state == state && ++ill <= most_named) {
                text += fmt::format("{}{}: {}",
                                    text.empty() ? "" : "; ",
                                    name_of(job.standing),
                                    fmt::join(job.reasons, ", "));
            }
        }
    }
    if (ill == 0) {
        return fmt::format("{} job{}, all well", jobs.size(), jobs.size() == 1 ? "" : "s");
    }
    if (ill > most_named) {
        text += fmt::format("; and {} more", ill - most_named);
    }
    return fmt::format("{} of {} not well: {}", ill, jobs.size(), text);
}

std::vector<Metric> status_metrics(std::span<const JobHealth> jobs) {
    const auto count = [jobs](auto predicate) {
        return static_cast<double>(std::ranges::count_if(jobs, predicate));
    };
    std::vector<Metric> metrics{
        {.name = "jobs", .value = static_cast<double>(jobs.size())},
        {.name = "critical",
         .value = count([](const JobHealth& job) { return job.state == NagiosState::critical; })},
        {.name = "warning",
         .value = count([](const JobHealth& job) { return job.state == NagiosState::warning; })},
        {.name = "overdue", .value = count([](const JobHealth& job) {
                                return job.expected && job.expected->overdue;
                            })},
        {.name = "running",
         .value = count([](const JobHealth& job) { return job.running.has_value(); })},
        {.name = "held", .value = count([](const JobHealth& job) { return job.hold.has_value(); })},
    };
    double findings = 0;
    for (const JobHealth& job : jobs) {
        findings += static_cast<double>(count_open(job.standing));
    }
    metrics.push_back({.name = "findings", .value = findings});
    return metrics;
}

}  // namespace caretaker
