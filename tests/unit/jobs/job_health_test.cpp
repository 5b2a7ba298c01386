// SPDX-License-Identifier: Apache-2.0
// How the state of a job follows from its runs.
#include "jobs/status/job_health.hpp"

#include "common/base/run_info.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {

namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'777'777'777'000ms};

RunMark mark(std::chrono::milliseconds before_now, std::string outcome = "ok") {
    return {.uid = "019de7a1-aaaa-7000-8000-0000deadbeef",
            .started_at = now - before_now,
            .ended_at = now - before_now + 2s,
            .duration = 2s,
            .outcome = std::move(outcome),
            .exit_code = 0,
            .trigger = "chronos"};
}

/// Runs every five minutes, the newest a minute old; `newest_first` says how they ended.
HealthFacts facts_of(const std::vector<std::string>& newest_first) {
    HealthFacts facts{.host = "agent-1", .now = now};
    facts.standing.job = "lag";
    facts.standing.target = "prod";
    auto before = 1min;
    for (const std::string& outcome : newest_first) {
        facts.standing.marks.push_back(mark(before, outcome));
        before += 5min;
    }
    return facts;
}

std::string reasons_of(const HealthFacts& facts) {
    std::string text;
    for (const std::string& reason : judge_job(facts).reasons) {
        text += (text.empty() ? "" : "; ") + reason;
    }
    return text;
}

TEST(LearntInterval, IsTheMedianGapOfScheduledRuns) {
    const auto facts = facts_of({"ok", "ok", "failed", "ok"});
    EXPECT_EQ(learn_interval(facts.standing.marks), 5min);
    EXPECT_EQ(learn_interval(facts_of({"ok", "ok", "ok"}).standing.marks), std::nullopt)
        << "two gaps are no rhythm";
    EXPECT_EQ(learn_interval({}), std::nullopt);
}

TEST(LearntInterval, LeavesOutRepetitionsAndWhatPeopleStarted) {
    auto marks = facts_of({"ok", "ok", "ok", "ok"}).standing.marks;
    RunMark by_hand = mark(3min);
    by_hand.trigger = "manual";
    marks.insert(marks.begin() + 1, by_hand);
    RunMark retry = mark(5min + 30s);
    retry.attempt = 1;
    marks.insert(marks.begin() + 2, retry);
    EXPECT_EQ(learn_interval(marks), 5min);
}

TEST(LearntInterval, IsNotLearntFromRunsThatFollowEachOtherAtOnce) {
    for (const auto& [gap, expected] : std::vector<
             std::pair<std::chrono::milliseconds, std::optional<std::chrono::milliseconds>>>{
             {64ms, std::nullopt}, {29'999ms, std::nullopt}, {30s, 30s}, {1min, 1min}}) {
        std::vector<RunMark> marks;
        for (int i = 1; i <= 5; ++i) {
            marks.push_back(mark(std::chrono::duration_cast<std::chrono::milliseconds>(gap * i)));
        }
        EXPECT_EQ(learn_interval(marks), expected) << gap.count();
    }
}

TEST(LearntInterval, SurvivesAClockThatWasSetBack) {
    auto marks = facts_of({"ok", "ok", "ok", "ok", "ok"}).standing.marks;
    marks[2].started_at = now + 24h;
    EXPECT_EQ(learn_interval(marks), 5min);
}

TEST(JobHealth, IsWellWhenTheLastRunIsGoodAndRecent) {
    const JobHealth job = judge_job(facts_of({"ok", "failed", "ok", "ok"}));
    EXPECT_EQ(job.state, NagiosState::ok);
    EXPECT_TRUE(job.reasons.empty());
    ASSERT_TRUE(job.expected);
    EXPECT_FALSE(job.expected->configured);
    EXPECT_EQ(job.expected->next, now + 4min);
    EXPECT_EQ(job.median, 2s);
}

TEST(JobHealth, IsOverdueOnlyBeyondTheMultipleOfTheInterval) {
    HealthFacts facts = facts_of({"ok", "ok", "ok", "ok"});
    facts.now = now + 9min;  // ten minutes after the last start
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    facts.now += 1ms;
    EXPECT_EQ(judge_job(facts).state, NagiosState::critical);
    EXPECT_TRUE(judge_job(facts).expected->overdue);
    facts.max_age = 3;
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    facts.max_age = 2;
    facts.now = now + 14min;
    EXPECT_EQ(reasons_of(facts), "overdue by 10 min, expected every 5 min");
}

TEST(JobHealth, PrefersTheConfiguredInterval) {
    HealthFacts facts = facts_of({"ok", "ok", "ok", "ok"});
    facts.configured_every = 20s;
    EXPECT_TRUE(judge_job(facts).expected->configured);
    EXPECT_EQ(reasons_of(facts), "overdue by 40.0 s, expected every 20.0 s");
}

TEST(JobHealth, ExpectsNothingOfAJobThatPeopleStart) {
    HealthFacts facts = facts_of({"ok", "ok", "ok", "ok", "ok"});
    for (RunMark& run : facts.standing.marks) {
        run.trigger = "manual";
    }
    facts.now = now + 1000h;
    const JobHealth job = judge_job(facts);
    EXPECT_EQ(job.state, NagiosState::ok);
    EXPECT_FALSE(job.expected);
}

TEST(JobHealth, MissesAJobThatIsExpectedButNeverRan) {
    HealthFacts facts = facts_of({});
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    facts.configured_every = 24h;
    EXPECT_EQ(reasons_of(facts), "no run yet; one is expected every 1 d");
    EXPECT_EQ(judge_job(facts).state, NagiosState::critical);
}

TEST(JobHealth, IsNotOverdueOnHoldAndSaysWhy) {
    HealthFacts facts = facts_of({"ok", "ok", "ok", "ok"});
    facts.now = now + 5h;
    facts.hold = Hold{.scope = "lag", .until = now + 6h, .reason = "brokers move", .by = "ann"};
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    EXPECT_EQ(reasons_of(facts), "on hold until 2026-05-03T09:09:37.000Z: brokers move");
    facts.standing.marks.clear();
    facts.configured_every = 5min;
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
}

TEST(JobHealth, FollowsTheLastRunThatWasNotSkipped) {
    struct Case {
        std::string outcome{};
        NagiosState state{};
    };

    for (const Case& wanted : {Case{"ok", NagiosState::ok},
                               Case{"partial", NagiosState::warning},
                               Case{"interrupted", NagiosState::warning},
                               Case{"findings", NagiosState::warning},
                               Case{"failed", NagiosState::critical},
                               Case{"timeout", NagiosState::critical},
                               Case{"braked", NagiosState::critical},
                               Case{"lost", NagiosState::critical}}) {
        EXPECT_EQ(judge_job(facts_of({wanted.outcome, "ok"})).state, wanted.state)
            << wanted.outcome;
        EXPECT_EQ(judge_job(facts_of({"skipped", wanted.outcome, "ok"})).state, wanted.state)
            << "skipped after " << wanted.outcome;
    }
}

TEST(JobHealth, SaysHowTheLastRunEndedAndHowLongThatGoesOn) {
    HealthFacts facts = facts_of({"failed", "failed"});
    facts.standing.marks.front().exit_code = 7;
    facts.standing.bad_streak = 2;
    EXPECT_EQ(reasons_of(facts), "last run: failed (exit 7), not good twice in a row");
}

TEST(JobHealth, IsCriticalWhenBadFindingsEndedTheRun) {
    HealthFacts facts = facts_of({"findings"});
    facts.standing.open_findings = {0, 0, 4, 0, 0};
    EXPECT_EQ(judge_job(facts).state, NagiosState::warning);
    facts.standing.open_findings = {0, 0, 4, 1, 0};
    EXPECT_EQ(judge_job(facts).state, NagiosState::critical);
    facts.standing.marks.front().outcome = "ok";
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok) << "without --fail-on they do not count";
}

TEST(JobHealth, WarnsAtTheThirdSkipInARow) {
    HealthFacts facts = facts_of({"skipped", "skipped", "ok"});
    facts.standing.skip_streak = 2;
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    facts.standing.skip_streak = 3;
    EXPECT_EQ(judge_job(facts).state, NagiosState::warning);
    EXPECT_EQ(reasons_of(facts), "skipped 3 times in a row, another run has the lock");
}

TEST(JobHealth, TellsARunUnderWayFromOneThatDied) {
    HealthFacts facts = facts_of({"running", "ok", "ok", "ok"});
    const RunUnderWay run{.uid = "019de7a1-aaaa-7000-8000-0000deadbeef",
                          .job = "lag",
                          .target = "prod",
                          .host = "agent-1",
                          .started_at = now - 1min,
                          .has_process = true};
    facts.under_way = {run};
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    EXPECT_EQ(judge_job(facts).running->uid, run.uid);

    facts.under_way.front().has_process = false;
    EXPECT_EQ(reasons_of(facts), "run deadbeef died without a word");
    EXPECT_EQ(judge_job(facts).state, NagiosState::critical);
    EXPECT_FALSE(judge_job(facts).running);

    facts.under_way.front().host = "agent-2";  // whose processes are not seen from here
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
    EXPECT_TRUE(judge_job(facts).running);
}

TEST(JobHealth, IsOverdueWhenARunGoesOnForTooLong) {
    HealthFacts facts = facts_of({"running", "ok", "ok", "ok"});
    facts.under_way = {{.uid = "019de7a1-aaaa-7000-8000-0000deadbeef",
                        .host = "agent-1",
                        .started_at = now - 1min,
                        .has_process = true}};
    facts.now = now + 59min;
    EXPECT_EQ(reasons_of(facts), "running for 1 h, though a run is expected every 5 min");
}

TEST(JobHealth, RemarksOnARunThatTookMuchLongerThanUsual) {
    HealthFacts facts = facts_of({"ok", "ok", "ok", "ok", "ok", "ok"});
    facts.standing.marks.front().duration = 10s;
    EXPECT_EQ(reasons_of(facts), "") << "ten seconds are never worth a word";
    facts.standing.marks.front().duration = 11s;
    EXPECT_EQ(reasons_of(facts), "took 11.0 s, usually 2.0 s");
    EXPECT_EQ(judge_job(facts).state, NagiosState::ok);
}

TEST(JobHealth, RemarksOnMetricsThatAreLostRunAfterRun) {
    HealthFacts facts = facts_of({"running", "ok", "ok", "ok", "ok"});
    for (std::size_t i = 1; i < 3; ++i) {
        facts.standing.marks[i].metrics_dropped = 4;
    }
    EXPECT_EQ(reasons_of(facts), "");
    facts.standing.marks[3].metrics_dropped = 4;
    EXPECT_EQ(reasons_of(facts), "metrics of the last 3 runs were lost; see caretaker statsd ping");
}

TEST(WorseState, PutsCriticalBeforeWarningBeforeUnknown) {
    using enum NagiosState;
    EXPECT_EQ(worse_state(ok, ok), ok);
    EXPECT_EQ(worse_state(ok, unknown), unknown);
    EXPECT_EQ(worse_state(unknown, warning), warning);
    EXPECT_EQ(worse_state(critical, warning), critical);
}

}  // namespace

}  // namespace caretaker
