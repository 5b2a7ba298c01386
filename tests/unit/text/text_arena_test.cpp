// SPDX-License-Identifier: Apache-2.0
// Texts of an arena stay as they are, wherever its blocks end.
#include "common/text/text_arena.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(TextArena, KeepsWhatItWasGivenWhenTheGiverIsGone) {
    TextArena arena;
    std::string text = "logs-2026.01.01";
    const std::string_view kept = arena.keep(text);
    text.assign(text.size(), 'x');
    EXPECT_EQ(kept, "logs-2026.01.01");
}

TEST(TextArena, NeverMovesATextHoweverManyFollow) {
    TextArena arena;
    std::vector<std::string_view> kept;
    for (int i = 0; i < 20'000; ++i) {
        kept.push_back(arena.keep("text " + std::to_string(i)));
    }
    for (int i = 0; i < 20'000; ++i) {
        ASSERT_EQ(kept[static_cast<std::size_t>(i)], "text " + std::to_string(i));
    }
}

TEST(TextArena, KeepsTextsLongerThanItsBlocksAndThoseAroundThem) {
    TextArena arena;
    const std::string long_text(100'000, 'y');
    const std::string_view before = arena.keep("before");
    const std::string_view kept = arena.keep(long_text);
    const std::string_view behind = arena.keep("behind");
    EXPECT_EQ(before, "before");
    EXPECT_EQ(kept, long_text);
    EXPECT_EQ(behind, "behind");
}

TEST(TextArena, LaysTheSecondOfAPairDirectlyBehindTheFirst) {
    TextArena arena;
    for (int i = 0; i < 5'000; ++i) {
        ASSERT_EQ(arena.keep_pair("logs-2026.01.01", "uuid"), "logs-2026.01.01uuid");
    }
    EXPECT_EQ(arena.keep_pair("name", {}), "name");
    EXPECT_EQ(arena.keep_pair({}, {}), "");
}

TEST(TextArena, KeepsATextThatComesAgainOnce) {
    TextArena arena;
    const std::string_view first = arena.keep_once("policy");
    arena.keep_once("another");
    EXPECT_EQ(arena.keep_once(std::string("policy")).data(), first.data());
    EXPECT_NE(arena.keep("policy").data(), first.data());
    EXPECT_EQ(arena.keep_once(""), "");
}

TEST(TextArena, KnowsWhatLiesInIt) {
    TextArena arena;
    EXPECT_FALSE(arena.holds("text"));
    const std::string outside = "text";
    const std::string_view kept = arena.keep(outside);
    EXPECT_TRUE(arena.holds(kept));
    EXPECT_TRUE(arena.holds(kept.substr(1)));
    EXPECT_FALSE(arena.holds(outside));
    for (int i = 0; i < 20'000; ++i) {
        ASSERT_TRUE(arena.holds(arena.keep("text " + std::to_string(i))));
    }
    EXPECT_TRUE(arena.holds(kept));
    EXPECT_FALSE(arena.holds(outside));
}

}  // namespace
}  // namespace caretaker
