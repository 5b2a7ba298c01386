// SPDX-License-Identifier: Apache-2.0
// The table of partitions that groups share.
#include "jobs/lag/lag_facts.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace caretaker {
namespace {

TEST(LogTable, OrdersPartitionsByTopicNameAndNumberAndKeepsEachOnce) {
    TopicNames names;
    const TopicId zebra = names.intern("zebra");
    const TopicId ant = names.intern("ant");
    const LogTable logs({{zebra, 1}, {ant, 10}, {zebra, 0}, {ant, 9}, {zebra, 1}}, names);
    EXPECT_EQ(logs.partitions(),
              (std::vector<PartitionRef>{{ant, 9}, {ant, 10}, {zebra, 0}, {zebra, 1}}));
}

TEST(LogTable, FindsEachPartitionAndNoOther) {
    TopicNames names;
    const TopicId a = names.intern("a");
    const TopicId b = names.intern("b");
    const TopicId c = names.intern("c");
    const LogTable logs({{c, 0}, {a, 0}, {a, 2}, {c, 7}}, names);
    for (std::uint32_t place = 0; place < logs.partitions().size(); ++place) {
        EXPECT_EQ(logs.find(logs.partition(place)), place);
    }
    EXPECT_EQ(logs.find({a, 1}), std::nullopt);
    EXPECT_EQ(logs.find({a, 3}), std::nullopt);
    EXPECT_EQ(logs.find({a, -1}), std::nullopt);
    EXPECT_EQ(logs.find({b, 0}), std::nullopt);
    EXPECT_EQ(logs.find({c, 8}), std::nullopt);
    const TopicId later = names.intern("later");
    EXPECT_EQ(logs.find({later, 0}), std::nullopt);
    EXPECT_EQ(LogTable().find({a, 0}), std::nullopt);
}

TEST(LogTable, KnowsNothingOfItsPartitionsBeforeItIsFilled) {
    TopicNames names;
    const LogTable logs({{names.intern("a"), 0}}, names);
    EXPECT_EQ(logs.offsets(0).end, -1);
    EXPECT_EQ(logs.leader(0), -1);
}

TEST(LogTable, RefusesAnswersThatAreNotOnePerPartition) {
    TopicNames names;
    LogTable logs({{names.intern("a"), 0}}, names);
    EXPECT_THROW(logs.fill({}, {1}), std::logic_error);
    EXPECT_THROW(logs.fill({LogOffsets{}}, {}), std::logic_error);
    logs.fill({{.start = 3, .end = 5}}, {2});
    EXPECT_EQ(logs.offsets(0).start, 3);
    EXPECT_EQ(logs.leader(0), 2);
}

}  // namespace
}  // namespace caretaker
