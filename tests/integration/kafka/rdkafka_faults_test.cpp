// SPDX-License-Identifier: Apache-2.0
// The real client in front of brokers that fail in part: what is lost, what is not, and that
// nothing crashes or hangs.
#include "common/base/error.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "tests/integration/kafka/kafka_answers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::FakeKafkaCluster;
using sandbox::KafkaApi;

KafkaFailure failure_of(const GroupOffsets& answer) {
    return answer.problem ? answer.problem->failure : KafkaFailure::none;
}

std::vector<KafkaFailure> failures_of(const std::vector<LogOffsets>& answers) {
    std::vector<KafkaFailure> failures;
    for (const auto& answer : answers) {
        failures.push_back(answer.failure);
    }
    return failures;
}

bool has_problem(const GroupListing& listing, KafkaFailure failure) {
    return std::ranges::any_of(listing.problems, [&](const KafkaProblem& problem) {
        return problem.failure == failure && !problem.text.empty();
    });
}

/// A topic of many partitions and one group, in a cluster of that many brokers.
sandbox::KafkaScenario make_wide_scenario(std::int32_t partitions) {
    sandbox::KafkaScenario scenario;
    scenario.topics.push_back(sandbox::make_topic("wide", partitions, 5, 1000));
    return scenario;
}

// ---- groups

TEST(KafkaGroups, OfOtherBrokersAreListedWhenOneIsDead) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster));
    const auto home = cluster.coordinator_of("classic");
    cluster.set_fault("dead:broker=" + std::to_string(home));
    const auto listing = client.groups({"classic"});
    EXPECT_TRUE(has_problem(listing, KafkaFailure::timed_out));
    EXPECT_EQ(group_named(listing, "classic").kind, GroupKind::unknown);
    for (const auto* other : {"simple", "modern"}) {
        if (cluster.coordinator_of(other) != home) {
            const auto group = group_named(listing, other);
            EXPECT_NE(group.kind, GroupKind::unknown)
                << other << ": " << (group.problem ? group.problem->text : "no problem");
        }
    }
}

TEST(KafkaGroups, AreStillDescribedWhenABrokerIsDead) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster, 2s));
    const auto other = (cluster.coordinator_of("classic") + 1) % 3;
    cluster.set_fault("dead:broker=" + std::to_string(other));
    const auto listing = client.groups();
    EXPECT_TRUE(has_problem(listing, KafkaFailure::timed_out));
    const auto classic = group_named(listing, "classic");
    EXPECT_FALSE(classic.problem) << classic.problem->text;
    EXPECT_EQ(classic.kind, GroupKind::classic);
    EXPECT_EQ(classic.state, "Stable");
    EXPECT_EQ(classic.coordinator, cluster.coordinator_of("classic"));
    EXPECT_TRUE(classic.members_known);
    ASSERT_EQ(classic.members.size(), 2U);
    EXPECT_EQ(classic.members[0].assignment.size() + classic.members[1].assignment.size(), 3U);
}

TEST(KafkaGroups, AreNamedWhereListingIsForbiddenOrNotOffered) {
    const struct {
        const char* fault;
        KafkaFailure failure;
    } cases[] = {
        {"error:api=ListGroups,code=CLUSTER_AUTHORIZATION_FAILED", KafkaFailure::forbidden},
        {"hide:api=ListGroups", KafkaFailure::unsupported},
    };

    for (const auto& row : cases) {
        FakeKafkaCluster cluster(make_small_scenario());
        cluster.set_fault(row.fault);
        Connected client(options_for(cluster));
        for (const bool named_only : {true, false}) {
            const auto listing = client.groups({"classic", "simple"}, named_only);
            EXPECT_TRUE(has_problem(listing, row.failure)) << row.fault;
            EXPECT_EQ(names_of(listing), (std::vector<std::string>{"classic", "simple"}));
            EXPECT_EQ(group_named(listing, "classic").kind, GroupKind::unknown);
        }
        EXPECT_EQ(client.committed("classic").offsets.size(), 4U);
    }
}

TEST(KafkaGroups, AreListedWithoutMembersWhereDescribingIsNotOffered) {
    FakeKafkaCluster cluster(make_small_scenario());
    cluster.set_fault("hide:api=DescribeGroups");
    Connected client(options_for(cluster));
    const auto listing = client.groups();
    EXPECT_EQ(names_of(listing), (std::vector<std::string>{"classic", "modern", "simple"}));
    EXPECT_FALSE(group_named(listing, "classic").members_known);
    EXPECT_TRUE(group_named(listing, "classic").problem);
}

TEST(KafkaGroups, ThatAreForbiddenSayWhyAndLeaveTheOthersAlone) {
    FakeKafkaCluster cluster(make_small_scenario());
    cluster.set_fault("error:code=GROUP_AUTHORIZATION_FAILED,group=classic");
    Connected client(options_for(cluster));
    const auto listing = client.groups();
    const auto classic = group_named(listing, "classic");
    ASSERT_TRUE(classic.problem);
    EXPECT_EQ(classic.problem->failure, KafkaFailure::forbidden);
    EXPECT_FALSE(classic.members_known);
    EXPECT_EQ(group_named(listing, "simple").kind, GroupKind::simple);

    const auto answers = client.committed_of({"classic", "simple"});
    EXPECT_EQ(failure_of(answers[0]), KafkaFailure::forbidden);
    EXPECT_TRUE(answers[0].problem->text.find("authorization") != std::string::npos);
    EXPECT_EQ(answers[1].offsets.size(), 1U);
}

TEST(KafkaGroups, AreListedAgainWhileABrokerLoadsThem) {
    FakeKafkaCluster cluster(make_small_scenario());
    cluster.set_fault("error:api=ListGroups,code=COORDINATOR_LOAD_IN_PROGRESS,times=3");
    Connected client(options_for(cluster, 5s));
    const auto listing = client.groups();
    EXPECT_FALSE(has_problem(listing, KafkaFailure::loading));
    EXPECT_EQ(listing.groups.size(), 3U);
}

TEST(KafkaGroups, ThatKeepLoadingAreAProblem) {
    FakeKafkaCluster cluster(make_small_scenario());
    cluster.set_fault("error:api=ListGroups,code=COORDINATOR_LOAD_IN_PROGRESS");
    Connected client(options_for(cluster));
    EXPECT_TRUE(has_problem(client.groups(), KafkaFailure::loading));
}

TEST(KafkaGroups, OfAnOffsetsPartitionWithoutLeaderAreMissedAloud) {
    auto scenario = make_small_scenario();
    scenario.topics.push_back(sandbox::make_topic("__consumer_offsets", 1, 0, 10));
    scenario.topics.back().partitions[0].leader = -1;
    const FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster, 10min));
    EXPECT_TRUE(has_problem(client.groups({"classic"}), KafkaFailure::no_leader));
    // Asking would cost the whole timeout, here ten minutes.
    EXPECT_EQ(failure_of(client.committed("classic")), KafkaFailure::no_leader);
}

TEST(KafkaGroups, OfConnectWorkersAndShareConsumersAreToldApart) {
    auto scenario = make_small_scenario();
    scenario.groups.push_back({.name = "workers", .protocol_type = "connect"});
    scenario.groups.push_back({.name = "shared", .kind = sandbox::FakeGroupKind::share});
    const FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster));
    const auto listing = client.groups();
    EXPECT_EQ(group_named(listing, "workers").kind, GroupKind::other);
    EXPECT_EQ(group_named(listing, "shared").kind, GroupKind::share);
}

TEST(KafkaGroups, InARebalanceDoNotShowTheirOwners) {
    auto scenario = make_small_scenario();
    sandbox::find_group(scenario, "classic")->state = "PreparingRebalance";
    const FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster));
    const auto group = group_named(client.groups(), "classic");
    EXPECT_EQ(group.state, "PreparingRebalance");
    EXPECT_FALSE(group.members_known);
}

TEST(KafkaGroups, CostOneListAndOneDescriptionABroker) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 3, 40, 2));
    Connected client(options_for(cluster));
    cluster.reset_request_counts();
    EXPECT_EQ(client.groups().groups.size(), 40U);
    EXPECT_EQ(cluster.requests(KafkaApi::list_groups), 6U);  // two calls
    EXPECT_EQ(cluster.requests(KafkaApi::describe_groups), 3U);
}

TEST(KafkaGroups, NameTheBrokerThatDoesNotListThem) {
    for (const std::string fault : {"dead:broker=2", "silent:broker=2", "hang:broker=2"}) {
        FakeKafkaCluster cluster(make_small_scenario());
        Connected client(options_for(cluster, 1s));
        cluster.set_fault(fault);
        const auto listing = client.groups();
        ASSERT_EQ(listing.problems.size(), 1U) << fault;
        EXPECT_EQ(listing.problems[0].failure, KafkaFailure::timed_out) << fault;
        EXPECT_EQ(listing.problems[0].broker, 2) << fault;
    }
}

TEST(KafkaGroups, NameTheBrokerThatRefusesToListThem) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster));
    cluster.set_fault("error:api=ListGroups,code=CLUSTER_AUTHORIZATION_FAILED,broker=1");
    const auto listing = client.groups();
    ASSERT_EQ(listing.problems.size(), 1U);
    EXPECT_EQ(listing.problems[0].failure, KafkaFailure::forbidden);
    EXPECT_EQ(listing.problems[0].broker, 1);
}

TEST(KafkaGroups, WithAnyNameComeBackUnchanged) {
    const std::string names[] = {"a b/c:d.e", "B\u00fcro", std::string(200, 'x'), "a\tb"};
    for (const auto& name : names) {
        auto scenario = make_small_scenario();
        scenario.groups.push_back({.name = name, .state = "Empty", .protocol_type = ""});
        scenario.groups.back().commits.push_back(sandbox::make_commits("orders", {42}));
        const FakeKafkaCluster cluster(scenario, 1);
        Connected client(options_for(cluster));
        EXPECT_EQ(group_named(client.groups(), name).kind, GroupKind::simple);
        EXPECT_EQ(client.committed(name).offsets.at(0).offset, 42);
    }
}

// ---- a broker that does not answer costs one timeout

TEST(KafkaClient, DoesNotAskABrokerAgainThatDidNotListItsGroups) {
    constexpr int silent = 1;
    auto scenario = sandbox::make_grid_scenario(2, 30, 40, 30);
    scenario.topics.push_back(sandbox::make_topic("__consumer_offsets", 6, 0, 10));
    FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster, 1s));
    // It would answer everything else, if only it were asked.
    cluster.set_fault("swallow:api=ListGroups,broker=1");
    std::vector<std::string> groups;
    for (const auto& group : scenario.groups) {
        groups.push_back(group.name);
    }
    EXPECT_EQ(client.groups(groups).groups.size(), groups.size());

    cluster.reset_request_counts();
    const auto commits = client.committed_of(groups);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool is_lost = cluster.coordinator_of(groups[i]) == silent;
        EXPECT_EQ(failure_of(commits[i]), is_lost ? KafkaFailure::timed_out : KafkaFailure::none)
            << groups[i];
        EXPECT_EQ(commits[i].offsets.size(), is_lost ? 0U : 30U) << groups[i];
    }
    EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch, silent), 0U);

    const auto failures = failures_of(client.log_offsets(all_of("topic-000", 30)));
    for (std::size_t i = 0; i < failures.size(); ++i) {
        EXPECT_EQ(failures[i], i % 3 == silent ? KafkaFailure::timed_out : KafkaFailure::none) << i;
    }
    EXPECT_EQ(cluster.requests(KafkaApi::list_offsets, silent), 0U);
}

TEST(KafkaClient, AsksABrokerAgainThatListsItsGroupsTheNextTime) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster, 1s));
    cluster.set_fault("swallow:api=ListGroups,broker=1,times=1");
    EXPECT_EQ(client.groups().problems.size(), 1U);
    EXPECT_EQ(failures_of(client.log_offsets({{"orders", 1}})).at(0), KafkaFailure::timed_out);
    EXPECT_TRUE(client.groups().problems.empty());
    EXPECT_EQ(failures_of(client.log_offsets({{"orders", 1}})).at(0), KafkaFailure::none);
}

// ---- committed offsets

TEST(KafkaCommits, OfADeadCoordinatorTimeOutWhileTheOthersArrive) {
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(2, 6, 200, 2));
    Connected client(options_for(cluster));
    cluster.set_fault("swallow:api=OffsetFetch,broker=1");
    std::vector<std::string> groups;
    for (const auto& group : client.groups().groups) {
        groups.push_back(group.name);
    }
    ASSERT_EQ(groups.size(), 200U);
    const auto answers = client.committed_of(groups);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool is_lost = cluster.coordinator_of(groups[i]) == 1;
        EXPECT_EQ(failure_of(answers[i]), is_lost ? KafkaFailure::timed_out : KafkaFailure::none)
            << groups[i];
        EXPECT_EQ(answers[i].offsets.size(), is_lost ? 0U : 2U) << groups[i];
    }
}

TEST(KafkaCommits, HaveASecondChanceWhenAnAnswerGetsLost) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster, 3s));
    cluster.set_fault("swallow:api=OffsetFetch,times=1");
    EXPECT_EQ(client.committed("classic").offsets.size(), 4U);
}

TEST(KafkaCommits, AreAskedForAgainWhileTheCoordinatorMovesOrLoads) {
    for (const std::string code :
         {"NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE"}) {
        FakeKafkaCluster cluster(make_small_scenario());
        cluster.set_fault("error:api=OffsetFetch,code=" + code + ",group=classic,times=2");
        Connected client(options_for(cluster, 5s));
        const auto answers = client.committed_of({"simple", "classic"});
        EXPECT_EQ(failure_of(answers[1]), KafkaFailure::none) << code;
        EXPECT_EQ(answers[1].offsets.size(), 4U) << code;
        EXPECT_EQ(answers[0].offsets.size(), 1U) << code;
    }
}

TEST(KafkaCommits, OfSomeGroupsWhoseCoordinatorMovesSpoilNoOthers) {
    constexpr int rounds = 20;
    FakeKafkaCluster cluster(sandbox::make_grid_scenario(20, 10, 20, 10));
    std::vector<std::string> groups;
    for (int group = 0; group < 20; ++group) {
        groups.push_back(fmt::format("group-{:03}", group));
    }
    for (int round = 0; round < rounds; ++round) {
        cluster.clear_faults();
        for (const std::size_t wrong : {3U, 11U, 17U}) {
            const std::string code =
                round % 2 == 0 ? "NOT_COORDINATOR" : "COORDINATOR_NOT_AVAILABLE";
            cluster.set_fault(fmt::format(
                "error:api=OffsetFetch,code={},group={},times=1", code, groups.at(wrong)));
        }
        Connected client(options_for(cluster, 5s));
        for (const auto& answer : client.committed_of(groups)) {
            EXPECT_EQ(failure_of(answer), KafkaFailure::none) << "round " << round;
            EXPECT_EQ(answer.offsets.size(), 10U) << "round " << round;
        }
    }
}

TEST(KafkaCommits, OfACoordinatorThatKeepsLoadingSaySo) {
    for (const std::string code : {"NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS"}) {
        FakeKafkaCluster cluster(make_small_scenario());
        cluster.set_fault("error:api=OffsetFetch,code=" + code + ",group=classic");
        Connected client(options_for(cluster, 5s));
        const auto answers = client.committed_of({"classic", "simple"});
        EXPECT_EQ(failure_of(answers[0]), KafkaFailure::loading) << code;
        EXPECT_EQ(failure_of(answers[1]), KafkaFailure::none) << code;
    }
}

TEST(KafkaCommits, OfAListTooLongForOneRequestAreAskedForInParts) {
    auto scenario = make_wide_scenario(1200);
    sandbox::FakeGroup group{.name = "g", .state = "Empty", .protocol_type = ""};
    std::vector<std::int64_t> offsets;
    for (std::int64_t partition = 0; partition < 1200; ++partition) {
        offsets.push_back(partition);
    }
    group.commits.push_back(sandbox::make_commits("wide", offsets));
    scenario.groups.push_back(group);
    FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster, 10s));
    for (const auto& [asked, requests] : {std::pair{500, 1U}, {501, 3U}, {1200, 5U}}) {
        cluster.reset_request_counts();
        const auto answer = client.committed("g", all_of("wide", asked));
        EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch), requests) << asked;
        const auto found = client.by_name(answer);
        ASSERT_EQ(found.size(), static_cast<std::size_t>(asked));
        EXPECT_EQ(found.at({"wide", asked - 1}), asked - 1);
    }
}

/// Before 2.3.0 librdkafka asked a broker older than Kafka 2.4 for no partition where it meant all.
bool library_asks_old_brokers_for_nothing() {
    const std::string named = kafka_library_version();  // "librdkafka 2.0.2 (…)"
    const std::string version = named.substr(named.find(' ') + 1);
    const std::size_t point = version.find('.');
    return std::pair(std::stoi(version), std::stoi(version.substr(point + 1))) < std::pair(2, 3);
}

TEST(KafkaCommits, AreEmptyWithoutAProblemWhereAllPartitionsCannotBeAskedFor) {
    for (const std::string fault : {"empty-null", "max-version:api=OffsetFetch,version=5"}) {
        FakeKafkaCluster cluster(make_small_scenario());
        cluster.set_fault(fault);
        Connected client(options_for(cluster));
        const auto all = client.committed("classic");
        EXPECT_FALSE(all.problem) << fault;
        EXPECT_EQ(all.offsets.empty(),
                  fault == "empty-null" || library_asks_old_brokers_for_nothing())
            << fault;
        EXPECT_EQ(client.committed("classic", all_of("orders", 3)).offsets.size(), 3U) << fault;
    }
}

TEST(KafkaCommits, OfManyGroupsAreReadHoweverLongASlowCoordinatorTakesForAll) {
    std::vector<std::string> names;
    for (int i = 0; i < 400; ++i) {
        names.push_back("many-" + std::to_string(i));
    }
    FakeKafkaCluster cluster(make_small_scenario(), 1);
    for (const auto& name : names) {
        cluster.set_commit(name, "orders", 0, 20);
    }
    Connected client(options_for(cluster, 1500ms));
    // 800 requests one after another: 4 s.
    cluster.set_fault("delay:api=FindCoordinator,ms=5");
    cluster.set_fault("delay:api=OffsetFetch,ms=5");
    for (const auto& answer : client.committed_of(names)) {
        EXPECT_FALSE(answer.problem) << answer.group << ": " << answer.problem->text;
        EXPECT_EQ(answer.offsets.size(), 1U) << answer.group;
    }
}

TEST(KafkaCommits, OfADeadCoordinatorTimeOutOnceHoweverManyGroups) {
    FakeKafkaCluster cluster(make_small_scenario());
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        names.push_back("many-" + std::to_string(i));
    }
    for (const auto& name : names) {
        cluster.set_commit(name, "orders", 0, 20);
    }
    std::vector<CommittedRequest> requests;
    for (const auto& name : names) {
        requests.push_back({.group = name, .coordinator = cluster.coordinator_of(name)});
    }
    Connected client(options_for(cluster));
    cluster.set_fault("dead:broker=1");
    const auto answers = client.all_commits(requests);
    for (std::size_t i = 0; i < names.size(); ++i) {
        ASSERT_EQ(
            failure_of(answers[i]),
            cluster.coordinator_of(names[i]) == 1 ? KafkaFailure::timed_out : KafkaFailure::none)
            << names[i];
    }
}

TEST(KafkaCommits, OfATopicThatIsForbiddenSaySoOfEachPartition) {
    FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster));
    cluster.set_fault("error:api=OffsetFetch,code=TOPIC_AUTHORIZATION_FAILED,topic=audit");
    const auto answer = client.committed("classic", {{"orders", 0}, {"audit", 0}});
    EXPECT_FALSE(answer.problem);
    EXPECT_EQ(answer.offsets.size(), 1U);
    ASSERT_EQ(answer.partition_problems.size(), 1U);
    EXPECT_EQ(client.names().name(answer.partition_problems[0].where.topic), "audit");
    EXPECT_EQ(answer.partition_problems[0].problem.failure, KafkaFailure::forbidden);
}

// ---- log offsets

TEST(KafkaLogOffsets, CostTwoRequestsPerLeaderAndTwoHundredAndFiftyPartitions) {
    FakeKafkaCluster cluster(make_wide_scenario(3000));
    Connected client(options_for(cluster, 10s));
    cluster.reset_request_counts();
    const auto answers = client.log_offsets(all_of("wide", 3000));
    EXPECT_TRUE(std::ranges::all_of(
        answers, [](const LogOffsets& answer) { return answer.start == 5 && answer.end == 1000; }));
    EXPECT_EQ(cluster.requests(KafkaApi::list_offsets), 3U * 4U * 2U);
}

TEST(KafkaLogOffsets, OfADeadLeaderTimeOutOnceForAllItsPartitions) {
    FakeKafkaCluster cluster(make_wide_scenario(3000));
    Connected client(options_for(cluster));
    cluster.reset_request_counts();
    cluster.set_fault("hang:api=ListOffsets,broker=1");
    const auto answers = client.log_offsets(all_of("wide", 3000));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        ASSERT_EQ(answers[i].failure, i % 3 == 1 ? KafkaFailure::timed_out : KafkaFailure::none)
            << i;
    }
    // Of its four chunks no more were begun than there are threads.
    EXPECT_LE(cluster.requests(KafkaApi::list_offsets, 1), 4U);
}

TEST(KafkaLogOffsets, OfASlowLeaderAreReadHoweverLongAllOfThemTake) {
    FakeKafkaCluster cluster(make_wide_scenario(3000), 1);
    Connected client(options_for(cluster, 600ms));
    // 24 requests one after another: 2.4 s.
    cluster.set_fault("delay:api=ListOffsets,ms=100");
    const auto answers = client.log_offsets(all_of("wide", 3000));
    EXPECT_TRUE(std::ranges::all_of(
        answers, [](const LogOffsets& answer) { return answer.start == 5 && answer.end == 1000; }));
}

TEST(KafkaLogOffsets, AreAskedOfTheNewLeaderWhenThePartitionHasMoved) {
    FakeKafkaCluster cluster(make_wide_scenario(30));
    Connected client(options_for(cluster));
    for (std::int32_t partition = 0; partition < 10; ++partition) {
        cluster.set_leader("wide", partition * 3, 2);
    }
    const auto answers = client.log_offsets(all_of("wide", 30));
    EXPECT_EQ(failures_of(answers), std::vector<KafkaFailure>(30, KafkaFailure::none));
    EXPECT_EQ(answers[0].end, 1000);
}

TEST(KafkaLogOffsets, OfAPartitionThatLostItsLeaderMeanwhileSaySo) {
    FakeKafkaCluster cluster(make_wide_scenario(30));
    Connected client(options_for(cluster));
    cluster.set_leader("wide", 4, -1);
    auto expected = std::vector<KafkaFailure>(30, KafkaFailure::none);
    expected[4] = KafkaFailure::no_leader;
    EXPECT_EQ(failures_of(client.log_offsets(all_of("wide", 30))), expected);
}

TEST(KafkaLogOffsets, OfOneBadPartitionDoNotSpoilTheOthersOfItsRequest) {
    const std::pair<const char*, KafkaFailure> codes[] = {
        {"NOT_LEADER_OR_FOLLOWER", KafkaFailure::no_leader},
        {"LEADER_NOT_AVAILABLE", KafkaFailure::no_leader},
        {"UNKNOWN_TOPIC_OR_PARTITION", KafkaFailure::unknown_topic},
        {"KAFKA_STORAGE_ERROR", KafkaFailure::failed},
        {"UNKNOWN_SERVER_ERROR", KafkaFailure::failed},
    };
    for (const auto& [code, failure] : codes) {
        FakeKafkaCluster cluster(make_wide_scenario(300));
        Connected client(options_for(cluster, 20s));
        cluster.set_fault(std::string("error:api=ListOffsets,topic=wide,partition=100,code=") +
                          code);
        cluster.reset_request_counts();
        auto expected = std::vector<KafkaFailure>(300, KafkaFailure::none);
        expected[100] = failure;
        EXPECT_EQ(failures_of(client.log_offsets(all_of("wide", 300))), expected) << code;
        // One partition of a hundred is found in seven halvings, both halves asked for both ends.
        EXPECT_LE(cluster.requests(KafkaApi::list_offsets), 60U) << code;
    }
}

TEST(KafkaLogOffsets, OfATopicThatIsForbiddenDoNotSpoilThoseOfOtherTopics) {
    auto scenario = make_small_scenario();
    scenario.topics.push_back(sandbox::make_topic("secret", 60, 0, 10));
    scenario.topics.push_back(sandbox::make_topic("open", 60, 0, 10));
    FakeKafkaCluster cluster(scenario, 1);
    Connected client(options_for(cluster, 10s));
    cluster.set_fault("error:api=ListOffsets,code=TOPIC_AUTHORIZATION_FAILED,topic=secret");
    cluster.reset_request_counts();
    auto asked = all_of("secret", 60);
    const auto open = all_of("open", 60);
    asked.insert(asked.end(), open.begin(), open.end());
    const auto answers = client.log_offsets(asked);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i].failure, i < 60 ? KafkaFailure::forbidden : KafkaFailure::none) << i;
    }
    EXPECT_LE(cluster.requests(KafkaApi::list_offsets), 5U);
}

TEST(KafkaLogOffsets, AreNotAskedForOneByOneWhereEverythingFails) {
    FakeKafkaCluster cluster(make_wide_scenario(3000));
    Connected client(options_for(cluster, 20s));
    cluster.set_fault("error:api=ListOffsets,code=NOT_LEADER_OR_FOLLOWER");
    cluster.reset_request_counts();
    const auto answers = client.log_offsets(all_of("wide", 3000));
    EXPECT_EQ(failures_of(answers), std::vector<KafkaFailure>(3000, KafkaFailure::no_leader));
    EXPECT_LE(cluster.requests(KafkaApi::list_offsets), 500U);
}

TEST(KafkaLogOffsets, OfUnknownTopicsOnlyAreNotAnErrorOfTheCall) {
    const FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster, 10s));
    EXPECT_EQ(failures_of(client.log_offsets({{"gone", 0}, {"gone", 1}, {"lost", 7}})),
              std::vector<KafkaFailure>(3, KafkaFailure::unknown_topic));
}

TEST(KafkaLogOffsets, EndAtTheHighWatermarkAndNotAtTheLastStableOffset) {
    auto scenario = make_small_scenario();
    scenario.topics[0].partitions[0].last_stable_offset = 20;  // a transaction is open
    const FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster));
    EXPECT_EQ(client.log_offsets({{"orders", 0}}).at(0).end, 100);
}

// ---- any broker

TEST(KafkaClient, SurvivesAnswersThatAreNone) {
    for (const std::string fault : {"garbage", "truncated", "huge-length", "cut"}) {
        for (const std::string api :
             {"ListGroups", "DescribeGroups", "FindCoordinator", "OffsetFetch", "ListOffsets"}) {
            FakeKafkaCluster cluster(make_small_scenario());
            Connected client(options_for(cluster, 400ms));
            if (fault != "garbage" && api == "ListGroups") {
                // librdkafka 2.0.2 itself crashes on a ListGroups answer that ends too early.
                continue;
            }
            cluster.set_fault(fault + ":api=" + api);
            client.groups({"classic"});
            const auto commits = client.committed("classic");
            const auto logs = client.log_offsets(all_of("orders", 3));
            // A connection that was cut, or given up over an absurd length, may not be back in time
            // for the next call.
            const bool spares_others = fault == "garbage" || fault == "truncated";
            const bool is_about_commits = api == "FindCoordinator" || api == "OffsetFetch";
            if (is_about_commits || spares_others) {
                EXPECT_EQ(commits.problem.has_value(), is_about_commits) << fault << " " << api;
            }
            const bool is_about_logs = api == "ListOffsets";
            for (const auto& log : logs) {
                if (is_about_logs || spares_others) {
                    EXPECT_EQ(log.failure != KafkaFailure::none, is_about_logs)
                        << fault << " " << api;
                    EXPECT_EQ(log.end, is_about_logs ? -1 : 100) << fault << " " << api;
                }
            }
        }
    }
}

TEST(KafkaClient, EndsEachStepSoonAfterAStopRequest) {
    const std::pair<KafkaApi, std::function<void(Connected&)>> steps[] = {
        {KafkaApi::list_groups, [](Connected& client) { client.groups(); }},
        {KafkaApi::offset_fetch, [](Connected& client) { client.committed("classic"); }},
        {KafkaApi::list_offsets,
         [](Connected& client) { client.log_offsets(all_of("orders", 3)); }},
    };
    for (const auto& [api, step] : steps) {
        FakeKafkaCluster cluster(make_small_scenario());
        Connected client(options_for(cluster, 10min));
        cluster.set_fault({.kind = sandbox::KafkaFaultKind::hang, .api = api});
        std::thread asker([&cluster, &client, api = api] {
            while (cluster.requests(api) == 0) {
                std::this_thread::yield();
            }
            client.stop().request(SIGTERM);
        });
        EXPECT_THROW(step(client), Interrupted) << sandbox::format_kafka_api(api);
        asker.join();
    }
}

TEST(KafkaClient, SpeaksNoVersionOrApiThatBrokersDoNotOffer) {
    const FakeKafkaCluster cluster(make_small_scenario());
    Connected client(options_for(cluster));
    client.groups();
    client.committed("classic");
    client.log_offsets(all_of("orders", 3));
    EXPECT_EQ(cluster.bad_requests(), 0U);
}

}  // namespace
}  // namespace caretaker::testing
