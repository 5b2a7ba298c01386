// SPDX-License-Identifier: Apache-2.0
// What is asked of a cluster, in which order, and what is not.
#include "jobs/lag/lag_gather.hpp"

#include "jobs/lag/lag_selection.hpp"
#include "tests/support/fake_kafka.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Names = std::vector<std::string>;
using Partitions = std::vector<FakePartitionName>;

/// Two topics of two partitions; "billing" reads both, "search" one of them.
FakeKafka small_cluster() {
    FakeKafka kafka;
    kafka.add_topic("app", 2, 0, 100);
    kafka.add_topic("web", 2, 0, 100);
    kafka.add_topic("unread", 5, 0, 100);
    kafka.groups["billing"].commits = {{{"app", 0}, 90}, {{"web", 1}, 80}};
    kafka.groups["search"].commits = {{{"app", 0}, 70}};
    return kafka;
}

LagFacts gather(FakeKafka& kafka, const LagFilters& filters = {}) {
    return gather_lag(kafka, LagSelection(filters));
}

/// Where earlier runs saw these groups.
LagFacts gather_again(FakeKafka& kafka, const Names& expected) {
    return gather_lag(kafka, LagSelection(LagFilters{}), NoProgress::instance(), expected);
}

Names names_of(const LagFacts& facts) {
    Names names;
    for (const GroupFacts& group : facts.groups) {
        names.push_back(group.group.name);
    }
    return names;
}

TEST(GatherLag, AsksForMetadataGroupsCommitsAndThenLogs) {
    FakeKafka kafka = small_cluster();
    gather(kafka);
    EXPECT_EQ(kafka.calls.order, (Names{"metadata", "groups", "committed", "log_offsets"}));
}

TEST(GatherLag, AsksOnceForExactlyThePartitionsThatGroupsCommitOnOrOwn) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].members = {{.member_id = "m", .assignment = {{"web", {0}}}}};
    const LagFacts facts = gather(kafka);
    EXPECT_EQ(kafka.calls.log_offsets, (Partitions{{"app", 0}, {"web", 0}, {"web", 1}}));
    EXPECT_EQ(facts.logs.offsets(0).end, 100);
    EXPECT_EQ(facts.logs.leader(0), 1);
}

TEST(GatherLag, AsksForNoLogsWhenNoGroupReadsAny) {
    FakeKafka kafka;
    kafka.add_topic("app", 2, 0, 100);
    const LagFacts facts = gather(kafka);
    EXPECT_EQ(kafka.calls.order, (Names{"metadata", "groups"}));
    EXPECT_TRUE(facts.groups.empty());
    EXPECT_TRUE(facts.logs.partitions().empty());
}

TEST(GatherLag, AsksByNameForGroupsThatEarlierRunsSawAndNoBrokerLists) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].listed = false;  // its coordinator has not begun to load it
    const LagFacts facts = gather_again(kafka, {"billing", "gone", "search"});
    EXPECT_EQ(names_of(facts), (Names{"billing", "search"}));
    EXPECT_TRUE(facts.groups[1].recalled);
    EXPECT_EQ(facts.groups[1].offsets.offsets.size(), 1U);
    EXPECT_FALSE(facts.groups[0].recalled);
}

TEST(GatherLag, KeepsAnUnlistedGroupWhoseCoordinatorDoesNotAnswer) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].listed = false;
    kafka.groups["search"].offsets_problem = {KafkaFailure::loading, "not yet"};
    const LagFacts facts = gather_again(kafka, {"search"});
    ASSERT_EQ(names_of(facts), (Names{"billing", "search"}));
    EXPECT_EQ(facts.groups[1].offsets.problem->failure, KafkaFailure::loading);
}

TEST(GatherLag, AsksForUnlistedGroupsPartitionByPartitionWhereAllFindsNothing) {
    FakeKafka kafka = small_cluster();
    kafka.null_finds_nothing = true;
    kafka.groups["search"].listed = false;
    const LagFacts facts = gather_again(kafka, {"gone", "search"});
    EXPECT_EQ(names_of(facts), (Names{"billing", "search"}));
    EXPECT_EQ(facts.groups[1].offsets.offsets.size(), 1U);
}

TEST(GatherLag, DoesNotAskForUnlistedGroupsWhereABrokerDidNotList) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].listed = false;
    kafka.listing_problems = {{KafkaFailure::timed_out, "did not answer in time", 2}};
    EXPECT_EQ(names_of(gather_again(kafka, {"search"})), Names{"billing"});
    EXPECT_EQ(kafka.calls.fetched_groups, Names{"billing"});
}

TEST(GatherLag, DoesNotFetchExcludedGroups) {
    FakeKafka kafka = small_cluster();
    gather(kafka, {.excluded_groups = {"bill*"}});
    EXPECT_EQ(kafka.calls.fetched_groups, Names{"search"});
    EXPECT_EQ(kafka.calls.log_offsets, (Partitions{{"app", 0}}));
}

TEST(GatherLag, SparesTheBrokersAListingWhenAllGroupsAreNamed) {
    FakeKafka kafka = small_cluster();
    const LagFacts facts = gather(kafka, {.groups = {"search"}});
    EXPECT_TRUE(kafka.calls.named_only);
    EXPECT_EQ(kafka.calls.named_groups, Names{"search"});
    EXPECT_EQ(kafka.calls.fetched_groups, Names{"search"});
    EXPECT_FALSE(facts.listed);
    EXPECT_TRUE(facts.groups.at(0).named);
}

TEST(GatherLag, ListsGroupsForAGlobAndStillLooksUpTheNamedOnes) {
    FakeKafka kafka = small_cluster();
    const LagFacts facts = gather(kafka, {.groups = {"sea*", "ghost"}});
    EXPECT_FALSE(kafka.calls.named_only);
    EXPECT_EQ(kafka.calls.named_groups, Names{"ghost"});
    ASSERT_EQ(facts.groups.size(), 2U);
    EXPECT_EQ(facts.groups[0].group.name, "ghost");
    EXPECT_TRUE(facts.groups[0].named);
    EXPECT_FALSE(facts.groups[1].named);
}

TEST(GatherLag, AsksForNoGroupsWhenAllThatWasNamedIsExcluded) {
    FakeKafka kafka = small_cluster();
    gather(kafka, {.groups = {"search"}, .excluded_groups = {"*"}});
    EXPECT_EQ(kafka.calls.order, Names{"metadata"});
}

TEST(GatherLag, ReadsNoLogsOfUnwantedAndInternalTopics) {
    FakeKafka kafka = small_cluster();
    kafka.add_topic("__transaction_state", 1, 0, 5);
    kafka.groups["billing"].commits[{"__transaction_state", 0}] = 1;
    gather(kafka, {.excluded_topics = {"web"}});
    EXPECT_EQ(kafka.calls.log_offsets, (Partitions{{"app", 0}}));
}

TEST(GatherLag, LeavesOutGroupsThatHaveNoPartInTheWantedTopicsUnlessTheyAreNamed) {
    FakeKafka kafka = small_cluster();
    kafka.groups["idle"].state = "Empty";
    EXPECT_EQ(gather(kafka, {.topics = {"web"}}).groups.size(), 1U);
    EXPECT_EQ(gather(kafka, {.groups = {"idle", "*"}, .topics = {"web"}}).groups.size(), 2U);
    EXPECT_EQ(gather(kafka).groups.size(), 3U);
}

TEST(GatherLag, KeepsAGroupThatCouldNotBeReadWhateverTheTopics) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].offsets_problem = {KafkaFailure::forbidden, "no"};
    const LagFacts facts = gather(kafka, {.topics = {"web"}});
    ASSERT_EQ(facts.groups.size(), 2U);
    EXPECT_TRUE(facts.groups[1].offsets.problem);
}

TEST(GatherLag, DoesNotAskForOffsetsOfKindsThatHaveNone) {
    FakeKafka kafka = small_cluster();
    kafka.groups["shared"].kind = GroupKind::share;
    kafka.groups["connect-s3"].kind = GroupKind::other;
    const LagFacts facts = gather(kafka);
    EXPECT_EQ(kafka.calls.fetched_groups, (Names{"billing", "search"}));
    EXPECT_EQ(facts.groups.size(), 4U);
}

TEST(GatherLag, AsksAgainForOwnedPartitionsWhenAllPartitionsCameBackEmpty) {
    FakeKafka kafka = small_cluster();
    kafka.null_finds_nothing = true;
    kafka.groups["billing"].members = {
        {.member_id = "m", .assignment = {{"web", {0, 1}}, {"__internal", {0}}}}};
    const LagFacts facts = gather(kafka);
    ASSERT_FALSE(kafka.calls.explicit_requests.empty());
    EXPECT_EQ(kafka.calls.explicit_requests[0].first, "billing");
    EXPECT_EQ(kafka.calls.explicit_requests[0].second, (Partitions{{"web", 0}, {"web", 1}}));
    EXPECT_EQ(facts.groups.at(0).offsets.offsets.size(), 2U);
}

TEST(GatherLag, AsksAllGroupsAgainOnceAnEmptyAnswerWasWrong) {
    FakeKafka kafka = small_cluster();
    kafka.null_finds_nothing = true;
    kafka.groups["billing"].members = {{.member_id = "m", .assignment = {{"web", {0, 1}}}}};
    kafka.groups["search"].members = {};  // nobody owns what it has to read
    const LagFacts facts = gather(kafka);
    ASSERT_EQ(facts.groups.size(), 2U);
    EXPECT_EQ(facts.groups[0].offsets.offsets.size(), 2U);
    EXPECT_EQ(facts.groups[1].offsets.offsets.size(), 1U);
}

TEST(GatherLag, AsksAllGroupsAgainWhenNotOneHasCommits) {
    FakeKafka kafka = small_cluster();
    kafka.null_finds_nothing = true;
    kafka.groups["billing"].members = {};
    kafka.groups["search"].members = {};
    for (const GroupFacts& group : gather(kafka).groups) {
        EXPECT_FALSE(group.offsets.offsets.empty()) << group.group.name;
    }
}

TEST(GatherLag, AsksANamedGroupAgainForAllPartitionsOfWantedTopics) {
    FakeKafka kafka = small_cluster();
    kafka.null_finds_nothing = true;
    kafka.add_topic("__consumer_offsets", 1, 0, 5);
    kafka.topics["web"].failure = KafkaFailure::forbidden;
    const LagFacts facts = gather(kafka, {.groups = {"search"}, .excluded_topics = {"unread"}});
    ASSERT_EQ(kafka.calls.explicit_requests.size(), 1U);
    EXPECT_EQ(kafka.calls.explicit_requests[0].second, (Partitions{{"app", 0}, {"app", 1}}));
    EXPECT_EQ(facts.groups.at(0).offsets.offsets.size(), 1U);
}

TEST(GatherLag, BelievesAnEmptyAnswerOfAGroupThatNeedNotHaveCommits) {
    FakeKafka kafka = small_cluster();
    kafka.groups["idle"].state = "Empty";
    gather(kafka);
    EXPECT_TRUE(kafka.calls.explicit_requests.empty());
}

TEST(GatherLag, DoesNotAskAgainWhenAGroupWasRefused) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].offsets_problem = {KafkaFailure::forbidden, "no"};
    gather(kafka, {.groups = {"search"}});
    EXPECT_EQ(kafka.calls.fetched_groups, Names{"search"});
}

TEST(GatherLag, RemembersCommitsOnUnwantedTopicsAsASignOfLife) {
    FakeKafka kafka = small_cluster();
    const LagFacts facts = gather(kafka, {.groups = {"search"}, .topics = {"web"}});
    EXPECT_TRUE(facts.groups.at(0).has_commits);
    EXPECT_TRUE(facts.groups.at(0).offsets.offsets.empty());
}

TEST(GatherLag, NotesNamedTopicsThatCannotBeRead) {
    FakeKafka kafka = small_cluster();
    kafka.topics["web"].failure = KafkaFailure::forbidden;
    const LagFacts facts = gather(kafka, {.topics = {"app", "web", "nope", "glob-*"}});
    ASSERT_EQ(facts.unreadable_topics.size(), 2U);
    EXPECT_EQ(facts.unreadable_topics[0].name, "nope");
    EXPECT_EQ(facts.unreadable_topics[0].failure, KafkaFailure::unknown_topic);
    EXPECT_EQ(facts.unreadable_topics[1].name, "web");
    EXPECT_EQ(facts.unreadable_topics[1].failure, KafkaFailure::forbidden);
}

TEST(GatherLag, SurvivesCommitsOnPartitionsThatNeverWere) {
    FakeKafka kafka = small_cluster();
    kafka.groups["search"].commits = {
        {{"app", 99}, 1}, {{"app", -7}, 1}, {{"app", 2'147'483'647}, 1}, {{"gone", 0}, 1}};
    const LagFacts facts = gather(kafka, {.groups = {"search"}});
    EXPECT_EQ(facts.logs.partitions().size(), 4U);
    for (std::uint32_t place = 0; place < 4; ++place) {
        EXPECT_EQ(facts.logs.offsets(place).failure, KafkaFailure::unknown_topic);
        EXPECT_EQ(facts.logs.leader(place), -1);
    }
}

TEST(GatherLag, AsksForSharedPartitionsOnceHoweverManyGroupsReadThem) {
    FakeKafka kafka;
    kafka.add_topic("app", 200, 0, 100);
    for (int group = 0; group < 60; ++group) {
        auto& commits = kafka.groups["group-" + std::to_string(group)].commits;
        for (int partition = 0; partition < 200; ++partition) {
            commits[{"app", partition}] = 1;
        }
    }
    gather(kafka);
    EXPECT_EQ(kafka.calls.log_offsets.size(), 200U);
}

TEST(GatherLag, DoesNotFetchGroupsInOtherStates) {
    FakeKafka kafka = small_cluster();
    kafka.groups["billing"].state = "Empty";
    const LagFacts facts = gather(kafka, {.states = {"empty"}});
    EXPECT_EQ(kafka.calls.fetched_groups, Names{"billing"});
    ASSERT_EQ(facts.groups.size(), 1U);
}

TEST(GatherLag, AsksForEachLimitOnceForAllPartitions) {
    FakeKafka kafka = small_cluster();
    const WallTime now{std::chrono::hours(1'000)};
    kafka.topics["app"].partitions[0].written = {{10, now - std::chrono::minutes(10)},
                                                 {50, now - std::chrono::minutes(2)}};
    LagFacts facts = gather(kafka);
    kafka.calls.order.clear();
    const std::vector<std::chrono::milliseconds> limits{std::chrono::minutes(1),
                                                        std::chrono::minutes(5)};
    gather_sla(kafka, limits, now, facts, NoProgress::instance());
    EXPECT_EQ(kafka.calls.order, (Names{"offsets_since", "offsets_since"}));
    ASSERT_EQ(facts.sla.size(), 2U);
    EXPECT_EQ(facts.sla[0].limit, limits[0]);
    EXPECT_EQ(facts.sla[0].since.at(0).offset, -1) << "nothing is so new";
    EXPECT_EQ(facts.sla[1].since.at(0).offset, 50);
}

/// Writes down what it is told.
class ProgressNotes final : public Progress {
 public:
    void begin(std::string_view doing,
               std::string_view unit,
               std::optional<std::int64_t> total) override {
        notes.push_back(std::string(doing) + (total ? " " + std::to_string(*total) : "") +
                        (unit.empty() ? "" : " ") + std::string(unit));
    }

    void update(std::int64_t done) override { notes.back() += " " + std::to_string(done); }

    Names notes{};
};

TEST(GatherLag, SaysHowFarItIs) {
    FakeKafka kafka = small_cluster();
    ProgressNotes progress;
    gather_lag(kafka, LagSelection(LagFilters{}), progress);
    EXPECT_EQ(progress.notes,
              (Names{"connecting to Kafka",
                     "listing groups",
                     "reading committed offsets 2 groups 2",
                     "reading log offsets 2 partitions 2"}));
}

TEST(GatherLag, ReadsTheRecordsThatGroupsReadNextOnNamedPartitionsAlone) {
    FakeKafka kafka = small_cluster();
    const WallTime written{std::chrono::hours(1'000)};
    kafka.topics["app"].partitions[0].written = {{70, written}, {90, written}};
    kafka.groups["done"].commits = {{{"app", 0}, 100}};
    kafka.groups["twin"].commits = {{{"app", 0}, 90}};
    LagFacts facts = gather(kafka);
    kafka.calls.order.clear();
    const std::vector<NamedPartition> named{{"app", 0}, {"app", 7}, {"no-such-topic", 0}};
    gather_record_times(kafka, named, facts, NoProgress::instance());
    EXPECT_EQ(kafka.calls.order, Names{"record_times"});
    std::vector<std::int64_t> offsets;
    for (const auto& [where, time] : facts.record_times) {
        offsets.push_back(where.second);
        EXPECT_EQ(time.at, written);
    }
    EXPECT_EQ(offsets, (std::vector<std::int64_t>{70, 90})) << "each once, and none that is read";
}

TEST(GatherLag, FetchesNoRecordUnlessAGroupIsBehindOnTheNamedPartition) {
    FakeKafka kafka = small_cluster();
    LagFacts facts = gather(kafka);
    kafka.calls.order.clear();
    const std::vector<NamedPartition> named{{"unread", 0}};
    gather_record_times(kafka, named, facts, NoProgress::instance());
    EXPECT_TRUE(kafka.calls.order.empty());
}

}  // namespace
}  // namespace caretaker
