// SPDX-License-Identifier: Apache-2.0
#include "common/text/shared_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

TEST(SharedText, IsAsLargeAsAPointer) {
    EXPECT_EQ(sizeof(SharedText), sizeof(void*));
}

TEST(SharedText, HoldsAnyBytes) {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("a\0b", 3), std::string(100'000, 'x')}) {
        EXPECT_EQ(SharedText(text).view(), text);
        EXPECT_EQ(SharedText(text).empty(), text.empty());
    }
    EXPECT_EQ(SharedText(), "");
    EXPECT_EQ(SharedText().identity(), nullptr);
}

TEST(SharedText, OfACopyIsTheSameText) {
    SharedText text("agent");
    SharedText copy = text;
    EXPECT_EQ(copy.identity(), text.identity());
    text = "other";
    EXPECT_EQ(copy, "agent") << "assigning to one leaves the other";
    copy.clear();
    EXPECT_TRUE(copy.empty());
    EXPECT_EQ(text, "other");
    const SharedText moved = std::move(text);
    EXPECT_EQ(moved, "other");
    SharedText self("self");
    SharedText& alias = self;
    self = alias;
    EXPECT_EQ(self, "self");
}

TEST(SharedText, ComparesByItsBytes) {
    const SharedText text("b");
    EXPECT_EQ(text, SharedText("b"));
    EXPECT_NE(text, SharedText("c"));
    EXPECT_EQ(std::string("b"), text);
    EXPECT_EQ(text, std::string_view("b"));
    EXPECT_LT(SharedText(), text);
    EXPECT_LT(text, std::string("ba"));
    EXPECT_GT(std::string("c"), text);
}

TEST(SharedText, IsKeptOnceByThoseWhoShare) {
    SharedTexts texts;
    std::vector<SharedText> some{"a", "b", "a", "", "a"};
    for (SharedText& text : some) {
        texts.share(text);
    }
    EXPECT_EQ(some[0].identity(), some[2].identity());
    EXPECT_EQ(some[0].identity(), some[4].identity());
    EXPECT_NE(some[0].identity(), some[1].identity());
    EXPECT_EQ(some[1], "b");
    EXPECT_TRUE(some[3].empty());
}

TEST(SharedText, OutlivesThoseWhoShare) {
    SharedText text("a");
    {
        SharedTexts texts;
        texts.share(text);
    }
    EXPECT_EQ(text, "a");
}

}  // namespace
}  // namespace caretaker
