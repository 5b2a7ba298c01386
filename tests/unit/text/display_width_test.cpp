// SPDX-License-Identifier: Apache-2.0
// Terminal columns of UTF-8 text.
#include "common/text/display_width.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace caretaker {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
    const std::vector<std::pair<std::string_view, std::size_t>> table{
        {"", 0},
        {"abc", 3},
        {"Größe", 5},
        {"e\xCC\x81", 1},  // e and a combining acute accent
        {"日本", 4},
        {"한국", 4},
        {"ﾊﾝｶｸ", 4},  // half width
        {"…", 1},
        {"🚀", 2},
        {"a\xE2\x80\x8D"
         "b",
         2},  // zero width joiner
        {"✓", 1},
    };
    for (const auto& [text, columns] : table) {
        EXPECT_EQ(display_width(text), columns) << text;
    }
}

TEST(DisplayWidth, CountsABrokenByteAsOne) {
    EXPECT_EQ(display_width("\xFF"), 1U);
    EXPECT_EQ(display_width("a\xC3"), 2U);
    EXPECT_EQ(display_width("\xE6\x97"), 2U);
    EXPECT_EQ(display_width("\xC0\xAF"), 2U) << "an overlong form is not UTF-8";
    EXPECT_EQ(display_width("\x1B"), 1U);
}

TEST(CutToWidth, KeepsWhatFits) {
    EXPECT_EQ(cut_to_width("", 0), "");
    EXPECT_EQ(cut_to_width("abc", 3), "abc");
    EXPECT_EQ(cut_to_width("日本", 4), "日本");
    EXPECT_EQ(cut_to_width("abe\xCC\x81", 3), "abe\xCC\x81");
}

TEST(CutToWidth, EndsInAnEllipsisWithinTheWidth) {
    EXPECT_EQ(cut_to_width("abc", 0), "");
    EXPECT_EQ(cut_to_width("abc", 1), "…");
    EXPECT_EQ(cut_to_width("abcd", 3), "ab…");
    EXPECT_EQ(cut_to_width("日本語", 4), "日…") << "half a wide character is left out";
    EXPECT_EQ(cut_to_width("日本語", 5), "日本…");
    EXPECT_EQ(cut_to_width("e\xCC\x81"
                           "bcd",
                           2),
              "e\xCC\x81…");
    EXPECT_EQ(cut_to_width("\xFF\xFF\xFF", 2), "\xFF…");
}

}  // namespace
}  // namespace caretaker
