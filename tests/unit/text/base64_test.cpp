// SPDX-License-Identifier: Apache-2.0
#include "common/text/base64.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(Base64, EncodesTheVectorsOfTheStandard) {
    EXPECT_EQ(encode_base64(""), "");
    EXPECT_EQ(encode_base64("f"), "Zg==");
    EXPECT_EQ(encode_base64("fo"), "Zm8=");
    EXPECT_EQ(encode_base64("foo"), "Zm9v");
    EXPECT_EQ(encode_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(encode_base64("fooba"), "Zm9vYmE=");
    EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, EncodesEveryByte) {
    EXPECT_EQ(encode_base64("\xFF\xFE\xFD"), "//79");
    EXPECT_EQ(encode_base64(std::string_view("\0\0", 2)), "AAA=");
}

}  // namespace
}  // namespace caretaker
