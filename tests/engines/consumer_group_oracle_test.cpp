// SPDX-License-Identifier: Apache-2.0
// Reading what Kafka's own tool prints, without a Kafka.
#include "tests/engines/consumer_group_oracle.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>

namespace caretaker::testing {
namespace {

constexpr std::string_view two_groups = R"(
Consumer group 'with space' has no active members.

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
with space      logs            0          4               10              6               -               -               -
Büro            logs            11         -               10              -               a b-1           /127.0.0.1      a b
Büro            -               -          -               -               -               idle-2          /127.0.0.1      idle

GROUP TOPIC                 PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
g     a-much-longer-topic   0          99              10              -89             -               -               -
)";

TEST(ConsumerGroupOracle, ReadsEveryGroupWithItsOwnColumnWidths) {
    const GroupDescription rows = parse_group_description(two_groups);
    ASSERT_EQ(rows.size(), 3U);
    const GroupPartitionState unowned{4, 10, 6, {}, {}, {}};
    EXPECT_EQ(rows.at({"with space", "logs", 0}), unowned);
    const GroupPartitionState owned{{}, 10, {}, "a b-1", "/127.0.0.1", "a b"};
    EXPECT_EQ(rows.at({"Büro", "logs", 11}), owned);
    EXPECT_EQ(rows.at({"g", "a-much-longer-topic", 0}).lag, -89);
}

TEST(ConsumerGroupOracle, RefusesWhatItDoesNotKnow) {
    EXPECT_THROW(parse_group_description("Error: something new\n"), std::runtime_error);
    EXPECT_THROW(parse_group_description("GROUP TOPIC PARTITION\nx\n"), std::exception);
}

}  // namespace
}  // namespace caretaker::testing
