// SPDX-License-Identifier: Apache-2.0
// What the runner makes of what a job does, with a job that does as it is told.
#include "common/cli/runner.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/config/settings.hpp"
#include "common/output/console.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

class StubJob final : public Job {
 public:
    std::function<Report(Context&)> work = [](Context&) { return Report{.summary = "looked"}; };

    void describe(CommandOptions& /*command*/) override {}

    Report run(Context& context) override { return work(context); }
};

struct StubThings {
    Words things{"a", "b"};
    std::vector<Problem> problems{};
    Words deleted{};
};

/// Plans to delete the things that it is given, and fails at those that begin with '!'.
class StubTask final : public UpkeepTask {
 public:
    explicit StubTask(StubThings& world) : world_(world) {}

    UpkeepPlan plan(std::span<const UnsettledAction> /*unsettled*/) override {
        UpkeepPlan plan{.universe = std::ssize(world_.things)};
        for (const std::string& thing : world_.things) {
            plan.actions.push_back({.kind = "delete", .subject = thing, .reason = "old"});
        }
        return plan;
    }

    void act(ActionExecutor& executor) override {
        for (std::size_t i = 0; i < executor.actions().size(); ++i) {
            executor.run(i, [&]() -> ActionResult {
                const std::string& thing = world_.things[i];
                if (thing == "!json") {
                    throw Error(ExitCode::failed, "json", "the answer cannot be read");
                }
                if (thing.starts_with('!')) {
                    return {
                        .state = ActionState::failed, .error = "no", .refused = thing == "!403"};
                }
                world_.deleted.push_back(thing);
                return {};
            });
        }
    }

    Report report(const ActionList& /*actions*/) override {
        return {.summary = "deleted", .problems = world_.problems};
    }

 private:
    StubThings& world_;
};

class StubUpkeepJob final : public UpkeepJob, public StubThings {
 public:
    void describe(CommandOptions& /*command*/) override {}

    std::unique_ptr<UpkeepTask> begin(Context& /*context*/) override {
        return std::make_unique<StubTask>(*this);
    }
};

class RunnerTest : public ::testing::Test {
 protected:
    FinishedRun run_with_store(const std::string& path) {
        world_.environment["XDG_RUNTIME_DIR"] = directory_.path().string();
        world_.environment["CARETAKER_HOST"] = "test-host";
        settings_.set({.spec = find_key("store.path"), .path = "store.path", .value = path});
        Job& job = info_.kind == JobKind::upkeep ? static_cast<Job&>(upkeep_) : job_;
        const RunRequest request{.info = info_,
                                 .job = job,
                                 .settings = settings_,
                                 .target = "prod",
                                 .options = options_};
        return run_recorded(request, world_, log_);
    }

    FinishedRun run() { return run_with_store(store_path()); }

    FinishedRun run_of(std::function<Report(Context&)> work) {
        job_.work = std::move(work);
        return run();
    }

    [[nodiscard]] std::string store_path() const { return directory_.file("caretaker.db"); }

    [[nodiscard]] RunRow stored() const {
        return Store::open({.path = store_path()})->find_run("last").value();
    }

    [[nodiscard]] bool sent(const std::string& line) const {
        return std::ranges::find(sent_->lines, line) != sent_->lines.end();
    }

    TempDir directory_{};
    std::shared_ptr<SentMetrics> sent_ = std::make_shared<SentMetrics>();
    FakeClock clock_{WallTime{std::chrono::seconds{4'000'000'000}}};  // after any build
    StopSignal stop_{};
    Console console_{-1};
    StatusLine status_{};
    World world_{
        .clock = clock_,
        .stop = stop_,
        .console = console_,
        .connect = {},
        .make_metric_sink = [this](const StatsdOptions&, Clock&, const StopSignal&)
            -> std::unique_ptr<MetricSink> { return std::make_unique<RecordingSink>(sent_); },
        .environment = {},
        .status = status_,
        .ask = [this](std::string_view, const StopSignal&) { return answer_; }};
    Settings settings_{};
    Log log_{LogLevel::off, LogFormat::plain};
    RunOptions options_{};
    JobInfo info_{.name = "stub"};
    StubJob job_{};
    StubUpkeepJob upkeep_{};
    std::optional<std::string> answer_{};
};

TEST_F(RunnerTest, RecordsARunAndSendsWhatItMeasured) {
    const FinishedRun finished = run_of([](Context& context) {
        EXPECT_NE(context.store, nullptr);
        return Report{.summary = "looked", .metrics = {{.name = "seen", .value = 7}}};
    });
    EXPECT_EQ(finished.outcome, Outcome::ok);
    EXPECT_EQ(finished.exit_code, ExitCode::ok);
    EXPECT_EQ(stored().uid, finished.info.uid);
    EXPECT_EQ(stored().outcome, "ok");
    EXPECT_EQ(stored().summary, "looked");
    EXPECT_TRUE(sent("caretaker.stub.prod.seen:7|g"));
    EXPECT_TRUE(sent("caretaker.stub.prod.run.ok:1|c"));
}

TEST_F(RunnerTest, MakesARunPartialThatHadProblems) {
    const FinishedRun finished = run_of([](Context&) {
        return Report{.summary = "looked",
                      .problems = {{.code = "half", .message = "one did not answer"}},
                      .items_seen = 2,
                      .items_failed = 1};
    });
    EXPECT_EQ(finished.outcome, Outcome::partial);
    EXPECT_EQ(finished.exit_code, ExitCode::partial);
    EXPECT_EQ(finished.report.summary, "looked");
    EXPECT_EQ(stored().outcome, "partial");
    EXPECT_EQ(stored().error_code, "");
}

TEST_F(RunnerTest, MakesARunDeniedThatMightSeeNothing) {
    const FinishedRun finished = run_of([](Context&) {
        return Report{.summary = "looked at nothing",
                      .problems = {{.code = "no_right", .message = "403", .denied = true}},
                      .items_seen = 1,
                      .items_failed = 1};
    });
    EXPECT_EQ(finished.outcome, Outcome::failed);
    EXPECT_EQ(finished.exit_code, ExitCode::denied);
    EXPECT_EQ(finished.report.summary, "authentication, permission or TLS verification refused");
    EXPECT_EQ(stored().error_code, "no_right");
}

TEST_F(RunnerTest, KeepsWhatAJobSaysItself) {
    const FinishedRun finished = run_of([](Context&) {
        return Report{.outcome = Outcome::failed,
                      .summary = "looked",
                      .problems = {{.code = "no_right", .denied = true}}};
    });
    EXPECT_EQ(finished.outcome, Outcome::failed);
    EXPECT_EQ(finished.exit_code, ExitCode::failed);
}

TEST_F(RunnerTest, RecordsHowAJobFailed) {
    const FinishedRun finished = run_of([](Context&) -> Report {
        throw RemoteError(RemoteFailure::unreachable, "es_down", "asking es1: no route; is it up?");
    });
    EXPECT_EQ(finished.outcome, Outcome::failed);
    EXPECT_EQ(finished.exit_code, ExitCode::unreachable);
    EXPECT_EQ(stored().error_code, "es_down");
    EXPECT_EQ(stored().error, "asking es1: no route; is it up?");
    EXPECT_EQ(stored().exit_code, 7);
    EXPECT_TRUE(sent("caretaker.stub.prod.run.failed:1|c"));
}

TEST_F(RunnerTest, SurvivesAJobWithAnErrorOfItsOwn) {
    const FinishedRun finished =
        run_of([](Context&) -> Report { throw std::logic_error("it cannot be"); });
    EXPECT_EQ(finished.exit_code, ExitCode::failed);
    EXPECT_EQ(stored().error_code, "internal");
    EXPECT_NE(stored().error.find("please report this"), std::string::npos);
}

TEST_F(RunnerTest, EndsAsInterruptedAfterASignal) {
    const FinishedRun finished = run_of([this](Context& context) -> Report {
        stop_.request(SIGTERM);
        context.stop.check();
        return {};
    });
    EXPECT_EQ(finished.outcome, Outcome::interrupted);
    EXPECT_EQ(finished.exit_code, ExitCode::terminated);
    EXPECT_EQ(stored().outcome, "interrupted");
}

TEST_F(RunnerTest, EndsAsTimeoutAtItsTimeLimit) {
    const FinishedRun finished = run_of([this](Context& context) -> Report {
        stop_.request(StopSignal::time_limit);
        context.stop.check();
        return {};
    });
    EXPECT_EQ(finished.outcome, Outcome::timeout);
    EXPECT_EQ(finished.exit_code, ExitCode::timeout);
}

TEST_F(RunnerTest, FailsOnFindingsOnlyWhenItIsToAndNobodyAcknowledgedThem) {
    const auto find = [](Context&) {
        return Report{.summary = "looked",
                      .findings = {{.code = "bad", .subject = "x", .severity = Severity::high}}};
    };
    EXPECT_EQ(run_of(find).exit_code, ExitCode::ok);
    options_.fail_on = Severity::warn;
    const FinishedRun finished = run_of(find);
    EXPECT_EQ(finished.exit_code, ExitCode::findings);
    EXPECT_EQ(finished.nagios, NagiosState::critical);
    options_.fail_on = Severity::critical;
    EXPECT_EQ(run_of(find).exit_code, ExitCode::ok);
}

TEST_F(RunnerTest, Returns0ForWhatTheCallerCallsASuccessAndKeepsTheOutcome) {
    options_.exit_zero = {ExitCode::partial};
    const FinishedRun finished = run_of([](Context&) {
        return Report{.problems = {{.code = "half"}}, .items_seen = 2, .items_failed = 1};
    });
    EXPECT_EQ(finished.exit_code, ExitCode::ok);
    EXPECT_EQ(stored().outcome, "partial");
    EXPECT_EQ(stored().exit_code, 0);
}

TEST_F(RunnerTest, TellsWhatStartedItWithoutASecret) {
    options_.trigger_ref = "https://anna:geheim12@ci.example/job/7";
    options_.trigger = "jenkins";
    EXPECT_EQ(run().info.trigger_ref, "https://***@ci.example/job/7");
    EXPECT_EQ(stored().trigger_ref, "https://***@ci.example/job/7");
    EXPECT_EQ(stored().trigger, "jenkins");
}

TEST_F(RunnerTest, GoesOnWithoutAStoreThatCannotBeUsed) {
    info_.kind = JobKind::check;
    const FinishedRun finished = run_with_store("/proc/nothing/caretaker.db");
    EXPECT_EQ(finished.outcome, Outcome::ok);
    EXPECT_TRUE(sent("caretaker.stub.prod.store.errors:1|c"));
}

TEST_F(RunnerTest, DoesNotLetAJobThatChangesThingsGoOnWithoutAStore) {
    info_.kind = JobKind::upkeep;
    options_.yes = true;
    for (const char* path : {"/proc/nothing/caretaker.db", "none"}) {
        const FinishedRun finished = run_with_store(path);
        EXPECT_EQ(finished.exit_code, ExitCode::store) << path;
        EXPECT_EQ(finished.outcome, Outcome::failed) << path;
        EXPECT_FALSE(finished.report.problems.empty()) << path;
        EXPECT_TRUE(sent("caretaker.stub.prod.run.exit_code:9|g")) << path;
    }
    EXPECT_TRUE(upkeep_.deleted.empty());
}

class UpkeepRunnerTest : public RunnerTest {
 protected:
    UpkeepRunnerTest() {
        info_.kind = JobKind::upkeep;
        options_.yes = true;
    }
};

TEST_F(UpkeepRunnerTest, CarriesOutThePlan) {
    const FinishedRun finished = run();
    EXPECT_EQ(finished.exit_code, ExitCode::ok);
    EXPECT_EQ(upkeep_.deleted, (Words{"a", "b"}));
    EXPECT_EQ(finished.report.actions.count(ActionState::done), 2);
    EXPECT_EQ(stored().actions_done, 2);
}

TEST_F(UpkeepRunnerTest, IsPartialWhenOneOfTheActionsFails) {
    upkeep_.things = {"a", "!b"};
    const FinishedRun finished = run();
    EXPECT_EQ(finished.outcome, Outcome::partial);
    EXPECT_EQ(finished.exit_code, ExitCode::partial);
    ASSERT_EQ(finished.report.problems.size(), 1U);
    EXPECT_EQ(finished.report.problems[0].subject, "!b");
}

TEST_F(UpkeepRunnerTest, GoesOnAfterAnAnswerThatCannotBeRead) {
    upkeep_.things = {"!json", "b"};
    const FinishedRun finished = run();
    EXPECT_EQ(finished.exit_code, ExitCode::partial);
    EXPECT_EQ(finished.report.actions.state(0), ActionState::unknown);
    EXPECT_EQ(upkeep_.deleted, Words{"b"});
}

TEST_F(UpkeepRunnerTest, IsDeniedWhenAllWereRefusedAndFailedElse) {
    upkeep_.things = {"!403", "!403"};
    EXPECT_EQ(run().exit_code, ExitCode::denied);
    upkeep_.things = {"!403", "!500"};
    EXPECT_EQ(run().exit_code, ExitCode::failed);
}

TEST_F(UpkeepRunnerTest, IsPartialWhenThePlanMissedSomething) {
    upkeep_.problems = {{.code = "unread", .message = "one index could not be read"}};
    const FinishedRun finished = run();
    EXPECT_EQ(upkeep_.deleted.size(), 2U);
    EXPECT_EQ(finished.exit_code, ExitCode::partial);
}

TEST_F(UpkeepRunnerTest, DoesNothingInADryRun) {
    options_.dry_run = true;
    const FinishedRun finished = run();
    EXPECT_EQ(finished.exit_code, ExitCode::ok);
    EXPECT_TRUE(upkeep_.deleted.empty());
    EXPECT_EQ(finished.report.actions.count(ActionState::would), 2);
}

TEST_F(UpkeepRunnerTest, DoesNothingWhenABrakeHolds) {
    options_.max_actions = 1;
    const FinishedRun finished = run();
    EXPECT_EQ(finished.outcome, Outcome::braked);
    EXPECT_EQ(finished.exit_code, ExitCode::braked);
    EXPECT_TRUE(upkeep_.deleted.empty());
    EXPECT_EQ(finished.report.actions.count(ActionState::skipped), 2);
    EXPECT_EQ(stored().actions_would, 0);
}

TEST_F(UpkeepRunnerTest, AsksThePersonAtTheTerminal) {
    options_.yes = false;
    answer_ = "n";
    FinishedRun finished = run();
    EXPECT_EQ(finished.outcome, Outcome::skipped);
    EXPECT_EQ(finished.exit_code, ExitCode::ok);
    EXPECT_TRUE(upkeep_.deleted.empty());
    answer_ = std::nullopt;  // the input ended
    EXPECT_EQ(run().outcome, Outcome::skipped);
    answer_ = "yes";
    EXPECT_EQ(run().outcome, Outcome::ok);
    EXPECT_EQ(upkeep_.deleted.size(), 2U);
}

TEST_F(UpkeepRunnerTest, DoesNothingByAClockThatIsBeforeTheBuild) {
    clock_.set_wall(WallTime{std::chrono::seconds{1'000'000'000}});
    const FinishedRun finished = run();
    EXPECT_EQ(finished.exit_code, ExitCode::braked);
    EXPECT_TRUE(upkeep_.deleted.empty());
}

}  // namespace
}  // namespace caretaker
