// SPDX-License-Identifier: Apache-2.0
// The scenarios: the same for the same seed, and as large as asked for.
#include "tests/sandbox/kafka_scenario.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace caretaker::sandbox {
namespace {

const FakeGroup& group_of(KafkaScenario& scenario, std::string_view name) {
    const auto* group = find_group(scenario, name);
    EXPECT_NE(group, nullptr) << name;
    return *group;
}

const FakePartition& log_of(KafkaScenario& scenario,
                            std::string_view topic,
                            std::int32_t partition) {
    return find_topic(scenario, topic)->partitions.at(static_cast<std::size_t>(partition));
}

std::int64_t total_lag(KafkaScenario& scenario, std::string_view name) {
    std::int64_t lag = 0;
    for (const auto& on_topic : group_of(scenario, name).commits) {
        for (const auto& commit : on_topic.commits) {
            lag += log_of(scenario, on_topic.topic, commit.partition).log_end - commit.offset;
        }
    }
    return lag;
}

TEST(DemoScenario, IsTheSameForTheSameSeed) {
    EXPECT_EQ(make_demo_scenario(7), make_demo_scenario(7));
    EXPECT_NE(make_demo_scenario(7), make_demo_scenario(8));
}

TEST(DemoScenario, IsTheSameWithEveryCompilerAndLibrary) {
    auto scenario = make_demo_scenario(1);
    EXPECT_EQ(log_of(scenario, "logs-audit", 0).log_end, 117'379'281);
    EXPECT_EQ(group_of(scenario, demo::odd_name_group).commits.front().commits.front().offset,
              26'168'276);
}

TEST(DemoScenario, HasUniqueNames) {
    const auto scenario = make_demo_scenario(1);
    std::set<std::string_view> names;
    for (const auto& topic : scenario.topics) {
        EXPECT_TRUE(names.insert(topic.name).second) << topic.name;
    }
    for (const auto& group : scenario.groups) {
        EXPECT_TRUE(names.insert(group.name).second) << group.name;
    }
}

TEST(DemoScenario, HasLogsThatAreWellFormed) {
    for (const std::uint64_t seed : {0U, 1U, 2U, 12345U}) {
        for (const auto& topic : make_demo_scenario(seed).topics) {
            EXPECT_GE(topic.partitions.size(), 3U) << topic.name;
            EXPECT_LE(topic.partitions.size(), 24U) << topic.name;
            for (const auto& log : topic.partitions) {
                EXPECT_GE(log.log_start, 0);
                EXPECT_GT(log.log_end, log.log_start);
            }
        }
    }
}

class DemoGroups : public testing::TestWithParam<std::uint64_t> {
 protected:
    KafkaScenario scenario = make_demo_scenario(GetParam());
};

TEST_P(DemoGroups, LagAsTheirNamesSay) {
    EXPECT_LE(total_lag(scenario, demo::healthy_group), 20 * 56);
    EXPECT_GE(total_lag(scenario, demo::slow_group), 24 * 15'000);
    EXPECT_GE(total_lag(scenario, demo::big_lag_group), 12 * 900'000);
}

TEST_P(DemoGroups, FallBehindWhenTheyAreSlow) {
    const auto& slow = group_of(scenario, demo::slow_group);
    for (const auto& commit : slow.commits.front().commits) {
        EXPECT_LT(
            commit.records_per_second,
            log_of(scenario, slow.commits.front().topic, commit.partition).records_per_second);
    }
}

TEST_P(DemoGroups, HaveCommitsWithoutMembers) {
    const auto& dead = group_of(scenario, demo::dead_group);
    EXPECT_EQ(dead.state, "Empty");
    EXPECT_TRUE(dead.members.empty());
    EXPECT_FALSE(dead.commits.empty());
}

TEST_P(DemoGroups, HaveCommitsOnADeletedTopic) {
    const auto& group = group_of(scenario, demo::deleted_topic_group);
    EXPECT_NE(std::ranges::find(group.commits, demo::deleted_topic, &FakeCommits::topic),
              group.commits.end());
    EXPECT_EQ(find_topic(scenario, demo::deleted_topic), nullptr);
}

TEST_P(DemoGroups, HaveLostRecordsAndCommitsAheadOfTheEnd) {
    const auto& lost = group_of(scenario, demo::lost_records_group).commits.front();
    EXPECT_LT(lost.commits[0].offset, log_of(scenario, lost.topic, 0).log_start);
    EXPECT_GE(lost.commits[0].offset, 0);
    const auto& ahead = group_of(scenario, demo::ahead_group).commits.front();
    EXPECT_GT(ahead.commits[3].offset, log_of(scenario, ahead.topic, 3).log_end);
}

TEST_P(DemoGroups, OwnPartitionsWithoutACommit) {
    const auto& group = group_of(scenario, demo::no_commit_group);
    std::size_t owned = 0;
    for (const auto& member : group.members) {
        owned += member.assignment.front().partitions.size();
    }
    EXPECT_EQ(owned, 16U);
    EXPECT_EQ(group.commits.front().commits.size(), 12U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DemoGroups, testing::Values(0, 1, 2, 999));

struct GridCase {
    std::int32_t topics;
    std::int32_t partitions;
    std::int32_t groups;
    std::int32_t commits;
};

class Grid : public testing::TestWithParam<GridCase> {};

TEST_P(Grid, HasExactlyTheSizeAskedFor) {
    const auto [topics, partitions, groups, commits] = GetParam();
    auto scenario = make_grid_scenario(topics, partitions, groups, commits);
    ASSERT_EQ(scenario.topics.size(), static_cast<std::size_t>(topics));
    for (const auto& topic : scenario.topics) {
        EXPECT_EQ(topic.partitions.size(), static_cast<std::size_t>(partitions));
    }
    ASSERT_EQ(scenario.groups.size(), static_cast<std::size_t>(groups));
    for (const auto& group : scenario.groups) {
        std::set<std::pair<std::string_view, std::int32_t>> where;
        for (const auto& on_topic : group.commits) {
            for (const auto& commit : on_topic.commits) {
                where.emplace(on_topic.topic, commit.partition);
                EXPECT_EQ(
                    log_of(scenario, on_topic.topic, commit.partition).log_end - commit.offset, 10);
            }
        }
        EXPECT_EQ(where.size(), static_cast<std::size_t>(commits)) << group.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes,
                         Grid,
                         testing::Values(GridCase{10, 20, 20, 10},
                                         GridCase{100, 100, 100, 100},
                                         GridCase{3, 5, 7, 15},
                                         GridCase{1, 1, 1, 1},
                                         GridCase{2, 3, 0, 0}));

TEST(ParseGrid, ReadsFourSizes) {
    EXPECT_EQ(parse_grid_scenario("10x20:20x10"), make_grid_scenario(10, 20, 20, 10));
}

TEST(ParseGrid, RefusesWhatIsNotFourSizes) {
    for (const auto* text : {"",
                             "10",
                             "10x20",
                             "10x20:20",
                             "10x20:20x",
                             "10x20:20x10x",
                             "x20:20x10",
                             "0x20:1x1",
                             "-1x20:1x1",
                             "99999999999x1:1x1",
                             "100000x100000:1x1"}) {
        EXPECT_THROW(parse_grid_scenario(text), UsageError) << text;
    }
}

}  // namespace
}  // namespace caretaker::sandbox
