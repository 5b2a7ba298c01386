// SPDX-License-Identifier: Apache-2.0
// The job's gather and report through librdkafka, over the wire protocol of a fake cluster.
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/kafka/connection_closer.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_report.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/support/held_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace caretaker {
namespace {

using sandbox::FakeCommit;
using sandbox::FakeCommits;
using sandbox::FakeGroup;
using sandbox::FakeKafkaCluster;
using sandbox::FakeTopic;
using sandbox::KafkaApi;
using sandbox::KafkaScenario;
using Words = std::vector<std::string>;

constexpr std::uint64_t seed = 1;

/// Short, for the tests in which a broker does not answer.
constexpr std::chrono::milliseconds patience{1'000};

Report run_lag(FakeKafkaCluster& cluster, LagView view, const LagFilters& filters = {}) {
    const StopSignal stop;
    ConnectionCloser closer;
    const auto client =
        make_rdkafka_client({.properties = {{"bootstrap.servers", cluster.bootstrap_servers()}},
                             .request_timeout = patience},
                            stop,
                            closer);
    Report report =
        report_lag(measure_lag(gather_lag(*client, LagSelection(filters))), {.view = view});
    report.table = hold_rows(std::move(report.table));
    return report;
}

Cell cell(const Report& report, const std::vector<Cell>& row, std::string_view key) {
    const auto column = std::ranges::find(report.table.columns, key, &Column::key);
    EXPECT_NE(column, report.table.columns.end()) << key;
    return row.at(static_cast<std::size_t>(column - report.table.columns.begin()));
}

std::string text(const Report& report, const std::vector<Cell>& row, std::string_view key) {
    const Cell value = cell(report, row, key);
    if (const auto* word = std::get_if<std::string>(&value)) {
        return *word;
    }
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? std::to_string(*number) : "none";
}

/// Group, topic, partition → lag, from the rows by partition; those without a lag are left out.
using Lags = std::map<std::tuple<std::string, std::string, std::int64_t>, std::int64_t>;

Lags lags_of(const Report& report) {
    Lags lags;
    for (const auto& row : report.table.rows) {
        const Cell lag = cell(report, row, "lag");
        if (const auto* known = std::get_if<std::int64_t>(&lag)) {
            lags[{text(report, row, "group"),
                  text(report, row, "topic"),
                  std::get<std::int64_t>(cell(report, row, "partition"))}] = *known;
        }
    }
    return lags;
}

/// The same from what the cluster holds.
Lags lags_of(KafkaScenario scenario) {
    Lags lags;
    for (const FakeGroup& group : scenario.groups) {
        for (const FakeCommits& commits : group.commits) {
            const FakeTopic* topic = find_topic(scenario, commits.topic);
            for (const FakeCommit& commit : commits.commits) {
                if (topic != nullptr) {
                    const auto& log =
                        topic->partitions.at(static_cast<std::size_t>(commit.partition));
                    lags[{group.name, commits.topic, commit.partition}] =
                        std::max<std::int64_t>(0, log.log_end - commit.offset);
                }
            }
        }
    }
    return lags;
}

/// The rows of one group as "topic/partition state".
Words states_of(const Report& report, std::string_view group) {
    Words states;
    for (const auto& row : report.table.rows) {
        if (text(report, row, "group") == group) {
            states.push_back(text(report, row, "topic") + "/" + text(report, row, "partition") +
                             " " + text(report, row, "condition"));
        }
    }
    return states;
}

Words codes(const Report& report) {
    Words codes;
    std::ranges::transform(report.problems, std::back_inserter(codes), &Problem::code);
    return codes;
}

TEST(LagOverRdKafka, FindsTheLagOfEveryPartitionOfEveryGroup) {
    const KafkaScenario scenario = sandbox::make_demo_scenario(seed);
    FakeKafkaCluster cluster(scenario);
    const Report report = run_lag(cluster, LagView::partition);
    EXPECT_TRUE(report.problems.empty()) << testing::PrintToString(codes(report));
    EXPECT_EQ(lags_of(report), lags_of(scenario));
    EXPECT_EQ(cluster.bad_requests(), 0U);
}

TEST(LagOverRdKafka, TellsLostAheadUncommittedAndDeletedApart) {
    FakeKafkaCluster cluster(sandbox::make_demo_scenario(seed));
    const Report report = run_lag(cluster, LagView::partition);
    EXPECT_EQ(states_of(report, sandbox::demo::lost_records_group).at(0), "logs-audit/0 lost");
    EXPECT_EQ(states_of(report, sandbox::demo::ahead_group).at(3), "logs-mesos-agent/3 ahead");
    EXPECT_EQ(states_of(report, sandbox::demo::no_commit_group).at(1),
              "metrics-containers/1 no_commit");
    EXPECT_EQ(states_of(report, sandbox::demo::deleted_topic_group).back(),
              "logs-syslog-legacy/2 unknown_topic");
    Words findings;
    for (const Finding& finding : report.findings) {
        findings.push_back(finding.code + " " + finding.subject);
    }
    EXPECT_EQ(findings, (Words{"records_lost group security-audit topic logs-audit"}))
        << "one run alone does not find commits ahead";
}

TEST(LagOverRdKafka, NamesTheKindsOfGroups) {
    FakeKafkaCluster cluster(sandbox::make_demo_scenario(seed));
    const Report report = run_lag(cluster, LagView::group);
    std::map<std::string, std::string> kinds;
    for (const auto& row : report.table.rows) {
        kinds[text(report, row, "group")] = text(report, row, "kind") + " " +
                                            text(report, row, "reading") + " " +
                                            text(report, row, "members");
    }
    EXPECT_EQ(kinds["elasticsearch-indexer"], "classic measured 4");
    EXPECT_EQ(kinds["mesos-state-tracker"], "consumer measured none");
    EXPECT_EQ(kinds["log-sampling"], "share not_measured none");
    EXPECT_EQ(kinds["connect-s3-archive"], "connect not_measured 2");
}

TEST(LagOverRdKafka, BatchesRequestsByGroupAndByLeader) {
    constexpr int groups = 20;
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(10, 30, groups, 30));
    const Report report = run_lag(cluster, LagView::group);
    EXPECT_EQ(report.table.rows.size(), 20U);
    EXPECT_EQ(report.items_seen, groups * 30);
    EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch), 20U);
    // 300 partitions on 3 leaders: starts and ends of each in one request.
    EXPECT_EQ(cluster.requests(KafkaApi::list_offsets), 6U);
    EXPECT_EQ(cluster.requests(KafkaApi::describe_groups), 3U);
    EXPECT_EQ(cluster.bad_requests(), 0U);
}

TEST(LagOverRdKafka, DoesNotAskForWhatIsFilteredOut) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(4, 30, 4, 30));
    const Report report =
        run_lag(cluster,
                LagView::partition,
                {.excluded_groups = {"group-000"}, .excluded_topics = {"topic-00[123]"}});
    EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch), 3U);
    EXPECT_EQ(cluster.requests(KafkaApi::list_offsets), 0U);
    EXPECT_TRUE(report.table.rows.empty());
}

TEST(LagOverRdKafka, ReadsTheRestWhenOneBrokerDoesNotAnswer) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 30, 6, 30));
    cluster.set_fault("hang:api=ListOffsets,broker=1");
    const Report report = run_lag(cluster, LagView::partition);
    EXPECT_EQ(codes(report), Words{"partition_timed_out"});
    EXPECT_EQ(report.problems.at(0).subject, "broker 1");
    EXPECT_EQ(report.items_seen, 180);
    EXPECT_EQ(report.items_failed, 60);
    EXPECT_EQ(lags_of(report).size(), 120U);
}

TEST(LagOverRdKafka, SaysThatGroupsMayBeMissingWhenABrokerIsDead) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 30, 6, 30));
    cluster.set_fault("dead:broker=2");
    const Report report = run_lag(cluster, LagView::partition);
    EXPECT_EQ(codes(report).at(0), "listing_timed_out") << testing::PrintToString(codes(report));
    EXPECT_FALSE(lags_of(report).empty());
}

TEST(LagOverRdKafka, ReadsAllThatIsNotOfASilentBrokerAndAsksThatOneOnlyForItsGroups) {
    const KafkaScenario scenario = sandbox::make_demo_scenario(seed);
    const auto whole = lags_of(scenario);
    for (const std::string fault : {"silent:broker=2", "hang:broker=2"}) {
        FakeKafkaCluster cluster(scenario);
        cluster.set_fault(fault);
        const Report report = run_lag(cluster, LagView::partition);
        EXPECT_EQ(codes(report), (Words{"listing_timed_out", "partition_timed_out"})) << fault;
        EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch, 2), 0U) << fault;
        EXPECT_EQ(cluster.requests(KafkaApi::list_offsets, 2), 0U) << fault;
        for (const auto& row : report.table.rows) {
            const bool is_of_broker = text(report, row, "leader") == "2";
            EXPECT_EQ(text(report, row, "condition") == "timed_out", is_of_broker) << fault;
        }
        for (const auto& [where, lag] : lags_of(report)) {
            EXPECT_EQ(lag, whole.at(where)) << fault;
        }
    }
}

TEST(LagOverRdKafka, ReadsOtherGroupsWhenOneIsForbidden) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 30, 3, 20));
    cluster.set_fault("error:code=GROUP_AUTHORIZATION_FAILED,group=group-001");
    const Report report = run_lag(cluster, LagView::group);
    EXPECT_EQ(codes(report), Words{"group_forbidden"});
    EXPECT_EQ(report.items_seen, 41) << "the partitions of the others, and the group itself";
    EXPECT_EQ(report.items_failed, 1);
    EXPECT_EQ(text(report, report.table.rows.back(), "group"), "group-001");
    EXPECT_EQ(text(report, report.table.rows.back(), "lag"), "none");
}

TEST(LagOverRdKafka, AsksPartitionByPartitionWhereAllPartitionsComeBackEmpty) {
    const KafkaScenario scenario = sandbox::make_grid_scenario(2, 30, 3, 20);
    FakeKafkaCluster cluster(scenario);
    cluster.set_fault("empty-null");
    EXPECT_EQ(lags_of(run_lag(cluster, LagView::partition)), lags_of(scenario));
}

TEST(LagOverRdKafka, MeasuresNamedGroupsOfABrokerThatCannotListThem) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 30, 3, 20));
    cluster.set_fault("hide:api=ListGroups");
    const Report named = run_lag(cluster, LagView::group, {.groups = {"group-001"}});
    EXPECT_TRUE(named.problems.empty()) << testing::PrintToString(codes(named));
    EXPECT_EQ(named.items_seen, 20);
    const Report all = run_lag(cluster, LagView::group);
    EXPECT_EQ(codes(all).at(0), "listing_unsupported");
}

TEST(LagOverRdKafka, ReportsANamedGroupThatDoesNotExist) {
    FakeKafkaCluster cluster(sandbox::make_demo_scenario(seed));
    const Report report =
        run_lag(cluster, LagView::group, {.groups = {"no-such-group", "elasticsearch-indexer"}});
    EXPECT_EQ(codes(report), Words{"group_not_found"});
    EXPECT_EQ(text(report, report.table.rows.back(), "state"), "NotFound");
}

TEST(LagOverRdKafka, ShowsPartitionsWithoutLeaderAndGroupsThatMayHide) {
    FakeKafkaCluster cluster(sandbox::make_demo_scenario(seed));
    cluster.set_leader("logs-audit", 1, -1);
    const Report leaderless = run_lag(cluster, LagView::partition, {.groups = {"security-audit"}});
    EXPECT_EQ(codes(leaderless), Words{"partition_no_leader"});
    EXPECT_EQ(states_of(leaderless, "security-audit").at(1), "logs-audit/1 no_leader");

    for (std::int32_t partition = 0; partition < 12; ++partition) {
        cluster.set_leader("__consumer_offsets", partition, -1);
    }
    const Report hidden = run_lag(cluster, LagView::group);
    EXPECT_EQ(codes(hidden).at(0), "listing_no_leader") << testing::PrintToString(codes(hidden));
}

TEST(LagOverRdKafka, IsUnreachableWithoutAnyBroker) {
    const StopSignal stop;
    ConnectionCloser closer;
    const auto client = make_rdkafka_client(
        {.properties = {{"bootstrap.servers", "127.0.0.1:1"}}, .connect_timeout = patience},
        stop,
        closer);
    try {
        gather_lag(*client, LagSelection(LagFilters{}));
        FAIL() << "no error";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
    }
}

}  // namespace
}  // namespace caretaker
