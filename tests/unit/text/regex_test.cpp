// SPDX-License-Identifier: Apache-2.0
// PCRE2 behind its limits.
#include "common/text/regex.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

bool found(std::string_view pattern, std::string_view text) {
    return Regex::compile(pattern).regex.value().search(text);
}

TEST(Regex, SearchesAnywhereUnlessAnchored) {
    EXPECT_TRUE(found("b+", "abbc"));
    EXPECT_FALSE(found("^b+", "abbc"));
    EXPECT_TRUE(found("^logs-\\d{4}$", "logs-2026"));
    EXPECT_TRUE(found("", ""));
    EXPECT_TRUE(found("(?i)LOGS", "logs"));
}

TEST(Regex, FindsTheLeftmostMatchWithItsGroups) {
    const Regex regex = Regex::compile("(\\d+)-(x)?(?<word>[a-z]+)").regex.value();
    EXPECT_EQ(regex.group_count(), 3U);
    const auto found = regex.find("logs 12-abc 13-xdef");
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0], "12-abc");
    EXPECT_EQ(found[1], "12");
    EXPECT_EQ(found[2], std::nullopt);
    EXPECT_EQ(found[3], "abc");
    EXPECT_TRUE(regex.find("nothing").empty());
    EXPECT_EQ(Regex::compile("$").regex.value().find("ab").at(0), "");
}

TEST(Regex, CountsCharactersNotBytes) {
    EXPECT_TRUE(found("^.$", "ä"));
    EXPECT_TRUE(found("^..$", "日本"));
}

TEST(Regex, ToleratesATextThatIsNotUtf8) {
    EXPECT_TRUE(found("logs", "\xFF\xFElogs"));
    EXPECT_FALSE(found("^.$", "\xFF"));
}

TEST(Regex, TellsWhereAPatternIsWrong) {
    const auto result = Regex::compile("ab(c");
    EXPECT_FALSE(result.regex);
    EXPECT_EQ(result.error, "missing closing parenthesis");
    EXPECT_EQ(result.offset, 4U);

    for (const std::string_view pattern : {"[", "a**", "*", "(?<n", "\\", "\xFF", "a\\C"}) {
        const auto wrong = Regex::compile(pattern);
        EXPECT_FALSE(wrong.regex) << pattern;
        EXPECT_FALSE(wrong.error.empty()) << pattern;
        EXPECT_LE(wrong.offset, pattern.size()) << pattern;
    }
}

TEST(Regex, RefusesPatternsThatAreTooLargeOrTooDeep) {
    EXPECT_FALSE(Regex::compile(std::string(64 * 1024 + 1, 'a')).regex);
    EXPECT_TRUE(Regex::compile(std::string(1'000, 'a')).regex);
    EXPECT_FALSE(Regex::compile(std::string(1'000, '(') + std::string(1'000, ')')).regex);
    EXPECT_FALSE(Regex::compile("((a{1,1000}){1,1000}){1,1000}").regex);
}

TEST(Regex, GivesUpInsteadOfStalling) {
    const auto regex = Regex::compile("^(a+)+$").regex.value();
    EXPECT_THROW(static_cast<void>(regex.search(std::string(60, 'a') + "b")), RegexLimitError);
    EXPECT_TRUE(regex.search("aaaa")) << "the limit holds for one search, not for the regex";
}

TEST(Regex, SurvivesATextThatNeedsMuchStack) {
    EXPECT_TRUE(found("^(?:a|b|\\w)*$", std::string(20'000, 'a')));
}

TEST(Regex, FindsBehindAPlaceAndStillSeesWhatIsBeforeIt) {
    const auto found_from = [](const char* pattern, std::size_t from) {
        const auto groups = Regex::compile(pattern).regex.value().find("abab", from);
        return groups.empty() ? std::string("nothing") : std::string(groups[0].value());
    };
    EXPECT_EQ(found_from("a.*", 1), "ab");
    EXPECT_EQ(found_from("^a", 1), "nothing");
    EXPECT_EQ(found_from("(?<=b)a", 1), "a");
    EXPECT_EQ(found_from("$", 4), "");
}

TEST(Regex, CopiesShareThePattern) {
    const auto regex = Regex::compile("x").regex.value();
    const Regex copy =
        regex;  // NOLINT(performance-unnecessary-copy-initialization): the copy is the point
    EXPECT_TRUE(copy.search("x"));
    EXPECT_EQ(copy.pattern(), "x");
}

}  // namespace
}  // namespace caretaker
