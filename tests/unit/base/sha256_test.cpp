// SPDX-License-Identifier: Apache-2.0
#include "common/base/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

/// Examples of FIPS 180-2, appendix B.
TEST(Sha256, IsThatOfTheStandard) {
    Sha256 nothing;
    EXPECT_EQ(nothing.finish(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Sha256 word;
    word.add("abc");
    EXPECT_EQ(word.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, TakesAnyPieces) {
    Sha256 pieces;
    for (int i = 0; i < 1'000; ++i) {
        pieces.add(std::string(999, 'a'));
        pieces.add("");
        pieces.add("a");
    }
    EXPECT_EQ(pieces.finish(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, KeepsTheBytesOfTwoApart) {
    Sha256 one;
    Sha256 other;
    one.add("ab");
    other.add("x");
    one.add("c");
    EXPECT_EQ(one.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_NE(other.finish(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace caretaker
