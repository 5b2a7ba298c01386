// SPDX-License-Identifier: Apache-2.0
// Sets of ports, also against sets of single numbers.
#include "common/clients/port_set.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>

namespace caretaker {
namespace {

PortSet ports(const char* text) {
    return PortSet::parse(text).value();
}

TEST(PortSet, IsReadInAnyOrderAndMerged) {
    EXPECT_EQ(ports("[31000-31002, 31005-31005]").text(), "[31000-31002, 31005-31005]");
    EXPECT_EQ(ports("[5-9,1-3]").text(), "[1-3, 5-9]");
    EXPECT_EQ(ports("[1-3, 4-9]").text(), "[1-9]");
    EXPECT_EQ(ports("[1-10, 2-3]").text(), "[1-10]");
    EXPECT_EQ(ports("[]").text(), "[]");
    EXPECT_EQ(ports("[ ]").count(), 0);
    EXPECT_EQ(ports("[0-65535]").count(), 65'536);
}

TEST(PortSet, RefusesWhatIsNoListOfRanges) {
    for (const char* text : {"",
                             "[",
                             "]",
                             "[1]",
                             "[1-]",
                             "[-1]",
                             "[2-1]",
                             "[1-65536]",
                             "[1-2",
                             "1-2",
                             "[1-2,]",
                             "[,1-2]",
                             "[1-2 3-4]",
                             "[a-b]",
                             "{1-2}",
                             "[1-2]x",
                             "[99999999999999999999-1]"}) {
        EXPECT_FALSE(PortSet::parse(text)) << text;
    }
}

TEST(PortSet, TakesAwayFromEitherEndAndTheMiddle) {
    PortSet set = ports("[31000-31009]");
    set.remove(ports("[31002-31003, 31007-31007]"));
    EXPECT_EQ(set.text(), "[31000-31001, 31004-31006, 31008-31009]");
    EXPECT_EQ(set.count(), 7);
    set.remove(ports("[1-31000, 31009-65535]"));
    EXPECT_EQ(set.text(), "[31001-31001, 31004-31006, 31008-31008]");
    set.remove(ports("[0-65535]"));
    EXPECT_TRUE(set.is_empty());
}

TEST(PortSet, KnowsWhatItHolds) {
    const PortSet set = ports("[1-3, 7-9]");
    for (const int port : {1, 3, 7, 9}) {
        EXPECT_TRUE(contains_port(set.ranges(), static_cast<std::uint16_t>(port))) << port;
    }
    for (const int port : {0, 4, 6, 10, 65'535}) {
        EXPECT_FALSE(contains_port(set.ranges(), static_cast<std::uint16_t>(port))) << port;
    }
}

TEST(PortSet, DoesWhatSetsOfNumbersDo) {
    std::mt19937 random(7);
    const auto draw = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
    for (int round = 0; round < 2'000; ++round) {
        PortSet left;
        PortSet right;
        std::set<unsigned> left_numbers;
        std::set<unsigned> right_numbers;
        for (unsigned i = draw(5); i > 0; --i) {
            const unsigned begin = draw(40);
            const unsigned end = begin + draw(9);
            ASSERT_TRUE((i % 2 == 0 ? left : right).add(begin, end));
            for (unsigned port = begin; port <= end; ++port) {
                (i % 2 == 0 ? left_numbers : right_numbers).insert(port);
            }
        }
        PortSet difference = left;
        difference.remove(right);
        PortSet sum = left;
        sum.add(right);
        for (unsigned port = 0; port < 60; ++port) {
            const bool in_left = left_numbers.contains(port);
            const bool in_right = right_numbers.contains(port);
            const auto number = static_cast<std::uint16_t>(port);
            EXPECT_EQ(contains_port(difference.ranges(), number), in_left && !in_right);
            EXPECT_EQ(contains_port(sum.ranges(), number), in_left || in_right);
        }
        EXPECT_EQ(ports(sum.text().c_str()), sum);
    }
}

}  // namespace
}  // namespace caretaker
