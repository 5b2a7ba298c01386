// SPDX-License-Identifier: Apache-2.0
// Later than a time or not, by the first record since then.
#include "jobs/lag/lag_sla.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> words;
    for (const SlaLimit limit : parse_sla_limits(text)) {
        words.push_back(sla_word(limit));
    }
    return words;
}

TEST(SlaLimits, ComeInAscendingOrderEachOnce) {
    EXPECT_EQ(words("1m,5m,15m,1h"), (std::vector<std::string>{"1m", "5m", "15m", "1h"}));
    EXPECT_EQ(words("1h,60s,1m"), (std::vector<std::string>{"1m", "1h"}));
    EXPECT_EQ(words("2d"), (std::vector<std::string>{"2d"}));
}

TEST(SlaLimits, AreRefusedWhereTheyAreNone) {
    for (const char* text : {"", ",", "1m,", ",1m", "1m,,5m", "soon", "0s", "-1m", "5"}) {
        EXPECT_THROW(parse_sla_limits(text), UsageError) << text;
    }
    EXPECT_EQ(parse_sla_limits("1s,2s,3s,4s,5s,6s,7s,8s,9s,10s").size(), 10U);
    EXPECT_THROW(parse_sla_limits("1s,2s,3s,4s,5s,6s,7s,8s,9s,10s,11s"), UsageError);
}

TEST(SlaLimits, AreCalledByTheLargestUnitThatLeavesAWholeNumber) {
    using namespace std::chrono_literals;
    EXPECT_EQ(sla_word(90s), "90s");
    EXPECT_EQ(sla_word(120s), "2m");
    EXPECT_EQ(sla_word(90min), "90m");
    EXPECT_EQ(sla_word(24h), "1d");
    EXPECT_EQ(sla_word(36h), "36h");
    EXPECT_EQ(sla_word(1500ms), "1500ms");
}

constexpr LogOffsets log_of_100{.start = 10, .end = 100};

TEST(IsLate, ComparesTheCommitWithTheFirstRecordOfTheTime) {
    EXPECT_EQ(is_late(50, log_of_100, {.offset = 50}), false);
    EXPECT_EQ(is_late(51, log_of_100, {.offset = 50}), false);
    EXPECT_EQ(is_late(49, log_of_100, {.offset = 50}), true);
}

TEST(IsLate, TakesTheStartOfTheLogWhereTheCommitIsOlder) {
    EXPECT_EQ(is_late(3, log_of_100, {.offset = 10}), false);
    EXPECT_EQ(is_late(3, log_of_100, {.offset = 11}), true);
}

TEST(IsLate, IsTrueOfAnythingUnreadWhereNoRecordIsSoNew) {
    EXPECT_EQ(is_late(99, log_of_100, {.offset = -1}), true);
    EXPECT_EQ(is_late(100, log_of_100, {.offset = -1}), false) << "nothing is left to read";
    EXPECT_EQ(is_late(100, log_of_100, {.offset = 101}), false)
        << "what was written after the end was read";
}

TEST(IsLate, IsNotKnownWithoutACommitOrAnAnswer) {
    EXPECT_EQ(is_late(-1, log_of_100, {.offset = 50}), std::nullopt);
    EXPECT_EQ(is_late(50, {.failure = KafkaFailure::timed_out}, {.offset = 50}), std::nullopt);
    EXPECT_EQ(is_late(50, {.end = 100}, {.offset = 50}), std::nullopt);
    EXPECT_EQ(is_late(50, log_of_100, {.failure = KafkaFailure::unsupported}), std::nullopt);
}

/// Two partitions of one topic, [10, 100), and what is said of 1m and 1h.
LagFacts facts_with(std::vector<OffsetSince> minute, std::vector<OffsetSince> hour) {
    LagFacts facts;
    const TopicId topic = facts.names.intern("t");
    facts.logs = LogTable({{topic, 0}, {topic, 1}}, facts.names);
    facts.logs.fill({log_of_100, log_of_100}, {1, 1});
    facts.sla = {{.limit = std::chrono::minutes(1), .since = std::move(minute)},
                 {.limit = std::chrono::hours(1), .since = std::move(hour)}};
    return facts;
}

TEST(KeptLimit, IsTheFirstThatThePartitionIsNotLaterThan) {
    const LagFacts facts =
        facts_with({{.offset = 90}, {.offset = 90}}, {{.offset = 20}, {.offset = 20}});
    EXPECT_EQ(find_kept_limit({.committed = 95, .log = 0}, facts), 0U);
    EXPECT_EQ(find_kept_limit({.committed = 50, .log = 1}, facts), 1U);
    EXPECT_EQ(find_kept_limit({.committed = 15, .log = 1}, facts), 2U) << "none of them";
    EXPECT_EQ(find_kept_limit({.committed = -1, .log = 1}, facts), std::nullopt);
}

TEST(CountLate, CountsThePartitionsOfEachLimit) {
    const LagFacts facts =
        facts_with({{.offset = 90}, {.offset = 90}}, {{.offset = 20}, {.offset = 20}});
    const std::vector<PartitionLag> rows{{.committed = 50, .log = 0}, {.committed = 15, .log = 1}};
    EXPECT_EQ(count_late(rows, facts), (std::vector<std::int64_t>{2, 1}));
    EXPECT_EQ(count_late({}, facts), (std::vector<std::int64_t>{0, 0}));
    EXPECT_TRUE(count_late(rows, LagFacts{}).empty());
}

}  // namespace
}  // namespace caretaker
