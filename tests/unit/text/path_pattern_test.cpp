// SPDX-License-Identifier: Apache-2.0
// Wildcards over paths.
#include "common/text/path_pattern.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

struct Case {
    std::string_view pattern{};
    std::string_view path{};
    bool matches = false;
};

void expect(const std::vector<Case>& table) {
    for (const Case& row : table) {
        const PathPatternResult parsed = PathPattern::parse(row.pattern);
        ASSERT_TRUE(parsed.pattern) << row.pattern << ": " << parsed.error;
        EXPECT_EQ(parsed.pattern->matches(row.path), row.matches)
            << "pattern " << row.pattern << ", path " << row.path;
    }
}

TEST(PathPattern, WithoutASlashIsAboutTheLastComponentAtAnyDepth) {
    expect({{"*.log", "a.log", true},
            {"*.log", "x/y/a.log", true},
            {"*.log", "a.log/b", false},
            {"*.log", "a.logs", false},
            {"*.log", ".log", true},
            {"keep", "keep", true},
            {"keep", "x/keep", true},
            {"keep", "keeper", false},
            {"Keep", "keep", false},
            {"**", "a/b", true},
            {"*", ".hidden", true}});
}

TEST(PathPattern, WithASlashIsAboutTheWholePath) {
    expect({{"a/*.log", "a/x.log", true},
            {"a/*.log", "b/a/x.log", false},
            {"a/*.log", "a/b/x.log", false},
            {"/x.log", "x.log", true},
            {"/x.log", "a/x.log", false},
            {"a/b", "a/b", true},
            {"a/b", "a/b/c", false}});
}

TEST(PathPattern, LetsTwoStarsSpanDirectories) {
    expect({{"**/x.log", "x.log", true},
            {"**/x.log", "a/x.log", true},
            {"**/x.log", "a/b/x.log", true},
            {"**/x.log", "a/bx.log", false},
            {"a/**", "a/b", true},
            {"a/**", "a/b/c", true},
            {"a/**", "a", false},
            {"a/**", "ab/c", false},
            {"a/**/z", "a/z", true},
            {"a/**/z", "a/b/c/z", true},
            {"a/**/z", "a/bz", false},
            {"a/**/b*/**/c", "a/x/b1/b2/y/c", true},
            {"a/**/*b/c", "a/ab/xb/c", true},
            {"a/**/*b/c", "a/xb/y/c", false},
            {"/data/logs/audit/**", "data/logs/audit/2026/x", true},
            {"/data/*/audit/**", "data/logs/x/audit/y", false}});
}

TEST(PathPattern, NeverLetsOneStarASetOrAQuestionMarkTakeASlash) {
    expect({{"/a*b", "a/b", false},
            {"/a?b", "a/b", false},
            {"/a[!x]b", "a/b", false},
            {"/a[.-0]b", "a/b", false},
            {"/a?b", "axb", true}});
}

TEST(PathPattern, KnowsSets) {
    expect({{"[abc]", "b", true},
            {"[abc]", "d", false},
            {"[!abc]", "d", true},
            {"[^abc]", "a", false},
            {"[a-c]x", "bx", true},
            {"[]]", "]", true},
            {"[!]]", "]", false},
            {"[a-]", "-", true},
            {"[\\]]", "]", true},
            {"app-[0-9][0-9].log", "app-42.log", true},
            {"[\x80-\xFF]", "\xC3", true}});
}

TEST(PathPattern, KnowsAlternatives) {
    expect({{"*.{log,gz}", "a.log", true},
            {"*.{log,gz}", "a.gz", true},
            {"*.{log,gz}", "a.zip", false},
            {"{a,b{c,d}}", "bd", true},
            {"{a,b{c,d}}", "b", false},
            {"{,x}a", "a", true},
            {"a{/b,}/c", "a/b/c", true},
            {"a{/b,}/c", "a/c", true},
            {"[{]", "{", true},
            {"\\{a,b}", "{a,b}", true}});
}

TEST(PathPattern, TakesTheMeaningFromWhatABackslashPrecedes) {
    expect({{"\\*", "*", true}, {"\\*", "x", false}, {"a\\?", "a?", true}, {"\\\\", "\\", true}});
}

TEST(PathPattern, HandlesAnyBytes) {
    expect({{"*\n*", "a\nb", true},
            {"*", "\xFF\xFE", true},
            {"?", "\xFF", true},
            {"-*", "-rf", true},
            {"* *", "a b", true}});
}

TEST(PathPattern, TakesTimeInProportionEvenForHostilePatterns) {
    const std::string path(4000, 'a');
    std::string pattern;
    for (int i = 0; i < 100; ++i) {
        pattern += "*a";
    }
    const auto parsed = PathPattern::parse(pattern + "b");
    EXPECT_FALSE(parsed.pattern->matches(path));
}

TEST(PathPattern, SaysWhatIsWrong) {
    const auto error = [](std::string_view text) { return PathPattern::parse(text).error; };
    EXPECT_EQ(error(""), "it is empty");
    EXPECT_EQ(error("/"), "it is empty");
    EXPECT_EQ(error("a/"), "it ends with a slash; leave that out");
    EXPECT_EQ(error("[a"), "'[' is never closed");
    EXPECT_EQ(error("{a"), "'{' is never closed");
    EXPECT_EQ(error("a\\"), "a backslash ends it");
    EXPECT_EQ(error(std::string(4097, 'a')), "it is longer than 4096 bytes");
    EXPECT_EQ(error("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"),
              "its braces stand for more than 256 patterns");
}

}  // namespace
}  // namespace caretaker
