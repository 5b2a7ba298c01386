// SPDX-License-Identifier: Apache-2.0
// Well-formed UTF-8 and what stands in for the rest.
#include "common/text/utf8.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace caretaker {
namespace {

TEST(Utf8, MeasuresTheSequenceAtTheFront) {
    const std::vector<std::pair<std::string_view, std::size_t>> table{
        {"", 0},
        {"ab", 1},
        {"\xC3\xA4x", 2},
        {"\xE2\x82\xAC", 3},
        {"\xED\x9F\xBF", 3},      // the last before the surrogates
        {"\xF4\x8F\xBF\xBF", 4},  // the last there is
        {"\x80", 0},
        {"\xC0\xAF", 0},      // overlong
        {"\xE0\x9F\xBF", 0},  // overlong
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xED\xA0\x80", 0},  // a surrogate
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xC3", 0},
        {"\xE2\x82", 0},
        {"\xE2(\xAC", 0},
        {"\xFF", 0},
    };
    for (const auto& [text, length] : table) {
        EXPECT_EQ(utf8_sequence_length(text), length) << ::testing::PrintToString(text);
    }
}

TEST(Utf8, ReplacesEachByteThatDoesNotBelong) {
    EXPECT_EQ(to_valid_utf8("Größe"), "Größe");
    EXPECT_EQ(to_valid_utf8("a\xFF\xE2\x82z"), "a\uFFFD\uFFFD\uFFFDz");
    EXPECT_EQ(to_valid_utf8(""), "");
}

}  // namespace
}  // namespace caretaker
