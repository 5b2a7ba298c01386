// SPDX-License-Identifier: Apache-2.0
// An input cut into lines, wherever its pieces end.
#include "common/base/input_lines.hpp"

#include "common/base/error.hpp"
#include "tests/support/text_input.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text, std::size_t piece = 3) {
    InputLines input(text_input(text, piece));
    Lines lines;
    while (const auto line = input.next()) {
        lines.emplace_back(*line);
        EXPECT_EQ(input.number(), std::ssize(lines));
    }
    return lines;
}

TEST(InputLines, GivesEachLineWithoutItsEnd) {
    EXPECT_EQ(lines_of(""), Lines{});
    EXPECT_EQ(lines_of("\n"), Lines{""});
    EXPECT_EQ(lines_of("a\n\nbcd\n"), (Lines{"a", "", "bcd"}));
    EXPECT_EQ(lines_of("a\nlast"), (Lines{"a", "last"}));
    EXPECT_EQ(lines_of(std::string("a\0b\r\nc", 6)), (Lines{std::string("a\0b\r", 4), "c"}));
}

TEST(InputLines, DoesNotDependOnThePiecesOfItsSource) {
    std::string text;
    for (int i = 0; i < 40'000; ++i) {
        text += std::to_string(i) + '\n';
    }
    const Lines expected = lines_of(text, text.size());
    EXPECT_EQ(expected.size(), 40'000U);
    EXPECT_EQ(lines_of(text, 1), expected);
    EXPECT_EQ(lines_of(text, 4'097), expected);
}

TEST(InputLines, HasNoneWithoutASource) {
    EXPECT_EQ(InputLines(InputSource()).next(), std::nullopt);
}

TEST(InputLines, RefusesALineWithoutEnd) {
    InputLines input(text_input("ok\n" + std::string(200'000, 'x')), 100'000);
    EXPECT_EQ(input.next(), "ok");
    try {
        input.next();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::usage);
        EXPECT_EQ(std::string(error.what()),
                  "standard input, line 2: longer than 100000 bytes; is it text with one document "
                  "a line?");
    }
}

}  // namespace
}  // namespace caretaker
