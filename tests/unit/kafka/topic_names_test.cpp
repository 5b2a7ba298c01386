// SPDX-License-Identifier: Apache-2.0
// The small numbers that stand for topic names.
#include "common/kafka/kafka.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace caretaker {
namespace {

TEST(TopicNames, CountUpFromZeroInTheOrderOfFirstSight) {
    TopicNames names;
    EXPECT_EQ(names.intern("b"), 0U);
    EXPECT_EQ(names.intern("a"), 1U);
    EXPECT_EQ(names.intern("b"), 0U);
    EXPECT_EQ(names.size(), 2U);
    EXPECT_EQ(names.name(1), "a");
}

TEST(TopicNames, FindDoesNotAddAName) {
    TopicNames names;
    EXPECT_EQ(names.find("a"), std::nullopt);
    EXPECT_EQ(names.size(), 0U);
    names.intern("a");
    EXPECT_EQ(names.find("a"), 0U);
}

TEST(TopicNames, RefuseAnIdThatTheyDidNotGive) {
    const TopicNames names;
    EXPECT_THROW(static_cast<void>(names.name(0)), std::out_of_range);
}

}  // namespace
}  // namespace caretaker
