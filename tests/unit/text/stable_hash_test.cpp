// SPDX-License-Identifier: Apache-2.0
// The hash that stores and metric names rely on.
#include "common/text/stable_hash.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(StableHash, IsFnv1aOf64Bits) {
    EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325U);
    EXPECT_EQ(stable_hash("a"), 0xaf63dc4c8601ec8cU);
    EXPECT_EQ(stable_hash("foobar"), 0x85944171f73967e8U);
    EXPECT_NE(stable_hash(std::string_view("\0", 1)), stable_hash(""));
    EXPECT_NE(stable_hash("\xFF"), stable_hash("\x7F"));
}

TEST(StableHash, IsShownWithLeadingZeros) {
    EXPECT_EQ(hex16(0), "0000000000000000");
    EXPECT_EQ(hex16(0xABC), "0000000000000abc");
    EXPECT_EQ(hex16(~0ULL), "ffffffffffffffff");
}

}  // namespace
}  // namespace caretaker
