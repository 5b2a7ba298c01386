// SPDX-License-Identifier: Apache-2.0
#include "common/text/shell_quote.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(ShellQuote, LeavesPlainWordsAsTheyAre) {
    for (const char* word :
         {"lag", "--by=topic", "kafka-1:9092,kafka-2:9092", "/etc/a_b.yml", "5%"}) {
        EXPECT_EQ(shell_quoted(word), word);
    }
}

TEST(ShellQuote, QuotesWhatAShellWouldReadOtherwise) {
    EXPECT_EQ(shell_quoted(""), "''");
    EXPECT_EQ(shell_quoted("a b"), "'a b'");
    EXPECT_EQ(shell_quoted("logs-*"), "'logs-*'");
    EXPECT_EQ(shell_quoted("$(id)"), "'$(id)'");
    EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
    EXPECT_EQ(shell_quoted("'"), "''\\'''");
    EXPECT_EQ(shell_quoted("B\xC3\xBCro"), "'B\xC3\xBCro'");
}

}  // namespace
}  // namespace caretaker
