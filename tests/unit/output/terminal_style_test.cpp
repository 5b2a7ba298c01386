// SPDX-License-Identifier: Apache-2.0
// What may be written to which stream.
#include "common/output/terminal_style.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

StreamFacts terminal() {
    return {.is_terminal = true, .term = "xterm-256color", .charset = "de_DE.UTF-8"};
}

TEST(TerminalStyle, IsColouredOnATerminalAndNowhereElse) {
    StreamFacts facts = terminal();
    EXPECT_TRUE(choose_style(facts).colour);
    EXPECT_TRUE(choose_style(facts).overwrite);
    facts.is_terminal = false;
    EXPECT_FALSE(choose_style(facts).colour);
    EXPECT_FALSE(choose_style(facts).overwrite);
}

TEST(TerminalStyle, HasNeitherColourNorProgressOnADumbTerminal) {
    StreamFacts facts = terminal();
    facts.term = "dumb";
    EXPECT_FALSE(choose_style(facts).colour);
    EXPECT_FALSE(choose_style(facts).overwrite);
}

TEST(TerminalStyle, KeepsItsProgressUnderNoColor) {
    StreamFacts facts = terminal();
    facts.no_color = "1";
    EXPECT_FALSE(choose_style(facts).colour);
    EXPECT_TRUE(choose_style(facts).overwrite);
}

TEST(TerminalStyle, DoesAsChosenWhateverTheStream) {
    StreamFacts facts = terminal();
    facts.choice = ColourChoice::never;
    EXPECT_FALSE(choose_style(facts).colour);
    facts = {.choice = ColourChoice::always, .term = "dumb", .no_color = "1"};
    EXPECT_TRUE(choose_style(facts).colour);
    EXPECT_FALSE(choose_style(facts).overwrite);
}

TEST(TerminalStyle, DecoratesInAsciiOnlyOnATerminalOutsideUtf8) {
    StreamFacts facts = terminal();
    EXPECT_FALSE(choose_style(facts).ascii);
    for (const char* charset : {"C.utf8", "en_US.UTF8"}) {
        facts.charset = charset;
        EXPECT_FALSE(choose_style(facts).ascii) << charset;
    }
    for (const char* charset : {"", "C", "de_DE@euro", "POSIX"}) {
        facts.charset = charset;
        EXPECT_TRUE(choose_style(facts).ascii) << charset;
    }
    facts.is_terminal = false;
    EXPECT_FALSE(choose_style(facts).ascii);
}

}  // namespace
}  // namespace caretaker
