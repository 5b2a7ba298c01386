// SPDX-License-Identifier: Apache-2.0
// The arithmetic of lag.
#include "jobs/lag/lag_model.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace caretaker {
namespace {

using std::nullopt;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

std::string words(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "none";
}

std::string words(const Lag& lag) {
    return "lag " + words(lag.lag) + ", backlog " + words(lag.backlog) + ", lost " +
           words(lag.lost) + ", ahead " + words(lag.ahead);
}

TEST(ComputeLag, FollowsItsDefinitionsAtEveryBoundary) {
    struct Case {
        const char* what = "";
        std::int64_t committed = 0;
        LogOffsets log{};
        Lag expected{};
    };

    const std::vector<Case> cases{
        {"behind", 40, {.start = 10, .end = 100}, {60, 60, 0, 0}},
        {"caught up", 100, {.start = 10, .end = 100}, {0, 0, 0, 0}},
        {"one behind", 99, {.start = 10, .end = 100}, {1, 1, 0, 0}},
        {"nothing read yet", 0, {.start = 0, .end = 5}, {5, 5, 0, 0}},
        {"empty log", 0, {.start = 0, .end = 0}, {0, 0, 0, 0}},
        {"log emptied by retention", 100, {.start = 100, .end = 100}, {0, 0, 0, 0}},
        {"at the start", 10, {.start = 10, .end = 100}, {90, 90, 0, 0}},
        {"just before the start", 9, {.start = 10, .end = 100}, {91, 90, 1, 0}},
        {"all lost", 0, {.start = 100, .end = 100}, {100, 0, 100, 0}},
        {"beyond the end", 101, {.start = 10, .end = 100}, {0, 0, 0, 1}},
        {"no commit", -1, {.start = 10, .end = 100}, {nullopt, nullopt, nullopt, nullopt}},
        {"end unknown", 5, {.start = 10, .end = -1}, {nullopt, nullopt, 5, nullopt}},
        {"start unknown", 5, {.start = -1, .end = 10}, {5, nullopt, nullopt, 0}},
        {"log unknown", 5, {}, {nullopt, nullopt, nullopt, nullopt}},
        {"nothing known", -1, {}, {nullopt, nullopt, nullopt, nullopt}},
        {"start beyond the end", 5, {.start = 20, .end = 10}, {5, 0, 15, 0}},
        {"widest log", 0, {.start = 0, .end = most}, {most, most, 0, 0}},
        {"furthest ahead", most, {.start = 0, .end = 0}, {0, 0, 0, most}},
        {"hostile commit", least, {.start = 0, .end = most}, {nullopt, nullopt, nullopt, nullopt}},
        {"hostile end", most, {.start = 0, .end = least}, {nullopt, nullopt, 0, nullopt}},
        {"hostile start", most, {.start = least, .end = most}, {0, nullopt, nullopt, 0}},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(words(compute_lag(c.committed, c.log)), words(c.expected)) << c.what;
    }
}

TEST(StateOfPartition, NamesTheMostNotableThing) {
    struct Case {
        PartitionLag row{};
        LogOffsets log{};
        std::string_view expected{};
    };

    const LogOffsets good{.start = 10, .end = 20};
    const std::vector<Case> cases{
        {{.committed = 15}, good, "measured"},
        {{.committed = 20}, good, "measured"},
        {{.committed = 21}, good, "ahead"},
        {{.committed = 9}, good, "lost"},
        {{.committed = 25}, {.start = 30, .end = 20}, "lost"},
        {{}, good, "no_commit"},
        {{.commit_failure = KafkaFailure::forbidden}, good, "forbidden"},
        {{.committed = 15, .commit_failure = KafkaFailure::failed}, good, "measured"},
        {{}, {.failure = KafkaFailure::no_leader}, "no_leader"},
        {{.committed = 1}, {.failure = KafkaFailure::unknown_topic}, "unknown_topic"},
        {{.committed = 1}, {.failure = KafkaFailure::timed_out}, "timed_out"},
        {{.committed = 1}, {.failure = KafkaFailure::loading}, "loading"},
        {{.committed = 1}, {.failure = KafkaFailure::unsupported}, "unsupported"},
        {{.committed = 1}, {.failure = KafkaFailure::failed}, "failed"},
        {{.committed = 1}, {.start = -1, .end = 20}, "failed"},
        {{.committed = 1}, {.start = 0, .end = -1}, "failed"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(to_string(state_of(c.row, c.log)), c.expected);
    }
}

/// Facts about one topic "t" with the given logs, and groups filled in by the test.
class MeasureLag : public testing::Test {
 protected:
    void set_logs(const std::string& topic, const std::vector<LogOffsets>& logs) {
        const TopicId id = facts.names.intern(topic);
        for (std::size_t i = 0; i < logs.size(); ++i) {
            wanted_.push_back({id, static_cast<std::int32_t>(i)});
            known_[wanted_.back()] = logs[i];
        }
    }

    GroupFacts& add_group(const std::string& name) {
        GroupFacts& group = facts.groups.emplace_back();
        group.group.name = name;
        group.group.kind = GroupKind::classic;
        group.group.members_known = true;
        return group;
    }

    void commit(GroupFacts& group, const std::string& topic, std::int32_t number, std::int64_t at) {
        group.offsets.offsets.push_back({{facts.names.intern(topic), number}, at});
        group.has_commits = true;
    }

    void own(GroupFacts& group,
             const std::string& member,
             const std::string& topic,
             std::vector<std::int32_t> partitions) {
        GroupMember& entry = group.group.members.emplace_back();
        entry.member_id = member;
        entry.assignment.push_back({facts.names.intern(topic), std::move(partitions)});
    }

    ClusterLag measure() {
        LogTable logs(wanted_, facts.names);
        std::vector<LogOffsets> offsets;
        for (const PartitionRef where : logs.partitions()) {
            offsets.push_back(known_.at(where));
        }
        std::vector<std::int32_t> leaders(offsets.size(), 1);
        logs.fill(std::move(offsets), std::move(leaders));
        facts.logs = std::move(logs);
        return measure_lag(std::move(facts));
    }

    /// "topic/partition@commit owner" per row.
    static std::vector<std::string> rows(const ClusterLag& cluster, const GroupLag& group) {
        std::vector<std::string> out;
        for (const PartitionLag& row : group.partitions) {
            const std::string owner = row.member == PartitionLag::no_member
                                          ? "-"
                                          : group.group.members.at(row.member).member_id;
            out.push_back(cluster.topic_name(row.log) + "/" +
                          std::to_string(cluster.facts.logs.partition(row.log).partition) + "@" +
                          std::to_string(row.committed) + " " + owner);
        }
        return out;
    }

    LagFacts facts;

 private:
    std::vector<PartitionRef> wanted_;
    std::map<PartitionRef, LogOffsets> known_;
};

using Rows = std::vector<std::string>;

TEST_F(MeasureLag, GivesAnEmptyClusterNoGroupsAndNoNumbers) {
    const ClusterLag cluster = measure();
    EXPECT_TRUE(cluster.groups.empty());
    EXPECT_EQ(cluster.totals.partitions, 0);
    EXPECT_EQ(cluster.totals.sum, Lag{});
    EXPECT_EQ(cluster.worst, nullopt);
}

TEST_F(MeasureLag, JoinsCommitsAndOwnersIntoOneRowPerPartitionByTopicNameAndNumber) {
    const LogOffsets log{.start = 0, .end = 10};
    set_logs("zoo", {log, log});
    set_logs("app", {log, log, log});
    GroupFacts& group = add_group("g");
    commit(group, "zoo", 1, 4);
    commit(group, "app", 2, 5);
    commit(group, "app", 0, 6);
    own(group, "m1", "app", {1, 2});
    const ClusterLag cluster = measure();
    EXPECT_EQ(rows(cluster, cluster.groups.at(0)),
              (Rows{"app/0@6 -", "app/1@-1 m1", "app/2@5 m1", "zoo/1@4 -"}));
}

TEST_F(MeasureLag, GivesAPartitionThatTwoMembersClaimToTheFirstByMemberId) {
    set_logs("t", {{.start = 0, .end = 10}});
    GroupFacts& group = add_group("g");
    own(group, "m2", "t", {0});
    commit(group, "t", 0, 7);
    own(group, "m1", "t", {0, 0});
    const ClusterLag cluster = measure();
    EXPECT_EQ(rows(cluster, cluster.groups.at(0)), Rows{"t/0@7 m1"});
    EXPECT_EQ(cluster.groups.at(0).totals.partitions, 1);
}

TEST_F(MeasureLag, TakesTheHigherOffsetOfTwoCommitsOnOnePartition) {
    set_logs("t", {{.start = 0, .end = 10}});
    GroupFacts& group = add_group("g");
    commit(group, "t", 0, 3);
    commit(group, "t", 0, 8);
    commit(group, "t", 0, least);
    const ClusterLag cluster = measure();
    EXPECT_EQ(rows(cluster, cluster.groups.at(0)), Rows{"t/0@8 -"});
}

TEST_F(MeasureLag, LeavesOutPartitionsThatWereNotAskedFor) {
    set_logs("t", {{.start = 0, .end = 10}});
    GroupFacts& group = add_group("g");
    commit(group, "t", 1, 3);
    commit(group, "other", 0, 3);
    own(group, "m", "other", {0});
    EXPECT_TRUE(measure().groups.at(0).partitions.empty());
}

TEST_F(MeasureLag, AddsUpKnownLagsOnlyAndCountsTheOthers) {
    set_logs("t",
             {{.start = 0, .end = 10},
              {.start = 50, .end = 100},
              {.start = 0, .end = 10},
              {.failure = KafkaFailure::no_leader},
              {.failure = KafkaFailure::unknown_topic},
              {.start = 0, .end = 5}});
    GroupFacts& group = add_group("g");
    commit(group, "t", 0, 10);
    commit(group, "t", 1, 40);
    own(group, "m", "t", {2});
    commit(group, "t", 3, 1);
    commit(group, "t", 4, 1);
    commit(group, "t", 5, 7);
    const ClusterLag cluster = measure();
    const LagTotals& totals = cluster.groups.at(0).totals;
    EXPECT_EQ(totals.partitions, 6);
    EXPECT_EQ(totals.behind, 1);
    EXPECT_EQ(totals.no_commit, 1);
    EXPECT_EQ(totals.unread, 1);
    EXPECT_EQ(totals.ignored, 1);
    EXPECT_EQ(words(totals.sum), "lag 60, backlog 50, lost 10, ahead 2");
    EXPECT_EQ(totals.lag_max, 60);
    EXPECT_EQ(cluster.facts.logs.partition(totals.max_at).partition, 1);
    EXPECT_EQ(words(cluster.totals.sum), words(totals.sum));
}

TEST_F(MeasureLag, HasNoSumWhereNothingIsKnown) {
    set_logs("t", {{.failure = KafkaFailure::timed_out}, {.start = 0, .end = 9}});
    GroupFacts& group = add_group("g");
    commit(group, "t", 0, 1);
    own(group, "m", "t", {1});
    const ClusterLag cluster = measure();
    EXPECT_EQ(cluster.groups.at(0).totals.sum, Lag{});
    EXPECT_EQ(cluster.groups.at(0).totals.lag_max, nullopt);
    EXPECT_EQ(cluster.totals.sum.lag, nullopt);
}

TEST_F(MeasureLag, StopsSumsAtTheLargestNumber) {
    const LogOffsets whole{.start = 0, .end = most};
    set_logs("t", {whole, whole, whole});
    for (const char* name : {"g1", "g2"}) {
        GroupFacts& group = add_group(name);
        commit(group, "t", 0, 1);
        commit(group, "t", 1, 1);
        commit(group, "t", 2, 1);
    }
    const ClusterLag cluster = measure();
    EXPECT_EQ(cluster.groups.at(0).totals.sum.lag, most);
    EXPECT_EQ(cluster.groups.at(0).totals.lag_max, most - 1);
    EXPECT_EQ(cluster.totals.sum.lag, most);
}

TEST_F(MeasureLag, NamesOfEqualLagsTheFirstByTopicPartitionAndGroup) {
    const LogOffsets log{.start = 0, .end = 10};
    set_logs("b", {log, log});
    set_logs("a", {log, log});
    for (const char* name : {"g1", "g2"}) {
        GroupFacts& group = add_group(name);
        commit(group, "b", 0, 3);
        commit(group, "a", 1, 3);
        commit(group, "a", 0, 4);
    }
    const ClusterLag cluster = measure();
    EXPECT_EQ(cluster.topic_name(cluster.totals.max_at), "a");
    EXPECT_EQ(cluster.facts.logs.partition(cluster.totals.max_at).partition, 1);
    EXPECT_EQ(cluster.worst, 0U);
}

TEST_F(MeasureLag, SumsPerTopicInTheOrderOfTopicNames) {
    const LogOffsets log{.start = 0, .end = 10};
    set_logs("b", {log, log});
    set_logs("a", {log});
    GroupFacts& group = add_group("g");
    commit(group, "b", 0, 3);
    commit(group, "b", 1, 9);
    commit(group, "a", 0, 8);
    const ClusterLag cluster = measure();
    const std::vector<TopicLag> topics = sum_by_topic(cluster.groups.at(0), cluster.facts.logs);
    ASSERT_EQ(topics.size(), 2U);
    EXPECT_EQ(cluster.facts.names.name(topics[0].topic), "a");
    EXPECT_EQ(topics[0].totals.sum.lag, 2);
    EXPECT_EQ(topics[0].partitions.size(), 1U);
    EXPECT_EQ(topics[1].totals.sum.lag, 8);
    EXPECT_EQ(topics[1].totals.lag_max, 7);
    EXPECT_TRUE(sum_by_topic(GroupLag{}, cluster.facts.logs).empty());
}

TEST_F(MeasureLag, KeepsTheOwnersOfAGroupWithMembersButNoCommits) {
    set_logs("t", {{.start = 0, .end = 10}, {.start = 0, .end = 0}});
    own(add_group("g"), "m", "t", {0, 1});
    const ClusterLag cluster = measure();
    EXPECT_EQ(rows(cluster, cluster.groups.at(0)), (Rows{"t/0@-1 m", "t/1@-1 m"}));
    EXPECT_EQ(cluster.groups.at(0).totals.no_commit, 2);
    EXPECT_EQ(cluster.groups.at(0).totals.sum.lag, nullopt);
}

TEST_F(MeasureLag, ShowsCommitsThatTheCoordinatorRefusedAsRowsWithoutNumbers) {
    set_logs("t", {{.start = 0, .end = 10}});
    GroupFacts& group = add_group("g");
    group.offsets.partition_problems.push_back(
        {{facts.names.intern("t"), 0}, {KafkaFailure::forbidden, "no"}});
    const ClusterLag cluster = measure();
    const GroupLag& measured = cluster.groups.at(0);
    ASSERT_EQ(measured.partitions.size(), 1U);
    EXPECT_EQ(state_of(measured.partitions[0], cluster.facts.logs.offsets(0)),
              PartitionState::forbidden);
    EXPECT_EQ(measured.totals.unread, 1);
    EXPECT_EQ(measured.totals.no_commit, 0);
}

TEST_F(MeasureLag, TellsWhatCouldBeReadOfAGroup) {
    struct Case {
        const char* what = "";
        GroupKind kind = GroupKind::classic;
        bool named = false;
        bool has_commits = false;
        std::optional<KafkaProblem> offsets_problem{};
        std::optional<KafkaProblem> describe_problem{};
        bool listing_failed = false;
        GroupReading expected{};
    };

    const KafkaProblem bad{KafkaFailure::forbidden, "no"};
    using enum GroupReading;
    const std::vector<Case> cases{
        {.what = "listed without commits", .expected = measured},
        {.what = "KIP-848", .kind = GroupKind::consumer, .expected = measured},
        {.what = "share group", .kind = GroupKind::share, .expected = not_measured},
        {.what = "Connect workers", .kind = GroupKind::other, .expected = not_measured},
        {.what = "refused", .offsets_problem = bad, .expected = unread},
        {.what = "listed, not described",
         .kind = GroupKind::unknown,
         .describe_problem = bad,
         .expected = measured},
        {.what = "unlisted with commits",
         .kind = GroupKind::unknown,
         .named = true,
         .has_commits = true,
         .listing_failed = true,
         .expected = measured},
        {.what = "nowhere", .kind = GroupKind::unknown, .named = true, .expected = not_found},
        {.what = "nowhere, but a broker did not list",
         .kind = GroupKind::unknown,
         .named = true,
         .listing_failed = true,
         .expected = unread},
        {.what = "nowhere, but describing it was refused",
         .kind = GroupKind::unknown,
         .named = true,
         .describe_problem = bad,
         .expected = unread},
    };
    for (const Case& c : cases) {
        facts = {};
        GroupFacts& group = add_group("g");
        group.group.kind = c.kind;
        group.group.problem = c.describe_problem;
        group.named = c.named;
        group.has_commits = c.has_commits;
        group.offsets.problem = c.offsets_problem;
        if (c.listing_failed) {
            facts.listing_problems.push_back({KafkaFailure::timed_out, "slow"});
        }
        EXPECT_EQ(to_string(measure().groups.at(0).reading), to_string(c.expected)) << c.what;
    }
}

TEST_F(MeasureLag, KeepsWhyAGroupCouldNotBeReadWhole) {
    GroupFacts& both = add_group("both");
    both.group.problem = {KafkaFailure::timed_out, "describe"};
    both.offsets.problem = {KafkaFailure::forbidden, "offsets"};
    GroupFacts& one = add_group("one");
    one.group.problem = {KafkaFailure::timed_out, "describe"};
    const ClusterLag cluster = measure();
    EXPECT_EQ(cluster.groups.at(0).problem.value().text, "offsets");
    EXPECT_EQ(cluster.groups.at(1).problem.value().text, "describe");
}

}  // namespace
}  // namespace caretaker
