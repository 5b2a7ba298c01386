// SPDX-License-Identifier: Apache-2.0
// Letter case of ASCII text.
#include "common/text/ascii.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(AsciiCase, ChangesLettersOnly) {
    EXPECT_EQ(ascii_lower("AZaz09_[@`{Ä"), "azaz09_[@`{Ä");
    EXPECT_EQ(ascii_upper("AZaz09_[@`{ä"), "AZAZ09_[@`{ä");
    EXPECT_EQ(ascii_lower(""), "");
}

}  // namespace
}  // namespace caretaker
