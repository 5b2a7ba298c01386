// SPDX-License-Identifier: Apache-2.0
// What counts as not read, and how it is put into words.
#include "jobs/lag/lag_problems.hpp"

#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "tests/support/fake_kafka.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

std::vector<Problem> problems(FakeKafka& kafka, const LagFilters& filters = {}) {
    return find_problems(measure_lag(gather_lag(kafka, LagSelection(filters))));
}

/// "code: message" per problem.
Words messages(FakeKafka& kafka, const LagFilters& filters = {}) {
    Words out;
    for (const Problem& problem : problems(kafka, filters)) {
        out.push_back(problem.code + ": " + problem.message);
    }
    return out;
}

FakeKafka cluster() {
    FakeKafka kafka;
    kafka.brokers = {{.id = 1, .host = "kafka-1", .port = 9092},
                     {.id = 2, .host = "kafka-2", .port = 9092}};
    kafka.add_topic("a", 4, 0, 10);
    kafka.add_topic("b", 4, 0, 10);
    for (const char* topic : {"a", "b"}) {
        for (int partition = 0; partition < 4; ++partition) {
            kafka.groups["g"].commits[{topic, partition}] = 1;
        }
    }
    return kafka;
}

TEST(LagProblems, AreNoneWhenAllCouldBeRead) {
    FakeKafka kafka = cluster();
    EXPECT_TRUE(problems(kafka).empty());
}

TEST(LagProblems, SumUpThePartitionsOfABrokerThatDoesNotAnswer) {
    FakeKafka kafka = cluster();
    kafka.silent_brokers = {2};
    for (auto& [name, topic] : kafka.topics) {
        topic.partitions[1].leader = 2;
        topic.partitions[3].leader = 2;
    }
    EXPECT_EQ(
        messages(kafka),
        (Words{"listing_timed_out: listing groups: broker 2 (kafka-2:9092): did not answer in "
               "time; its groups are missing from this run; is the broker up?",
               "partition_timed_out: reading the log offsets of 4 partitions of 2 topics, "
               "first a/1: broker 2 (kafka-2:9092) did not answer in time; is it up?"}));
    EXPECT_EQ(problems(kafka).at(0).subject, "broker 2");
    EXPECT_EQ(problems(kafka).at(1).subject, "broker 2");
}

TEST(LagProblems, TellPartitionsApartByTheirCause) {
    FakeKafka kafka = cluster();
    kafka.topics["a"].partitions[2].leader = -1;
    kafka.topics["b"].partitions[0].failure = KafkaFailure::forbidden;
    kafka.topics["b"].partitions[1].failure = KafkaFailure::unsupported;
    kafka.topics["b"].partitions[2].failure = KafkaFailure::loading;
    kafka.topics["b"].partitions[3].failure = KafkaFailure::failed;
    EXPECT_EQ(
        messages(kafka, {.topics = {"a", "b"}}),
        (Words{"partition_no_leader: reading the log offsets of 1 partition of 1 topic, first "
               "a/2: there is no leader; bring a replica back",
               "partition_forbidden: reading the log offsets of 1 partition of 1 topic, first "
               "b/0: the ACLs forbid it; grant Describe on the topic",
               "partition_loading: reading the log offsets of 1 partition of 1 topic, first "
               "b/2: the leader is moving; the next run should see them",
               "partition_unsupported: reading the log offsets of 1 partition of 1 topic, "
               "first b/1: the broker is too old for this request",
               "partition_failed: reading the log offsets of 1 partition of 1 topic, first "
               "b/3: the broker answered with an error; look at its log"}));
}

TEST(LagProblems, IncludeABrokerThatSaysSuccessAndNoOffset) {
    FakeKafka kafka = cluster();
    kafka.topics["a"].partitions[0].end = -1;
    EXPECT_EQ(problems(kafka).at(0).code, "partition_failed");
}

TEST(LagProblems, DoNotIncludeDeletedTopics) {
    FakeKafka kafka = cluster();
    kafka.topics.erase("b");
    EXPECT_TRUE(problems(kafka).empty());
}

TEST(LagProblems, NameTheGroupsThatCannotBeReadAndSayWhatToDo) {
    struct Case {
        KafkaFailure failure{};
        std::string expected{};
    };

    const std::vector<Case> cases{
        {KafkaFailure::forbidden,
         "group_forbidden: reading group g: so it said; grant Describe on the group"},
        {KafkaFailure::timed_out,
         "group_timed_out: reading group g: so it said; is the broker that coordinates it up?"},
        {KafkaFailure::no_leader,
         "group_no_leader: reading group g: so it said; its partition of __consumer_offsets has no "
         "leader; bring a replica back"},
        {KafkaFailure::loading,
         "group_loading: reading group g: so it said; its coordinator is moving; the next run "
         "should "
         "see it"},
        {KafkaFailure::failed,
         "group_failed: reading group g: so it said; look at the log of its coordinator"},
    };
    for (const Case& c : cases) {
        FakeKafka kafka = cluster();
        kafka.groups["g"].offsets_problem = {c.failure, "so it said"};
        EXPECT_EQ(messages(kafka), Words{c.expected});
        EXPECT_EQ(problems(kafka).at(0).subject, "group g");
    }
}

TEST(LagProblems, SumUpTheGroupsThatShareACause) {
    FakeKafka kafka = cluster();
    for (const char* name : {"g1", "g2", "g3", "g4", "h"}) {
        kafka.groups[name] = kafka.groups["g"];
        kafka.groups[name].offsets_problem = {KafkaFailure::timed_out, "Local: Timed out"};
    }
    kafka.groups["h"].offsets_problem = {KafkaFailure::forbidden, "no"};
    EXPECT_EQ(messages(kafka),
              (Words{"group_forbidden: reading group h: no; grant Describe on the group",
                     "group_timed_out: reading 4 groups: Local: Timed out; is the broker that "
                     "coordinates it up?, e.g. g1, g2, g3"}));
    EXPECT_EQ(problems(kafka).at(1).subject, "groups");
}

TEST(LagProblems, IncludeAGroupThatWasMeasuredButNotDescribed) {
    FakeKafka kafka = cluster();
    kafka.groups["g"].describe_problem = {KafkaFailure::timed_out, "slow"};
    EXPECT_EQ(problems(kafka).at(0).code, "group_timed_out");
    kafka.groups["g"].describe_problem = {KafkaFailure::unsupported, "no DescribeGroups"};
    EXPECT_TRUE(problems(kafka).empty());
}

TEST(LagProblems, IncludeCommitsThatACoordinatorRefused) {
    FakeKafka kafka = cluster();
    kafka.groups["g"].commits.erase({"b", 2});
    kafka.groups["g"].commit_problems[{"b", 2}] = {KafkaFailure::forbidden, "no"};
    EXPECT_EQ(messages(kafka), Words{}) << "nobody named the topic, and the group reads others";
    EXPECT_EQ(messages(kafka, {.topics = {"a", "b"}}),
              Words{"commit_forbidden: reading the commits of group g on 1 partition of 1 topic, "
                    "first b/2: the ACLs forbid it; grant Describe on the topic"});
}

TEST(LagProblems, IncludeEachBrokerThatDoesNotListWhenGroupsAreListed) {
    FakeKafka kafka = cluster();
    kafka.listing_problems = {{KafkaFailure::forbidden, "broker 1 refused"},
                              {KafkaFailure::unsupported, "broker 2 does not know the call"}};
    EXPECT_EQ(messages(kafka),
              (Words{"listing_forbidden: listing groups: broker 1 refused; grant Describe on the "
                     "cluster, or name groups with --group",
                     "listing_unsupported: listing groups: broker 2 does not know the call; name "
                     "groups with --group"}));
}

TEST(LagProblems, DoNotIncludeTheListingWhenEveryNamedGroupWasRead) {
    FakeKafka kafka = cluster();
    kafka.listing_problems = {{KafkaFailure::unsupported, "no such call"}};
    kafka.groups["g"].listed = false;
    EXPECT_TRUE(problems(kafka, {.groups = {"g"}}).empty());
}

TEST(LagProblems, DoNotCallAGroupMissingWhileGroupsMayBeHidden) {
    FakeKafka kafka = cluster();
    kafka.add_topic("__consumer_offsets", 2, 0, 1);
    kafka.topics["__consumer_offsets"].partitions[0].leader = -1;
    EXPECT_EQ(
        messages(kafka, {.groups = {"ghost"}}),
        (Words{"listing_no_leader: listing groups: partitions of __consumer_offsets have no "
               "leader; bring a replica back",
               "group_unknown: reading group ghost: nothing is committed, and as not all groups "
               "could be listed it is not known whether it exists"}));
}

TEST(LagProblems, CallANamedGroupMissingThatNobodyKnows) {
    FakeKafka kafka = cluster();
    EXPECT_EQ(
        messages(kafka, {.groups = {"ghost"}}),
        Words{"group_not_found: reading group ghost: it does not exist, no broker lists it and "
              "nothing is committed; check the name"});
}

TEST(LagProblems, PassOverATopicThatIsForbiddenUnlessItIsAllThatAGroupReads) {
    FakeKafka kafka = cluster();
    for (FakeKafkaPartition& partition : kafka.topics["b"].partitions) {
        partition.failure = KafkaFailure::forbidden;
    }
    const auto measured = [&] { return measure_lag(gather_lag(kafka, LagSelection({}))); };
    EXPECT_TRUE(problems(kafka).empty());
    EXPECT_EQ(measured().groups.at(0).totals.ignored, 4);
    EXPECT_EQ(measured().groups.at(0).totals.unread, 0);

    kafka.groups["only-b"].commits[{"b", 1}] = 1;
    EXPECT_EQ(messages(kafka),
              Words{"partition_forbidden: reading the log offsets of 1 partition of 1 topic, first "
                    "b/1: the ACLs forbid it; grant Describe on the topic"});
    EXPECT_EQ(measured().groups.at(1).totals.ignored, 0);
    EXPECT_EQ(measured().groups.at(1).totals.unread, 1);
}

TEST(LagProblems, NameTopicsThatWereNamedAndCannotBeRead) {
    FakeKafka kafka = cluster();
    kafka.topics["b"].failure = KafkaFailure::forbidden;
    const std::vector<Problem> found = problems(kafka, {.topics = {"nope", "b", "a"}});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].code, "topic_forbidden");
    EXPECT_EQ(found[0].subject, "topic b");
    EXPECT_EQ(found[1].code, "topic_not_found");
    EXPECT_EQ(found[1].subject, "topic nope");
}

}  // namespace
}  // namespace caretaker
