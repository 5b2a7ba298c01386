// SPDX-License-Identifier: Apache-2.0
#include "jobs/status/job_health.hpp"

#include "common/base/report.hpp"
#include "common/base/run_info.hpp"
#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t fewest_gaps = 3;
/// Runs that follow each other faster are a script or a test, no schedule.
constexpr milliseconds shortest_learnt = std::chrono::seconds(30);
constexpr std::int64_t many_skips = 3;
constexpr std::size_t undelivered_runs = 3;
constexpr std::size_t fewest_durations = 5;
constexpr std::int64_t slow_factor = 3;
constexpr milliseconds worth_a_word{10'000};  // a run as short as that is never called slow

milliseconds median_of(std::vector<milliseconds> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

bool is(const RunMark& mark, Outcome outcome) {
    return mark.outcome == to_string(outcome);
}

bool has_ended(const RunMark& mark) {
    return mark.outcome != "running";
}

std::string times(std::int64_t count) {
    return count == 2 ? "twice" : fmt::format("{} times", count);
}

/// Adds to one JobHealth, finding by finding.
class Judge {
 public:
    explicit Judge(const HealthFacts& facts) : facts_(facts), marks_(facts.standing.marks) {
        health_.standing = facts.standing;
        health_.hold = facts.hold;
        find_running();
    }

    JobHealth judge() {
        judge_time();
        judge_last_run();
        judge_skips();
        note_hold();
        note_duration();
        note_metrics();
        return std::move(health_);
    }

 private:
    void add(NagiosState state, std::string reason) {
        health_.state = worse_state(health_.state, state);
        health_.reasons.push_back(std::move(reason));
    }

    void find_running() {
        for (const RunUnderWay& run : facts_.under_way) {
            if (run.has_process || run.host != facts_.host) {
                health_.running = run;
            } else {
                add(NagiosState::critical,
                    fmt::format("run {} died without a word", short_run_id(run.uid)));
            }
        }
    }

    void judge_time() {
        const auto learnt = learn_interval(marks_);
        const auto every = facts_.configured_every ? facts_.configured_every : learnt;
        if (!every) {
            return;
        }
        Expectation expected{.every = *every, .configured = facts_.configured_every.has_value()};
        if (marks_.empty()) {
            if (!facts_.hold) {
                expected.overdue = true;
                add(NagiosState::critical,
                    fmt::format("no run yet; one is expected every {}", format_duration(*every)));
            }
            health_.expected = expected;
            return;
        }
        const WallTime last = marks_.front().started_at;
        expected.next = last + *every;
        const auto patience =
            milliseconds(std::llround(static_cast<double>(every->count()) * facts_.max_age));
        expected.overdue = !facts_.hold && facts_.now - last > patience;
        if (expected.overdue) {
            const bool is_running = health_.running && !has_ended(marks_.front());
            add(NagiosState::critical,
                is_running ? fmt::format("running for {}, though a run is expected every {}",
                                         format_duration(facts_.now - last),
                                         format_duration(*every))
                           : fmt::format("overdue by {}, expected every {}",
                                         format_duration(facts_.now - *expected.next),
                                         format_duration(*every)));
        }
        health_.expected = expected;
    }

    void judge_last_run() {
        const auto last = std::ranges::find_if(marks_, [](const RunMark& mark) {
            return has_ended(mark) && !is(mark, Outcome::skipped);
        });
        if (last == marks_.end() || is(*last, Outcome::ok)) {
            return;
        }
        const auto& open = facts_.standing.open_findings;
        const bool bad_findings = open.at(3) + open.at(4) > 0;
        const bool minor = is(*last, Outcome::partial) || is(*last, Outcome::interrupted) ||
                           (is(*last, Outcome::findings) && !bad_findings);
        std::string reason = "last run: " + last->outcome;
        if (last->exit_code && *last->exit_code != 0) {
            reason += fmt::format(" (exit {})", *last->exit_code);
        }
        if (facts_.standing.bad_streak > 1) {
            reason += fmt::format(", not good {} in a row", times(facts_.standing.bad_streak));
        }
        add(minor ? NagiosState::warning : NagiosState::critical, reason);
    }

    void judge_skips() {
        const std::int64_t streak = facts_.standing.skip_streak;
        if (streak >= many_skips) {
            add(NagiosState::warning,
                fmt::format("skipped {} in a row, another run has the lock", times(streak)));
        }
    }

    void note_hold() {
        if (facts_.hold) {
            add(NagiosState::ok,
                fmt::format("on hold until {}: {}",
                            format_rfc3339(facts_.hold->until),
                            facts_.hold->reason));
        }
    }

    void note_duration() {
        std::vector<milliseconds> durations;
        for (const RunMark& mark : marks_) {
            if (is(mark, Outcome::ok) && mark.duration) {
                durations.push_back(*mark.duration);
            }
        }
        if (durations.empty()) {
            return;
        }
        health_.median = median_of(durations);
        const auto last = std::ranges::find_if(marks_, has_ended);
        if (last != marks_.end() && last->duration && durations.size() >= fewest_durations &&
            *last->duration > worth_a_word && *last->duration > slow_factor * *health_.median) {
            add(NagiosState::ok,
                fmt::format("took {}, usually {}",
                            format_duration(*last->duration),
                            format_duration(*health_.median)));
        }
    }

    void note_metrics() {
        std::size_t undelivered = 0;
        for (const RunMark& mark : marks_) {
            if (!has_ended(mark)) {
                continue;
            }
            if (mark.metrics_dropped == 0 || ++undelivered == undelivered_runs) {
                break;
            }
        }
        if (undelivered == undelivered_runs) {
            add(NagiosState::ok,
                fmt::format("metrics of the last {} runs were lost; see caretaker statsd ping",
                            undelivered_runs));
        }
    }

    const HealthFacts& facts_;
    const std::vector<RunMark>& marks_;
    JobHealth health_{};
};

}  // namespace

std::optional<milliseconds> learn_interval(std::span<const RunMark> marks) {
    std::vector<milliseconds> gaps;
    std::optional<WallTime> later;
    for (const RunMark& mark : marks) {
        if (mark.trigger == "manual" || mark.attempt > 0) {
            continue;
        }
        if (later && *later > mark.started_at) {
            gaps.push_back(*later - mark.started_at);
        }
        later = mark.started_at;
    }
    if (gaps.size() < fewest_gaps) {
        return std::nullopt;
    }
    const milliseconds median = median_of(std::move(gaps));
    return median < shortest_learnt ? std::nullopt : std::optional(median);
}

JobHealth judge_job(const HealthFacts& facts) {
    return Judge(facts).judge();
}

NagiosState worse_state(NagiosState one, NagiosState other) {
    constexpr std::array worst_first{
        NagiosState::critical, NagiosState::warning, NagiosState::unknown};
    for (const NagiosState state : worst_first) {
        if (one == state || other == state) {
            return state;
        }
    }
    return NagiosState::ok;
}

}  // namespace caretaker
