// SPDX-License-Identifier: Apache-2.0
// Groups with commits on very many partitions: what is asked for them, and that nothing is missed.
#include "tests/integration/kafka/kafka_answers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::FakeKafkaCluster;
using sandbox::KafkaApi;

constexpr std::int32_t partitions = 1'000;

std::string group_name(std::size_t number) {
    return "group-" + std::to_string(number);
}

/// One topic, and groups that have a commit on each of its partitions; no members.
sandbox::KafkaScenario make_scenario(std::size_t groups) {
    sandbox::KafkaScenario scenario;
    scenario.topics.push_back(sandbox::make_topic("wide", partitions, 0, 5'000));
    const std::vector<std::int64_t> offsets(partitions, 7);
    for (std::size_t i = 0; i < groups; ++i) {
        scenario.groups.push_back({.name = group_name(i), .state = "Empty", .protocol_type = ""});
        scenario.groups.back().commits.push_back(sandbox::make_commits("wide", offsets));
    }
    return scenario;
}

std::vector<CommittedRequest> requests_for(std::size_t groups, std::size_t owned = 0) {
    std::vector<CommittedRequest> requests;
    for (std::size_t i = 0; i < groups; ++i) {
        requests.push_back({.group = group_name(i), .owned = owned});
    }
    return requests;
}

TEST(KafkaWideGroups, AreAskedForInPartsOnceTheFirstShowedTheirWidth) {
    FakeKafkaCluster cluster(make_scenario(12));
    Connected client(options_for(cluster, 10s));
    cluster.reset_request_counts();
    const auto answers = client.all_commits(requests_for(12));
    for (const GroupOffsets& answer : answers) {
        EXPECT_FALSE(answer.problem) << answer.group;
        EXPECT_EQ(answer.offsets.size(), 1'000U) << answer.group;
    }
    EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch), 2U + 10U * 4U);
}

TEST(KafkaWideGroups, AreAskedForInPartsAtOnceWhereTheirOwnersShowIt) {
    FakeKafkaCluster cluster(make_scenario(3));
    Connected client(options_for(cluster, 10s));
    cluster.reset_request_counts();
    const auto answers = client.all_commits(requests_for(3, 1'000));
    for (const GroupOffsets& answer : answers) {
        EXPECT_EQ(answer.offsets.size(), 1'000U) << answer.group;
    }
    EXPECT_EQ(cluster.requests(KafkaApi::offset_fetch), 3U * 4U);
    // The coordinator is remembered for the other parts; the library also looks for its own.
    EXPECT_LT(cluster.requests(KafkaApi::find_coordinator), 3U * 4U);
}

TEST(KafkaWideGroups, ThatHaveAllTheirCommitsOnOtherTopicsAreStillFound) {
    auto scenario = make_scenario(1);
    scenario.groups[0].commits = {sandbox::make_commits("gone", {3, 4})};
    FakeKafkaCluster cluster(scenario);
    Connected client(options_for(cluster, 10s));
    const auto answer = client.all_commits(requests_for(1, 1'000)).at(0);
    EXPECT_EQ(client.by_name(answer).at({"gone", 1}), 4);
}

TEST(KafkaWideGroups, OfASilentCoordinatorTimeOutWithoutTheOthers) {
    FakeKafkaCluster cluster(make_scenario(12));
    Connected client(options_for(cluster, 2s));
    cluster.set_fault("swallow:api=OffsetFetch,broker=1");
    const auto answers = client.all_commits(requests_for(12, 1'000));
    for (const GroupOffsets& answer : answers) {
        const bool is_lost = cluster.coordinator_of(answer.group) == 1;
        EXPECT_EQ(answer.problem.has_value(), is_lost) << answer.group;
        EXPECT_EQ(answer.offsets.size(), is_lost ? 0U : 1'000U) << answer.group;
    }
}

}  // namespace
}  // namespace caretaker::testing
