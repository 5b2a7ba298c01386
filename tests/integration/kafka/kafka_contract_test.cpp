// SPDX-License-Identifier: Apache-2.0
// What every KafkaClient promises: asked of the one that tests use in place of a cluster, and of
// the real one in front of a cluster of our own. What one of them must not do, the other must not
// either.
#include "tests/integration/kafka/kafka_answers.hpp"
#include "tests/support/fake_kafka.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Offsets = std::map<PartitionName, std::int64_t>;

/// A cluster with the small scenario behind some client.
class Cluster {
 public:
    virtual ~Cluster() = default;
    virtual KafkaClient& client() = 0;
    /// The broker stays in the metadata and does not answer any more. After the first metadata.
    virtual void silence(std::int32_t broker) = 0;
};

GroupKind kind_of(const sandbox::FakeGroup& group) {
    switch (group.kind) {
        case sandbox::FakeGroupKind::consumer:
            return GroupKind::consumer;
        case sandbox::FakeGroupKind::share:
            return GroupKind::share;
        default:
            return group.protocol_type.empty() ? GroupKind::simple : GroupKind::classic;
    }
}

class InMemory final : public Cluster {
 public:
    InMemory() {
        const sandbox::FakeKafkaCluster twin(make_small_scenario());  // knows the coordinators
        const auto scenario = make_small_scenario();
        kafka_.brokers = {{0, "127.0.0.1", 1}, {1, "127.0.0.1", 2}, {2, "127.0.0.1", 3}};
        for (const auto& topic : scenario.topics) {
            auto& partitions = kafka_.topics[topic.name].partitions;
            for (const auto& partition : topic.partitions) {
                const auto usual = static_cast<std::int32_t>(partitions.size() % 3);
                partitions.push_back({.start = partition.log_start,
                                      .end = partition.log_end,
                                      .leader = partition.leader.value_or(usual),
                                      .written = write_times(partition)});
            }
        }
        for (const auto& group : scenario.groups) {
            kafka_.groups[group.name] = convert(group, twin.coordinator_of(group.name));
        }
    }

    KafkaClient& client() override { return kafka_; }

    void silence(std::int32_t broker) override { kafka_.silent_brokers.insert(broker); }

 private:
    /// The newest record is of the scenario's time, and the others lie evenly before it.
    static std::map<std::int64_t, WallTime> write_times(const sandbox::FakePartition& log) {
        std::map<std::int64_t, WallTime> written;
        for (std::int64_t offset = log.log_start; offset < log.log_end; ++offset) {
            const bool grows = log.records_per_second > 0;
            written[offset] =
                small_scenario_time - std::chrono::seconds(grows ? log.log_end - 1 - offset : 0);
        }
        return written;
    }

    static FakeKafkaGroup convert(const sandbox::FakeGroup& group, std::int32_t coordinator) {
        FakeKafkaGroup result{.kind = kind_of(group),
                              .state = group.state,
                              .protocol_type = group.protocol_type,
                              .coordinator = coordinator,
                              .members_known = kind_of(group) != GroupKind::consumer};
        for (const auto& member : group.members) {
            FakeKafkaMember row{member.member_id, member.client_id, member.host};
            for (const auto& assigned : member.assignment) {
                row.assignment[assigned.topic] = assigned.partitions;
            }
            result.members.push_back(row);
        }
        for (const auto& commits : group.commits) {
            for (const auto& commit : commits.commits) {
                result.commits[{commits.topic, commit.partition}] = commit.offset;
            }
        }
        return result;
    }

    FakeKafka kafka_;
};

class OverTheWire final : public Cluster {
 public:
    OverTheWire()
        : cluster_(make_small_scenario()),
          client_(make_rdkafka_client(options_for(cluster_), stop_, closer_)) {}

    KafkaClient& client() override { return *client_; }

    void silence(std::int32_t broker) override {
        cluster_.set_fault("dead:broker=" + std::to_string(broker));
    }

 private:
    sandbox::FakeKafkaCluster cluster_;
    StopSignal stop_;
    ConnectionCloser closer_;
    std::unique_ptr<KafkaClient> client_;
};

struct Kind {
    const char* name;
    std::function<std::unique_ptr<Cluster>()> make;
};

class KafkaContract : public ::testing::TestWithParam<Kind> {
 protected:
    void SetUp() override {
        cluster_ = GetParam().make();
        metadata_ = cluster_->client().fetch_metadata(names_);
    }

    KafkaClient& client() { return cluster_->client(); }

    PartitionRef ref(const std::string& topic, std::int32_t partition) {
        return {.topic = names_.intern(topic), .partition = partition};
    }

    Offsets by_name(const GroupOffsets& answer) {
        Offsets offsets;
        for (const auto& commit : answer.offsets) {
            offsets[{names_.name(commit.where.topic), commit.where.partition}] = commit.offset;
        }
        return offsets;
    }

    std::unique_ptr<Cluster> cluster_;
    TopicNames names_;
    ClusterMetadata metadata_;
};

INSTANTIATE_TEST_SUITE_P(
    Both,
    KafkaContract,
    ::testing::Values(Kind{"InMemory", [] { return std::make_unique<InMemory>(); }},
                      Kind{"OverTheWire", [] { return std::make_unique<OverTheWire>(); }}),
    [](const auto& kind) { return kind.param.name; });

TEST_P(KafkaContract, MetadataShowsBrokersAndTheLeadersOfEveryTopic) {
    EXPECT_FALSE(metadata_.cluster_id.empty());
    EXPECT_EQ(metadata_.brokers.size(), 3U);
    std::map<std::string, std::vector<std::int32_t>> leaders;
    for (const auto& topic : metadata_.topics) {
        EXPECT_EQ(topic.failure, KafkaFailure::none);
        leaders[names_.name(topic.topic)] = topic.leaders;
    }
    EXPECT_EQ(leaders["orders"], (std::vector<std::int32_t>{0, 1, 2}));
    EXPECT_EQ(leaders["audit"], (std::vector<std::int32_t>{0, -1}));
}

TEST_P(KafkaContract, GroupsAreListedByNameWithTheirKinds) {
    const auto listing = client().fetch_groups({}, false, names_);
    EXPECT_TRUE(listing.problems.empty());
    EXPECT_EQ(names_of(listing), (std::vector<std::string>{"classic", "modern", "simple"}));
    EXPECT_EQ(group_named(listing, "classic").kind, GroupKind::classic);
    EXPECT_EQ(group_named(listing, "modern").kind, GroupKind::consumer);
    EXPECT_EQ(group_named(listing, "simple").kind, GroupKind::simple);
    EXPECT_EQ(group_named(listing, "classic").state, "Stable");
    EXPECT_EQ(group_named(listing, "simple").state, "Empty");
}

TEST_P(KafkaContract, MembersOwnWhatTheyAreAssigned) {
    const auto listing = client().fetch_groups({}, false, names_);
    const auto group = group_named(listing, "classic");
    EXPECT_TRUE(group.members_known);
    EXPECT_GE(group.coordinator, 0);
    std::map<PartitionName, std::string> owners;
    for (const auto& member : group.members) {
        EXPECT_EQ(member.client_id, "indexer");
        for (const auto& topic : member.assignment) {
            for (const auto partition : topic.partitions) {
                owners[{names_.name(topic.topic), partition}] = member.member_id + member.host;
            }
        }
    }
    EXPECT_EQ(owners,
              (std::map<PartitionName, std::string>{{{"orders", 0}, "m-1/10.0.0.1"},
                                                    {{"orders", 1}, "m-1/10.0.0.1"},
                                                    {{"orders", 2}, "m-2/10.0.0.2"},
                                                    {{"audit", 0}, "m-1/10.0.0.1"}}));
}

TEST_P(KafkaContract, OwnersInAGroupOfTheNewProtocolAreNotKnown) {
    const auto listing = client().fetch_groups({}, false, names_);
    EXPECT_FALSE(group_named(listing, "modern").members_known);
    EXPECT_TRUE(group_named(listing, "simple").members_known);
}

TEST_P(KafkaContract, NamedGroupsAppearInAnyCase) {
    const std::vector<std::string> named = {"nobody", "simple"};
    EXPECT_EQ(names_of(client().fetch_groups(named, false, names_)),
              (std::vector<std::string>{"classic", "modern", "nobody", "simple"}));
    const auto only = client().fetch_groups(named, true, names_);
    EXPECT_EQ(names_of(only), (std::vector<std::string>{"nobody", "simple"}));
    EXPECT_EQ(group_named(only, "nobody").kind, GroupKind::unknown);
    EXPECT_FALSE(group_named(only, "nobody").members_known);
    EXPECT_EQ(group_named(only, "simple").kind, GroupKind::simple);
}

TEST_P(KafkaContract, ASingleNamedGroupIsDescribedToo) {
    const std::vector<std::string> named = {"classic"};
    const auto only = client().fetch_groups(named, true, names_);
    EXPECT_EQ(names_of(only), named);
    EXPECT_EQ(group_named(only, "classic").members.size(), 2U);
}

TEST_P(KafkaContract, CommitsAnswerEachRequestInItsOrder) {
    const std::vector<CommittedRequest> requests = {
        {.group = "simple"}, {.group = "nobody"}, {.group = "classic"}, {.group = "simple"}};
    const auto answers = client().fetch_committed(requests, {}, names_);
    ASSERT_EQ(answers.size(), 4U);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i].group, requests[i].group);
        EXPECT_FALSE(answers[i].problem);
    }
    EXPECT_EQ(by_name(answers[0]), (Offsets{{{"orders", 0}, 11}}));
    EXPECT_EQ(by_name(answers[1]), Offsets{});
    EXPECT_EQ(
        by_name(answers[2]),
        (Offsets{
            {{"orders", 0}, 90}, {{"orders", 1}, 80}, {{"orders", 2}, 70}, {{"audit", 0}, 50}}));
    EXPECT_EQ(by_name(answers[3]), by_name(answers[0]));
}

TEST_P(KafkaContract, CommitsOfAListAreThoseOfTheListOnly) {
    const std::vector<CommittedRequest> requests = {
        {.group = "classic", .partitions = {ref("orders", 2), ref("audit", 1)}}};
    const auto answers = client().fetch_committed(requests, {}, names_);
    EXPECT_EQ(by_name(answers.at(0)), (Offsets{{{"orders", 2}, 70}}));
    EXPECT_FALSE(answers[0].problem);
    EXPECT_TRUE(answers[0].partition_problems.empty());
}

TEST_P(KafkaContract, NothingAskedIsNothingAnswered) {
    EXPECT_TRUE(client().fetch_committed({}, {}, names_).empty());
    EXPECT_TRUE(client().fetch_log_offsets({}, names_).empty());
}

TEST_P(KafkaContract, LogOffsetsAnswerEachPartitionInItsOrder) {
    const std::vector<PartitionRef> asked = {ref("orders", 2),
                                             ref("audit", 1),
                                             ref("orders", 99),
                                             ref("gone", 0),
                                             ref("audit", 0),
                                             ref("orders", 2)};
    const auto answers = client().fetch_log_offsets(asked, names_);
    ASSERT_EQ(answers.size(), asked.size());
    const KafkaFailure failures[] = {KafkaFailure::none,
                                     KafkaFailure::no_leader,
                                     KafkaFailure::unknown_topic,
                                     KafkaFailure::unknown_topic,
                                     KafkaFailure::none,
                                     KafkaFailure::none};
    for (std::size_t i = 0; i < asked.size(); ++i) {
        EXPECT_EQ(answers[i].failure, failures[i]) << i;
        EXPECT_EQ(answers[i].end < 0, failures[i] != KafkaFailure::none) << i;
    }
    EXPECT_EQ(answers[0].start, 10);
    EXPECT_EQ(answers[0].end, 100);
    EXPECT_EQ(answers[4].start, 0);
    EXPECT_EQ(answers[4].end, 50);
    EXPECT_EQ(answers[5].end, 100);
}

TEST_P(KafkaContract, OffsetsSinceAreTheFirstRecordsOfThatTimeOrLater) {
    const std::vector<PartitionRef> asked = {
        ref("orders", 1), ref("orders", 0), ref("audit", 1), ref("gone", 0), ref("orders", 1)};
    const auto since = [&](std::chrono::milliseconds age) {
        std::vector<std::int64_t> offsets;
        for (const OffsetSince& answer :
             client().fetch_offsets_since(asked, small_scenario_time - age, names_)) {
            offsets.push_back(answer.offset);
        }
        return offsets;
    };
    using std::chrono::seconds;
    EXPECT_EQ(since(seconds(0)), (std::vector<std::int64_t>{99, 10, -1, -1, 99}));
    EXPECT_EQ(since(seconds(20)), (std::vector<std::int64_t>{79, 10, -1, -1, 79}));
    EXPECT_EQ(since(seconds(1'000)), (std::vector<std::int64_t>{10, 10, -1, -1, 10}));
    EXPECT_EQ(since(seconds(-1)), (std::vector<std::int64_t>{-1, -1, -1, -1, -1}));

    const auto answers = client().fetch_offsets_since(asked, small_scenario_time, names_);
    EXPECT_EQ(answers[0].failure, KafkaFailure::none);
    EXPECT_EQ(answers[2].failure, KafkaFailure::no_leader);
    EXPECT_EQ(answers[3].failure, KafkaFailure::unknown_topic);
    const auto later =
        client().fetch_offsets_since(asked, small_scenario_time + std::chrono::seconds(1), names_);
    EXPECT_EQ(later[0].failure, KafkaFailure::none) << "that there is none is no failure";
}

TEST_P(KafkaContract, TellsHowManyGroupsAndPartitionsAreThrough) {
    std::vector<std::int64_t> told;
    client().on_progress([&](std::int64_t done) { told.push_back(done); });
    const std::vector<CommittedRequest> requests = {{.group = "simple"}, {.group = "classic"}};
    static_cast<void>(client().fetch_committed(requests, {}, names_));
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), 2);
    EXPECT_TRUE(std::ranges::is_sorted(told));
}

TEST_P(KafkaContract, ASilentBrokerTakesOnlyWhatIsItsOwn) {
    cluster_->silence(1);
    const std::vector<PartitionRef> asked = {ref("orders", 0), ref("orders", 1), ref("orders", 2)};
    const auto answers = client().fetch_log_offsets(asked, names_);
    EXPECT_EQ(answers[0].end, 100);
    EXPECT_EQ(answers[1].failure, KafkaFailure::timed_out);
    EXPECT_EQ(answers[1].end, -1);
    EXPECT_EQ(answers[2].end, 100);

    const auto listing = client().fetch_groups({}, false, names_);
    ASSERT_EQ(listing.problems.size(), 1U);
    EXPECT_EQ(listing.problems[0].failure, KafkaFailure::timed_out);
    EXPECT_EQ(listing.problems[0].broker, 1);
}

TEST_P(KafkaContract, ABrokerThatDidNotListItsGroupsTakesWhatIsItsOwnFromLaterAnswers) {
    const auto home = group_named(client().fetch_groups({}, false, names_), "classic").coordinator;
    ASSERT_GE(home, 0);
    cluster_->silence(home);
    static_cast<void>(client().fetch_groups({}, false, names_));

    const CommittedRequest asked[] = {{.group = "classic", .coordinator = home}};
    const auto commits = client().fetch_committed(asked, {}, names_);
    ASSERT_TRUE(commits.at(0).problem);
    EXPECT_EQ(commits[0].problem->failure, KafkaFailure::timed_out);

    const std::vector<PartitionRef> partitions = {
        ref("orders", 0), ref("orders", 1), ref("orders", 2)};
    const auto logs = client().fetch_log_offsets(partitions, names_);
    for (std::int32_t leader = 0; leader < 3; ++leader) {
        EXPECT_EQ(logs[static_cast<std::size_t>(leader)].end, leader == home ? -1 : 100) << leader;
    }
}

}  // namespace
}  // namespace caretaker::testing
