// SPDX-License-Identifier: Apache-2.0
// When a group's commits are asked for in parts.
#include "common/kafka/commit_strategy.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(CommitStrategy, AsksForAllAsLongAsNothingIsKnown) {
    EXPECT_FALSE(CommitStrategy(10'000).prefers_parts(0));
}

TEST(CommitStrategy, NeverUsesPartsWhereAllPartitionsTogetherAreFew) {
    for (const std::size_t existing : {0U, 1U, 500U}) {
        CommitStrategy strategy(existing);
        strategy.learn(100'000);  // commits on topics that are gone
        EXPECT_FALSE(strategy.prefers_parts(100'000)) << existing;
        EXPECT_EQ(strategy.whole_calls_at_once(0), 64U) << existing;
    }
}

TEST(CommitStrategy, UsesPartsFromTheWidthOnWhereTheyAreCheaper) {
    const struct {
        std::size_t existing;
        std::size_t narrow;
        std::size_t wide;
    } cases[] = {{501, 396, 397}, {1'000, 560, 561}, {10'000, 1'772, 1'773}};

    for (const auto& row : cases) {
        EXPECT_FALSE(CommitStrategy(row.existing).prefers_parts(row.narrow)) << row.existing;
        EXPECT_TRUE(CommitStrategy(row.existing).prefers_parts(row.wide)) << row.existing;

        CommitStrategy told(row.existing);
        told.learn(row.narrow);
        EXPECT_FALSE(told.prefers_parts(0)) << row.existing;
        told.learn(row.wide + 1);
        EXPECT_TRUE(told.prefers_parts(0)) << row.existing;
    }
}

TEST(CommitStrategy, JudgesByWhatTheAnswersCostNotByHowManyAreLong) {
    CommitStrategy strategy(10'000);
    strategy.learn(10'000);
    for (int i = 0; i < 30; ++i) {
        strategy.learn(10);
    }
    EXPECT_TRUE(strategy.prefers_parts(0));
    strategy.learn(10);
    EXPECT_FALSE(strategy.prefers_parts(0));
}

TEST(CommitStrategy, TrustsOwnersMoreThanOtherGroups) {
    CommitStrategy strategy(10'000);
    strategy.learn(10'000);
    EXPECT_FALSE(strategy.prefers_parts(10));
    CommitStrategy narrow(10'000);
    narrow.learn(10);
    EXPECT_TRUE(narrow.prefers_parts(5'000));
}

TEST(CommitStrategy, SendsMoreCallsAtOnceWithEachAnswer) {
    CommitStrategy strategy(10'000);
    EXPECT_EQ(strategy.whole_calls_at_once(0), 2U);
    EXPECT_EQ(strategy.whole_calls_at_once(1), 64U);  // its width is known
    strategy.learn(10);
    strategy.learn(10);
    EXPECT_EQ(strategy.whole_calls_at_once(0), 4U);
    for (int i = 0; i < 100; ++i) {
        strategy.learn(10);
    }
    EXPECT_EQ(strategy.whole_calls_at_once(0), 64U);
}

}  // namespace
}  // namespace caretaker
