// SPDX-License-Identifier: Apache-2.0
// Arguments become a line and words again.
#include "common/text/shell_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AreQuotedOnlyWhereTheyNeedIt) {
    EXPECT_EQ(join_shell_words(Words{"caretaker", "lag", "--group", "a b"}),
              "caretaker lag --group 'a b'");
    EXPECT_EQ(join_shell_words(Words{"", "it's"}), "'' 'it'\\''s'");
    EXPECT_EQ(join_shell_words(Words{}), "");
}

TEST(ShellWords, ComeBackAsTheyWere) {
    for (const Words& words : {Words{},
                               Words{"a"},
                               Words{"", "", " "},
                               Words{"it's", "\"quoted\"", "back\\slash", "$HOME", "new\nline"},
                               Words{"'", "''", "\\'", "*?[]{}", "Büro"}}) {
        EXPECT_EQ(split_shell_words(join_shell_words(words)), words) << join_shell_words(words);
    }
}

TEST(ShellWords, MayBeWrittenByHand) {
    EXPECT_EQ(split_shell_words("  lag\t--group \"a b\"c d\\ e "),
              (Words{"lag", "--group", "a bc", "d e"}));
    EXPECT_EQ(split_shell_words("\"a\\\"b\\n\\\\\" \"it's\""), (Words{"a\"b\\n\\", "it's"}));
}

TEST(ShellWords, WithAnOpenQuoteAreNone) {
    EXPECT_EQ(split_shell_words("lag 'a"), std::nullopt);
    EXPECT_EQ(split_shell_words("lag \"a"), std::nullopt);
    EXPECT_EQ(split_shell_words("lag 'it\\''"), std::nullopt);
}

}  // namespace
}  // namespace caretaker
