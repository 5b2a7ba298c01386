// SPDX-License-Identifier: Apache-2.0
// The job from its command line to its report, over a cluster in memory.
#include "jobs/lag/lag_job.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_kafka.hpp"
#include "tests/support/held_rows.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

class LagJob : public testing::Test {
 protected:
    /// The report of `caretaker lag ARGUMENTS` for the target "prod".
    Report run(const std::string& arguments) {
        const std::unique_ptr<Job> job = make_lag_job();
        CLI::App app;
        CommandOptions command(app);
        job->describe(command);
        app.parse(arguments);
        const Connectors connectors = kafka.connectors();
        const RunInfo info{.job = "lag", .target = "prod"};
        Context context{clock, connectors, store.get(), log, settings, stop, info};
        context.audience = audience;
        job->configure(settings, info.target);
        Report report = job->run(context);
        plugin_state = job->plugin_state(report);
        report.table = hold_rows(std::move(report.table));
        return report;
    }

    FakeClock clock;
    Audience audience;
    std::unique_ptr<Store> store;
    std::optional<NagiosState> plugin_state;
    FakeKafka kafka;
    Settings settings;
    StopSignal stop;
    Log log{LogLevel::off, LogFormat::plain};
};

TEST_F(LagJob, MeasuresTheClusterThatAFlagNames) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    const Report report = run("--bootstrap-server k:9092");
    EXPECT_EQ(report.summary, "1 group, 1 partition, lag 6, largest g t/0 (6)");
    ASSERT_EQ(kafka.connected_with.size(), 1U);
    EXPECT_EQ(kafka.connected_with[0].properties.back().second, "k:9092");
}

TEST_F(LagJob, TakesEachFilterRepeatedly) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.add_topic("u", 1, 0, 10);
    for (const char* name : {"a1", "a2", "b1", "b2"}) {
        kafka.groups[name].commits = {{{"t", 0}, 1}, {{"u", 0}, 1}};
    }
    const Report report =
        run("--bootstrap-server k:9092 --by partition --group 'a*' --group 'b*' --exclude-group a1 "
            "--exclude-group b1 --topic t --topic u --exclude-topic u");
    EXPECT_EQ(report.table.rows.size(), 2U);
    EXPECT_EQ(kafka.calls.fetched_groups, (std::vector<std::string>{"a2", "b2"}));
}

TEST_F(LagJob, ShowsTheViewThatIsAskedFor) {
    EXPECT_EQ(run("--bootstrap-server k:9092").table.columns.at(2).key, "state");
    EXPECT_EQ(run("--bootstrap-server k:9092 --by group").table.columns.at(2).key, "state");
    EXPECT_EQ(run("--bootstrap-server k:9092 --by topic").table.columns.at(3).key, "partitions");
    EXPECT_EQ(run("--bootstrap-server k:9092 --by partition").table.columns.at(2).key, "partition");
}

TEST_F(LagJob, RefusesWrongOptionsBeforeAnythingIsAsked) {
    EXPECT_THROW(run("--by shard"), CLI::ParseError);
    EXPECT_THROW(run("--group '/[/'"), CLI::ParseError);
    EXPECT_THROW(run("--group a b"), CLI::ParseError);
    EXPECT_THROW(run("--status BROKEN"), CLI::ParseError);
    EXPECT_THROW(run("--min-lag -1"), CLI::ParseError);
    EXPECT_THROW(run("--min-lag 1k"), CLI::ParseError);
    EXPECT_THROW(run("--min-lag 9999999999999999999"), CLI::ParseError);
    EXPECT_THROW(run("--bootstrap-server k:9092 --state running"), UsageError);
    EXPECT_THROW(run("--bootstrap-server k:9092 --sla soon"), UsageError);
    EXPECT_THROW(run("-X nonsense"), UsageError);
    EXPECT_THROW(run("-X sasl.password=hunter2"), UsageError);
    EXPECT_TRUE(kafka.connected_with.empty());
}

TEST_F(LagJob, NeedsAClusterToAsk) {
    EXPECT_THROW(run(""), UsageError);
    EXPECT_TRUE(kafka.connected_with.empty());
}

TEST_F(LagJob, TellsWhatItIsInTheRegistry) {
    const JobEntry entry = lag_job_entry();
    EXPECT_EQ(entry.info.name, "lag");
    EXPECT_EQ(entry.info.kind, JobKind::check);
    EXPECT_NE(entry.make(), nullptr);
}

TEST_F(LagJob, TellsTheRunnerWhatItWasDeniedAndHowMuchCameThrough) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].offsets_problem = {KafkaFailure::forbidden, "no"};
    const Report nothing = run("--bootstrap-server k:9092 --group g");
    ASSERT_EQ(nothing.problems.size(), 1U);
    EXPECT_TRUE(nothing.problems[0].denied);
    EXPECT_EQ(nothing.items_seen, nothing.items_failed);
    kafka.groups["h"].commits = {{{"t", 0}, 4}};
    const Report some = run("--bootstrap-server k:9092");
    EXPECT_EQ(some.items_seen, some.items_failed + 1);
}

TEST_F(LagJob, JudgesByWhatTheStoreKeptOfEarlierRuns) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    for (int minute = 0; minute < 5; ++minute) {
        run("--bootstrap-server k:9092");
        EXPECT_EQ(plugin_state, NagiosState::ok) << minute;
        clock.advance(std::chrono::minutes(1));
        kafka.topics["t"].partitions[0].end += 10;
    }
    const Report report = run("--bootstrap-server k:9092");
    EXPECT_EQ(plugin_state, NagiosState::critical);
    EXPECT_EQ(report.summary,
              "1 group, 1 ERR (g t/0 STOP), 1 partition, lag 56, largest g t/0 (56)");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].code, "consumer_stopped");
    EXPECT_EQ(report.findings[0].subject, "group g topic t");
    EXPECT_EQ(report.findings[0].message,
              "group g commits nothing any more on t/0 (lag 56); is the consumer running?");
}

TEST_F(LagJob, LeavesFindingsOfAGroupItCouldNotReadAlone) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].offsets_problem = {KafkaFailure::timed_out, "no"};
    kafka.groups["h"].commits = {{{"t", 0}, 4}};
    const Report report = run("--bootstrap-server k:9092");
    EXPECT_FALSE(report.looked_at({.data = {{"group", "g"}}}));
    EXPECT_TRUE(report.looked_at({.data = {{"group", "h"}}}));
    EXPECT_EQ(plugin_state, NagiosState::unknown);
}

TEST_F(LagJob, IsPartialWhereAllGroupsOfTheLastHourAreGone) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    run("--bootstrap-server k:9092");
    kafka.groups.clear();
    clock.advance(std::chrono::minutes(1));
    EXPECT_TRUE(run("--bootstrap-server k:9092 --group 'x*'").problems.empty());
    clock.advance(std::chrono::minutes(1));
    const Report report = run("--bootstrap-server k:9092");
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].code, "groups_vanished");
    EXPECT_EQ(plugin_state, NagiosState::unknown);
}

TEST_F(LagJob, KeepsNothingOfAnotherClusterUnderTheNameOfTheTarget) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    run("--bootstrap-server k:9092");
    kafka.cluster_id = "replaced";
    kafka.groups.clear();
    kafka.groups["h"].commits = {{{"t", 0}, 4}};
    clock.advance(std::chrono::minutes(1));
    const Report other = run("--bootstrap-server k:9092");
    ASSERT_EQ(other.problems.size(), 1U);
    EXPECT_EQ(other.problems[0].code, "another_cluster");
    EXPECT_FALSE(other.looked_at({.data = {{"group", "g"}}}));
    EXPECT_TRUE(std::ranges::none_of(other.metrics, [](const Metric& metric) {
        return metric.labels == std::vector<Label>{{"group", "g"}};
    })) << "it is not gone";
    clock.advance(std::chrono::minutes(61));
    EXPECT_TRUE(run("--bootstrap-server k:9092").problems.empty()) << "it was replaced";
}

TEST_F(LagJob, MissesAPartitionWhoseRecordWasAskedForAndThatNobodyReads) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    const Report report = run("--bootstrap-server k:9092 --exact t:7 --exact nosuch:0");
    std::vector<std::string> missed;
    for (const Problem& problem : report.problems) {
        missed.push_back(problem.code + " " + problem.subject);
    }
    EXPECT_EQ(missed, (std::vector<std::string>{"record_unknown t:7", "record_unknown nosuch:0"}));
}

TEST_F(LagJob, MissesNoGroupWhereItsTopicsAreNotAskedFor) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    run("--bootstrap-server k:9092");
    clock.advance(std::chrono::minutes(1));
    EXPECT_TRUE(run("--bootstrap-server k:9092 --topic 'other*'").problems.empty());
}

TEST_F(LagJob, FindsCommitsBeyondTheEndInTwoRuns) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 2, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 99}, {{"t", 1}, 10}};
    EXPECT_TRUE(run("--bootstrap-server k:9092").findings.empty()) << "a race, perhaps";
    clock.advance(std::chrono::minutes(1));
    const Report ahead = run("--bootstrap-server k:9092");
    ASSERT_EQ(ahead.findings.size(), 1U);
    EXPECT_EQ(ahead.findings[0].code, "commit_ahead");
    EXPECT_EQ(ahead.findings[0].subject, "group g topic t");
    EXPECT_EQ(ahead.findings[0].severity, Severity::low);
}

TEST_F(LagJob, SaysOfListsThatAreForbiddenNothingElse) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    run("--bootstrap-server k:9092");
    kafka.groups["g"].listed = false;
    kafka.listing_problems = {{KafkaFailure::forbidden, "not authorized", 1}};
    clock.advance(std::chrono::minutes(1));
    const Report report = run("--bootstrap-server k:9092");
    EXPECT_FALSE(report.problems.empty());
    for (const Problem& problem : report.problems) {
        EXPECT_TRUE(problem.denied) << problem.message;
        EXPECT_NE(problem.code, "groups_vanished");
    }
}

TEST_F(LagJob, IsUnreachableOrFailsWhereNoBrokerListsItsGroups) {
    kafka.brokers = {{.id = 1, .host = "k", .port = 9092}};
    kafka.listing_problems = {{KafkaFailure::timed_out, "Local: Timed out", 1}};
    try {
        run("--bootstrap-server k:9092");
        ADD_FAILURE() << "no error";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
    }
    kafka.listing_problems = {{KafkaFailure::unsupported, "not known", 1}};
    EXPECT_EQ(run("--bootstrap-server k:9092").outcome, Outcome::failed);
    kafka.listing_problems = {{KafkaFailure::forbidden, "not authorized", 1}};
    EXPECT_EQ(run("--bootstrap-server k:9092").outcome, Outcome::ok) << "a refusal for the runner";
    kafka.brokers.push_back({.id = 2, .host = "l", .port = 9092});
    kafka.listing_problems = {{KafkaFailure::timed_out, "Local: Timed out", 1}};
    EXPECT_EQ(run("--bootstrap-server k:9092").outcome, Outcome::ok) << "the other one answered";
}

TEST_F(LagJob, FindsGroupsAgainThatTheirBrokerForgotToList) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    kafka.groups["h"].commits = {{{"t", 0}, 4}};
    run("--bootstrap-server k:9092");
    kafka.groups["h"].listed = false;
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(run("--bootstrap-server k:9092").table.rows.size(), 2U);
    kafka.groups["h"].offsets_problem = {KafkaFailure::loading, "not yet"};
    clock.advance(std::chrono::minutes(1));
    const Report report = run("--bootstrap-server k:9092");
    EXPECT_EQ(report.table.rows.size(), 2U);
    EXPECT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(plugin_state, NagiosState::unknown);
    kafka.groups.erase("h");
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(run("--bootstrap-server k:9092").table.rows.size(), 1U);
    clock.advance(std::chrono::minutes(1));
    run("--bootstrap-server k:9092");
    EXPECT_EQ(kafka.calls.fetched_groups.back(), "g") << "told as gone, it is not asked for again";
}

TEST_F(LagJob, ShowsWhatHasAStatusAndIsFarBehind) {
    kafka.add_topic("t", 1, 0, 1'000);
    kafka.add_topic("lost", 1, 500, 1'000);
    kafka.groups["small"].commits = {{{"t", 0}, 990}};
    kafka.groups["large"].commits = {{{"t", 0}, 10}};
    kafka.groups["losing"].commits = {{{"lost", 0}, 10}};
    const auto groups = [&](const std::string& arguments) {
        std::vector<std::string> names;
        for (const auto& row : run("--bootstrap-server k:9092 " + arguments).table.rows) {
            names.push_back(std::get<std::string>(row.at(0)));
        }
        return names;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(groups("--min-lag 100"), (Names{"losing", "large"}));
    EXPECT_EQ(groups("--status err"), Names{"losing"});
    EXPECT_EQ(groups("--status LOST --by partition"), Names{"losing"});
    EXPECT_EQ(groups("--status OK --status ERR --min-lag 11"), (Names{"losing", "large"}));
    EXPECT_EQ(groups("--status STOP"), Names{});
}

TEST_F(LagJob, LeavesFindingsOfGroupsInOtherStatesAlone) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    kafka.groups["h"].commits = {{{"t", 0}, 4}};
    kafka.groups["h"].state = "Empty";
    const Report report = run("--bootstrap-server k:9092 --state stable");
    EXPECT_EQ(report.table.rows.size(), 1U);
    EXPECT_TRUE(report.looked_at({.data = {{"group", "g"}}}));
    EXPECT_FALSE(report.looked_at({.data = {{"group", "h"}}}));
}

TEST_F(LagJob, DrawsTheTrendForAPersonAlone) {
    store = Store::open({.path = ":memory:"});
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    const RunInfo earlier{.uid = "r1", .job = "lag", .target = "prod", .started_at = clock.now()};
    Report past;
    past.samples = {{.series = "lag.lag", .labels = {{"group", "g"}}, .value = 3}};
    store->close_run(store->begin_run(earlier), {.report = past, .ended_at = clock.now()});
    clock.advance(std::chrono::minutes(1));
    const auto keys = [&] {
        std::vector<std::string> found;
        for (const Column& column : run("--bootstrap-server k:9092").table.columns) {
            found.push_back(column.key);
        }
        return found;
    };
    EXPECT_EQ(std::ranges::count(keys(), std::string("trend")), 0);
    clock.advance(std::chrono::minutes(1));
    audience = {.person = true, .ascii = true};
    const Report report = run("--bootstrap-server k:9092");
    const auto column =
        std::ranges::find(report.table.columns, std::string_view("trend"), &Column::key);
    ASSERT_NE(column, report.table.columns.end());
    EXPECT_EQ(
        report.table.rows.at(0).at(static_cast<std::size_t>(column - report.table.columns.begin())),
        Cell("=#"));
}

TEST_F(LagJob, ReadsTheTimeOfTheNextRecordExactly) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    kafka.topics["t"].partitions[0].written = {{4, clock.now() - std::chrono::minutes(7)}};
    const std::string arguments = "--bootstrap-server k:9092 --by partition";
    const auto time_lag = [&](const std::string& more) {
        const Report report = run(arguments + more);
        const auto column =
            std::ranges::find(report.table.columns, std::string_view("time_lag"), &Column::key);
        return report.table.rows.at(0).at(
            static_cast<std::size_t>(column - report.table.columns.begin()));
    };
    EXPECT_EQ(time_lag(""), Cell()) << "one run cannot know it otherwise";
    EXPECT_EQ(time_lag(" --exact t:0"), Cell("7 min"));
    EXPECT_THROW(run(arguments + " --exact t"), CLI::ParseError);
    std::string many = arguments;
    for (int i = 0; i < 21; ++i) {
        many += " --exact t:" + std::to_string(i);
    }
    EXPECT_THROW(run(many), UsageError);
}

TEST_F(LagJob, SaysWhyTheTimeOfARecordIsNotKnown) {
    kafka.add_topic("t", 1, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 4}};
    const Report report = run("--bootstrap-server k:9092 --exact t:0");
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].code, "record_timed_out");
    EXPECT_EQ(report.problems[0].subject, "t/0");
}

TEST_F(LagJob, ListsThePropertiesOfTheLibraryWithoutACluster) {
    const std::string list = run("properties").document;
    EXPECT_NE(list.find("sasl.username"), std::string::npos);
    EXPECT_NE(list.find("ssl.ca.location"), std::string::npos);
    EXPECT_TRUE(kafka.connected_with.empty());
}

}  // namespace
}  // namespace caretaker
