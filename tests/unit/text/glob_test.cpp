// SPDX-License-Identifier: Apache-2.0
// Shell wildcards over bytes.
#include "common/text/glob.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

struct Case {
    std::string_view pattern{};
    std::string_view text{};
    bool matches = false;
};

void expect(const std::vector<Case>& table) {
    for (const Case& row : table) {
        EXPECT_EQ(glob_match(row.pattern, row.text), row.matches)
            << "pattern " << row.pattern << ", text " << row.text;
    }
}

TEST(GlobMatch, ComparesPlainTextExactly) {
    expect({{"", "", true},
            {"", "a", false},
            {"a", "", false},
            {"logs", "logs", true},
            {"logs", "log", false},
            {"log", "logs", false},
            {"Logs", "logs", false}});
}

TEST(GlobMatch, TreatsAStarAsAnyBytes) {
    expect({{"*", "", true},
            {"*", "any/thing.\xFF", true},
            {"logs-*", "logs-", true},
            {"logs-*", "logs", false},
            {"*-prod", "logs-prod", true},
            {"*-prod", "logs-prod-2", false},
            {"a*b*c", "aXbXbXc", true},
            {"a*b*c", "acb", false},
            {"**a**", "a", true},
            {"*.*", ".hidden", true},
            {"*ab", "aab", true},
            {"*aab*", "aaaab", true}});
}

TEST(GlobMatch, TreatsAQuestionMarkAsOneByte) {
    expect({{"?", "", false},
            {"?", "a", true},
            {"?", "ab", false},
            {"?", "ä", false},
            {"??", "ä", true},
            {"a?c", "abc", true},
            {"*?", "", false},
            {"?*", "a", true}});
}

TEST(GlobMatch, ReadsSetsAndRanges) {
    expect({{"[abc]", "b", true},   {"[abc]", "d", false},         {"[a-c]x", "bx", true},
            {"[a-c]", "d", false},  {"[!a-c]", "d", true},         {"[!a-c]", "b", false},
            {"[^x]", "a", true},    {"[^x]", "x", false},          {"[]]", "]", true},
            {"[!]]", "a", true},    {"[!]]", "]", false},          {"[]a]", "a", true},
            {"[a-]", "-", true},    {"[-a]", "-", true},           {"[z-a]", "m", false},
            {"[\\]]", "]", true},   {"[\\!a]", "!", true},         {"[a\\-c]", "b", false},
            {"[a\\-c]", "-", true}, {"[\x80-\xFF]", "\xC3", true}, {"[a-z]*[0-9]", "logs7", true},
            {"[!a]", "", false}});
}

TEST(GlobMatch, TakesAnUnclosedSetLiterally) {
    expect({{"[", "[", true},
            {"[abc", "[abc", true},
            {"[abc", "a", false},
            {"*[", "x[", true},
            {"[!", "[!", true},
            {"[]", "[]", true},
            {"[\\]", "[]", true},
            {"a[*", "a[b", true},
            {"[a]b[c", "ab[c", true}});
}

TEST(GlobMatch, TakesTheMeaningFromAnEscapedByte) {
    expect({{"\\*", "*", true},
            {"\\*", "a", false},
            {"\\?", "?", true},
            {"\\[a]", "[a]", true},
            {"\\\\", "\\", true},
            {"a\\", "a\\", true},
            {"\\a", "a", true}});
}

TEST(GlobMatch, HandlesZeroBytes) {
    EXPECT_TRUE(glob_match("a*b", std::string_view("a\0b", 3)));
    EXPECT_FALSE(glob_match("a", std::string_view("a\0", 2)));
}

TEST(GlobMatch, DoesNotBlowUpOnHostilePatterns) {
    // Backtracking over every star would take longer than the universe has.
    std::string stars;
    for (int i = 0; i < 100; ++i) {
        stars += "a*";
    }
    EXPECT_FALSE(glob_match(stars + "b", std::string(1'000, 'a')));
    EXPECT_FALSE(glob_match("*" + std::string(5'000, '[') + "x", std::string(5'000, '[')));
}

}  // namespace
}  // namespace caretaker
