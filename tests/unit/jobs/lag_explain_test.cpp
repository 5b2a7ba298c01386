// SPDX-License-Identifier: Apache-2.0
// Why a verdict is what it is, out of what runs remember.
#include "jobs/lag/lag_explain.hpp"

#include "common/base/error.hpp"
#include "common/store/database.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/migrations.hpp"
#include "common/store/schema.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_history.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "tests/support/fake_kafka.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

class LagExplain : public testing::Test {
 protected:
    LagExplain() {
        kafka_.add_topic("t", 2, 0, 1'000);
        kafka_.add_topic("u", 1, 0, 10);
        kafka_.groups["g"].commits = {{{"t", 0}, 1'000}, {{"t", 1}, 990}, {{"u", 0}, 10}};
        for (int i = 0; i < 20; ++i) {
            run();
        }
    }

    void run() {
        now_ += std::chrono::minutes(1);
        kafka_.topics["t"].partitions[1].end += 10;
        ClusterLag lag = measure_lag(gather_lag(kafka_, LagSelection({})));
        judge_by_history(lag, &memory_, rules_, now_);
    }

    Report explain(const std::optional<NamedPartition>& only = {}) {
        return explain_lag(memory_, "g", only, rules_);
    }

    static std::string cell(const Table& table, std::size_t row, const std::string& key) {
        const auto column = std::ranges::find(table.columns, key, &Column::key);
        const Cell& value =
            table.rows.at(row).at(static_cast<std::size_t>(column - table.columns.begin()));
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            return std::to_string(*number);
        }
        const auto* text = std::get_if<std::string>(&value);
        return text != nullptr ? *text : "-";
    }

    static Database& migrated(Database& database) {
        migrate(database, schema_steps());
        return database;
    }

    FakeKafka kafka_;
    LagRuleSet rules_;
    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
    JobMemory memory_{migrated(database_), "lag", "prod"};
    WallTime now_{std::chrono::milliseconds(1'790'000'000'000)};
};

TEST_F(LagExplain, ListsThePartitionsOfAGroup) {
    const Report report = explain();
    ASSERT_EQ(report.table.rows.size(), 3U);
    EXPECT_TRUE(report.details.empty());
    EXPECT_EQ(cell(report.table, 0, "status"), "OK");
    EXPECT_EQ(cell(report.table, 1, "topic"), "t");
    EXPECT_EQ(cell(report.table, 1, "partition"), "1");
    EXPECT_EQ(cell(report.table, 1, "status"), "STOP");
    EXPECT_EQ(cell(report.table, 1, "lag"), "210");
    EXPECT_EQ(cell(report.table, 1, "time_lag"), ">19 min");
    EXPECT_EQ(cell(report.table, 2, "topic"), "u");
}

TEST_F(LagExplain, TellsEachRuleAboutOnePartition) {
    const Report report = explain(NamedPartition{.topic = "t", .partition = 1});
    ASSERT_EQ(report.table.rows.size(), 1U);
    ASSERT_EQ(report.details.size(), 2U);
    const Table& points = report.details[0];
    ASSERT_EQ(points.rows.size(), 1U);
    EXPECT_EQ(cell(points, 0, "offset"), "990");
    EXPECT_EQ(cell(points, 0, "lag"), "20");
    const Table& rules = report.details[1];
    EXPECT_EQ(cell(rules, 1, "rule"), "stopped");
    EXPECT_EQ(cell(rules, 1, "holds"), "yes");
    EXPECT_EQ(cell(rules, 2, "numbers"), "lowest recent end 1110, last offset 990");
    EXPECT_EQ(cell(rules, rules.rows.size() - 1, "rule"), "verdict STOP");
}

TEST_F(LagExplain, TellsWhatTheRunFoundBeforeTheRules) {
    struct Case {
        std::function<void(FakeKafka&)> change{};
        std::string status{};
        std::string rule{};
        std::string numbers{};
    };

    const std::vector<Case> cases{
        {[](FakeKafka& kafka) { kafka.topics["t"].partitions[1].start = 1'000; },
         "LOST",
         "records lost",
         "10 deleted before they were read"},
        {[](FakeKafka& kafka) {
             kafka.groups["g"].commits[{"t", 1}] = 9'000;
         },
         "AHEAD",
         "committed beyond the end",
         "in two runs or more"},
        {[](FakeKafka& kafka) { kafka.topics["t"].partitions[1].leader = -1; },
         "NOLEADER",
         "no leader",
         "the last run found none"},
        {[](FakeKafka& kafka) {
             kafka.topics["t"].partitions[1].failure = KafkaFailure::forbidden;
         },
         "UNKNOWN",
         "not read",
         "the last run could not read it"},
    };
    const FakeKafka before = kafka_;
    for (const Case& c : cases) {
        kafka_ = before;
        run();
        c.change(kafka_);
        run();
        run();
        const Report report = explain(NamedPartition{.topic = "t", .partition = 1});
        EXPECT_EQ(cell(report.table, 0, "status"), c.status);
        EXPECT_EQ(cell(report.details.at(1), 0, "rule"), c.rule) << c.status;
        EXPECT_EQ(cell(report.details.at(1), 0, "numbers"), c.numbers) << c.status;
        EXPECT_EQ(cell(report.details.at(1), 1, "rule"), "lag within the allowed") << c.status;
    }
    kafka_ = before;
    run();
    EXPECT_EQ(cell(explain().table, 1, "status"), "REWIND") << "the finding is of the last run";
}

TEST_F(LagExplain, TellsACommitBeyondTheEndInOneRunFromOneInTwo) {
    kafka_.groups["g"].commits[{"t", 1}] = 9'000;
    run();
    EXPECT_EQ(cell(explain().table, 1, "status"), "OK");
    run();
    EXPECT_EQ(cell(explain().table, 1, "status"), "AHEAD");
}

TEST_F(LagExplain, SaysOfAnExpiredGroupAndOfTooFewRunsWhatTheRunSaid) {
    LagRules rules;
    rules.expire_group_ms = 600'000;
    const auto status = [&](const LagRules& given) {
        return explain_lag(
            memory_, "g", NamedPartition{.topic = "t", .partition = 1}, LagRuleSet(given));
    };
    const Report expired = status(rules);
    EXPECT_EQ(cell(expired.table, 0, "status"), "EXPIRED");
    EXPECT_EQ(cell(expired.details.at(1), 0, "numbers"),
              "nothing of it moved for 19 min; counts from 10 min on");
    kafka_.groups["h"].commits = {{{"t", 1}, 990}};
    run();
    rules = {};
    rules.minimum_complete = 0.5;
    const Report few =
        explain_lag(memory_, "h", NamedPartition{.topic = "t", .partition = 1}, LagRuleSet(rules));
    EXPECT_EQ(cell(few.table, 0, "status"), "OK");
    EXPECT_EQ(cell(few.details.at(1), 0, "rule"), "too few runs");
    EXPECT_EQ(cell(few.details.at(1), 0, "numbers"), "1 of 10; judged from 5 on");
}

TEST_F(LagExplain, KnowsNothingOfWhatNoRunHasSeen) {
    EXPECT_THROW(explain(NamedPartition{.topic = "t", .partition = 2}), UsageError);
    EXPECT_THROW(explain(NamedPartition{.topic = "v", .partition = 0}), UsageError);
    EXPECT_THROW(explain_lag(memory_, "other", {}, rules_), UsageError);
}

TEST_F(LagExplain, PassesOverWhatCannotBeRead) {
    database_.execute("UPDATE memory SET body = x'ff' WHERE kind = 'ends'");
    const Report report = explain();
    EXPECT_EQ(cell(report.table, 1, "lag"), "-");
    database_.execute("UPDATE memory SET body = x'ff'");
    EXPECT_THROW(explain(), UsageError);
}

TEST(NamedPartition, IsATopicAndANumber) {
    const auto good = parse_named_partition("logs.app-1:12");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->topic, "logs.app-1");
    EXPECT_EQ(good->partition, 12);
    for (const char* bad : {"", "t", ":1", "t:", "t:x", "t:-1", "t:1x", "t:99999999999"}) {
        EXPECT_FALSE(parse_named_partition(bad)) << bad;
    }
}

}  // namespace
}  // namespace caretaker
