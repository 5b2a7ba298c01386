// SPDX-License-Identifier: Apache-2.0
#include "common/output/word_colour.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(WordColour, MarksTheWordAndKeepsItsBlanks) {
    EXPECT_EQ(colour_state("outcome", "OK"), "\x1B[32mOK\x1B[0m");
    EXPECT_EQ(colour_state("state", "  warning "), "  \x1B[33mwarning\x1B[0m ");
    EXPECT_EQ(colour_state("severity", "critical"), "\x1B[31mcritical\x1B[0m");
}

TEST(WordColour, LeavesOtherColumnsAndOtherWordsAlone) {
    EXPECT_EQ(colour_state("group", "failed"), "failed");
    EXPECT_EQ(colour_state("state", "Stable"), "Stable");
    EXPECT_EQ(colour_state("state", ""), "");
    EXPECT_EQ(colour_state("state", "   "), "   ");
}

}  // namespace
}  // namespace caretaker
