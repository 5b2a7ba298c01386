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

TEST(WrapToWidth, BreaksAtBlanksAndInWordsThatAreTooLong) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(wrap_to_width("", 5), Lines{""});
    EXPECT_EQ(wrap_to_width("five5", 5), Lines{"five5"});
    EXPECT_EQ(wrap_to_width("one two", 5), (Lines{"one", "two"}));
    EXPECT_EQ(wrap_to_width("one two three", 7), (Lines{"one two", "three"}));
    EXPECT_EQ(wrap_to_width("ab cdefgh i", 4), (Lines{"ab", "cdef", "gh i"}));
    EXPECT_EQ(wrap_to_width("größer als", 6), (Lines{"größer", "als"}));
    EXPECT_EQ(wrap_to_width("\xE6\xBC\xA2\xE6\xBC\xA2", 2), (Lines{"\xE6\xBC\xA2", "\xE6\xBC\xA2"}))
        << "two columns each";
}

TEST(WrapToWidth, LosesNothingButTheBlanksItBreaksAt) {
    const std::string text = "12 345 records of 1 partition were deleted before they were read";
    for (std::size_t width = 2; width < 80; ++width) {
        std::string all;
        for (const std::string& line : wrap_to_width(text, width)) {
            EXPECT_LE(display_width(line), width);
            for (const char c : line) {
                all += c == ' ' ? "" : std::string(1, c);
            }
        }
        EXPECT_EQ(all, "12345recordsof1partitionweredeletedbeforetheywereread") << width;
    }
}

}  // namespace
}  // namespace caretaker
