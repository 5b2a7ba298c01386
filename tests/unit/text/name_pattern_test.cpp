// SPDX-License-Identifier: Apache-2.0
// Names, globs and regular expressions as people write them in flags and settings.
#include "common/text/name_pattern.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

NamePattern pattern(std::string_view text) {
    return NamePattern::parse(text).pattern.value();
}

TEST(NamePattern, TakesPlainTextAsTheName) {
    for (const std::string_view text :
         {"billing", "/logs/statsd", "/", "/x", "a\\b", "a.b+c", "ümlaut"}) {
        EXPECT_TRUE(pattern(text).is_literal()) << text;
        EXPECT_TRUE(pattern(text).matches(text)) << text;
        EXPECT_EQ(pattern(text).text(), text);
    }
    EXPECT_FALSE(pattern("billing").matches("billing-2"));
    EXPECT_FALSE(pattern("a.b").matches("axb"));
}

TEST(NamePattern, MatchesAGlobAgainstTheWholeName) {
    EXPECT_FALSE(pattern("logs-*").is_literal());
    EXPECT_TRUE(pattern("logs-*").matches("logs-prod"));
    EXPECT_FALSE(pattern("logs-*").matches("my-logs-prod"));
    EXPECT_TRUE(pattern("log?").matches("logs"));
    EXPECT_TRUE(pattern("[ab]").matches("b"));
    EXPECT_TRUE(pattern("a\\*").matches("a*"));
}

TEST(NamePattern, SearchesARegularExpressionAnywhereInTheName) {
    EXPECT_FALSE(pattern("/ill/").is_literal());
    EXPECT_TRUE(pattern("/ill/").matches("billing"));
    EXPECT_FALSE(pattern("/^ill/").matches("billing"));
    EXPECT_TRUE(pattern("/^a/b$/").matches("a/b"));
    EXPECT_EQ(pattern("/ill/").text(), "/ill/");
}

TEST(NamePattern, TellsWhatIsWrong) {
    EXPECT_EQ(NamePattern::parse("").error,
              "a name pattern is empty; write a name, a glob such as logs-* or /a regex/");
    EXPECT_EQ(NamePattern::parse("//").error,
              "the regular expression '//' is empty; write * to match every name");
    EXPECT_EQ(NamePattern::parse("/a(b/").error,
              "the regular expression '/a(b/' is wrong at its byte 4: missing closing parenthesis");
    EXPECT_FALSE(NamePattern::parse("/a(b/").pattern);
}

TEST(NamePattern, CanBeCopied) {
    const NamePattern first = pattern("/^x/");
    const NamePattern second =
        first;  // NOLINT(performance-unnecessary-copy-initialization): the copy is the point
    EXPECT_TRUE(second.matches("xy"));
}

}  // namespace
}  // namespace caretaker
