// SPDX-License-Identifier: Apache-2.0
#include "common/http/hmac_sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

/// Test cases 1, 2 and 6 of RFC 4231.
TEST(HmacSha256, IsThatOfTheRfc) {
    EXPECT_EQ(hmac_sha256(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesEmptyTexts) {
    EXPECT_EQ(hmac_sha256("k", "").size(), 64U);
    EXPECT_EQ(hmac_sha256("", "x").size(), 64U);
}

}  // namespace
}  // namespace caretaker
