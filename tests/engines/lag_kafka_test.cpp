// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against real Kafka brokers: every partition's numbers are those of Kafka's own
// tool.
#include "tests/engines/consumer_group_oracle.hpp"
#include "tests/engines/lag_kafka_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

std::string version_name(const ::testing::TestParamInfo<std::string_view>& info) {
    std::string name(info.param);
    std::ranges::replace(name, '.', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Kafka,
                         LagKafka,
                         ::testing::ValuesIn(KafkaDistribution::versions().begin(),
                                             KafkaDistribution::versions().end()),
                         version_name);

/// As Kafka's tool counts, but never below zero: a commit past the end is not a negative lag to us.
GroupDescription without_negative_lags(GroupDescription rows) {
    for (auto& [key, state] : rows) {
        if (state.lag) {
            state.lag = std::max<std::int64_t>(*state.lag, 0);
        }
    }
    return rows;
}

void expect_same_rows(const GroupDescription& ours, const GroupDescription& kafkas) {
    for (const auto& [key, state] : kafkas) {
        const auto found = ours.find(key);
        if (found == ours.end()) {
            ADD_FAILURE() << "missing: " << ::testing::PrintToString(key);
        } else {
            EXPECT_EQ(found->second, state) << ::testing::PrintToString(key);
        }
    }
    for (const auto& [key, state] : ours) {
        EXPECT_TRUE(kafkas.contains(key)) << "unknown to Kafka: " << ::testing::PrintToString(key);
    }
}

TEST_P(LagKafka, ShowsTheNumbersOfKafkasOwnToolForEveryPartition) {
    constexpr std::int32_t partitions = 12;
    const std::vector<std::string> topics{"all.nginx-access", "all_app", "all-audit", "all-idle"};
    for (std::size_t i = 0; i < topics.size(); ++i) {
        data().create_topic(topics[i], partitions);
        for (std::int32_t partition = 0; partition < partitions && topics[i] != "all-idle";
             ++partition) {
            data().produce(topics[i], partition, 20 + static_cast<int>(i) * 7 + partition * 3);
        }
    }
    data().delete_records("all-audit", 3, 15);
    std::vector<TopicOffset> everywhere;
    std::vector<TopicOffset> some;
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
        for (const std::string& topic : topics) {
            everywhere.push_back({topic, partition, topic == "all-idle" ? 0 : 2 * partition});
        }
        some.push_back({"all_app", partition, 11});
    }
    data().commit("all-indexer", everywhere);
    data().commit("all archive/cold: Büro №1", {{"all_app", 0, 0}, {"all_app", 11, 60}});
    data().commit("all-ahead", {{"all.nginx-access", 1, 999}});
    data().commit("all-lost", {{"all-audit", 3, 4}});
    data().commit("all-with-members", some);
    const auto members =
        data().join("all-with-members", "all_app", partitions, {"reader-1", "reader 2"});
    const auto newcomer = data().join("all-no-commit", "all-audit", partitions, {"newcomer"});

    const GroupDescription kafkas = describe_all_groups(server());
    const CaretakerRun run = run_lag();

    ASSERT_EQ(run.exit_code, 0) << run.err;
    expect_same_rows(rows_of(run.json()), without_negative_lags(kafkas));
    // The truth itself must hold what was put in, or the comparison would mean nothing.
    EXPECT_EQ(kafkas.at({"all-indexer", "all_app", 5}).lag, 20 + 7 + 15 - 10);
    EXPECT_EQ(kafkas.at({"all archive/cold: Büro №1", "all_app", 11}).lag, 0);
    EXPECT_EQ(kafkas.at({"all-ahead", "all.nginx-access", 1}).current_offset, 999);
    EXPECT_TRUE(kafkas.at({"all-with-members", "all_app", 0}).consumer_id.has_value());
    EXPECT_EQ(kafkas.at({"all-no-commit", "all-audit", 3}).current_offset, std::nullopt);
}

TEST_P(LagKafka, CountsRecordsThatWereDeletedBeforeTheyWereRead) {
    data().create_topic("lost", 1);
    data().produce("lost", 0, 30);
    data().delete_records("lost", 0, 25);
    data().commit("lost-records", {{"lost", 0, 10}});

    const CaretakerRun run = run_lag({"--group", "lost-records"});

    ASSERT_EQ(run.exit_code, 0) << run.err;
    const rapidjson::Document json = run.json();
    const rapidjson::Value& row = only_row(json);
    EXPECT_EQ(json_integer(row, "log_start_offset"), 25);
    EXPECT_EQ(json_integer(row, "log_end_offset"), 30);
    EXPECT_EQ(json_integer(row, "lag"), 20);
    EXPECT_EQ(json_integer(row, "backlog"), 5);
    EXPECT_EQ(json_integer(row, "lost"), 15);
}

TEST_P(LagKafka, ShowsACommitPastTheEndAsAheadAndNotAsNegativeLag) {
    data().create_topic("ahead", 1);
    data().produce("ahead", 0, 10);
    data().commit("ahead-of-log", {{"ahead", 0, 99}});

    const CaretakerRun run = run_lag({"--group", "ahead-of-log"});

    ASSERT_EQ(run.exit_code, 0) << run.err;
    const rapidjson::Document json = run.json();
    const rapidjson::Value& row = only_row(json);
    EXPECT_EQ(json_integer(row, "current_offset"), 99);
    EXPECT_EQ(json_integer(row, "lag"), 0);
    EXPECT_EQ(json_integer(row, "ahead"), 89);
}

TEST_P(LagKafka, CountsTheRecordsOfATransactionThatIsStillOpen) {
    data().create_topic("transactional", 1);
    data().commit("reader-of-open-transaction", {{"transactional", 0, 0}});
    const RdKafka writer = data().open_transaction("transactional", 0, 5);

    const CaretakerRun run = run_lag({"--group", "reader-of-open-transaction"});

    ASSERT_EQ(run.exit_code, 0) << run.err;
    const rapidjson::Document json = run.json();
    EXPECT_EQ(json_integer(only_row(json), "log_end_offset"), 5);
    EXPECT_EQ(json_integer(only_row(json), "lag"), 5);
}

TEST_P(LagKafka, FindsGroupsOfAnyNameByTheirExactName) {
    const std::vector<std::string> names{
        "with space", "with/slash", "with.dot:colon", "Büro-Übersicht", std::string(200, 'x')};
    data().create_topic("odd-names", 1);
    data().produce("odd-names", 0, 3);
    for (const std::string& name : names) {
        data().commit(name, {{"odd-names", 0, 1}});
    }
    for (const std::string& name : names) {
        const CaretakerRun run = run_lag({"--group", name});
        ASSERT_EQ(run.exit_code, 0) << run.err;
        const rapidjson::Document json = run.json();
        EXPECT_EQ(json_text(only_row(json), "group"), name);
        EXPECT_EQ(json_integer(only_row(json), "lag"), 2);
    }
}

}  // namespace
}  // namespace caretaker::testing
