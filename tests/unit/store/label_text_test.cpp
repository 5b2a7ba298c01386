// SPDX-License-Identifier: Apache-2.0
// Labels as one text and back.
#include "common/store/label_text.hpp"

#include <gtest/gtest.h>

namespace caretaker {

namespace {

using Labels = std::vector<Label>;

TEST(LabelText, KeepsTheOrderAndEscapesItsOwnSigns) {
    EXPECT_EQ(format_labels({}), "");
    EXPECT_EQ(format_labels(Labels{{"group", "billing"}}), "group=billing");
    EXPECT_EQ(format_labels(Labels{{"b", "2"}, {"a", "1"}}), "b=2,a=1");
    EXPECT_EQ(format_labels(Labels{{"a=b", "c,d\\"}}), "a\\=b=c\\,d\\\\");
}

TEST(LabelText, ComesBackUnchanged) {
    const std::vector<Labels> cases{
        {},
        {{"group", "billing"}},
        {{"group", "a,b=c"}, {"topic", "\\"}},
        {{"", ""}, {"", ""}},
        {{"k", ""}, {"", "v"}},
        {{"=", ","}, {"\\,", "\\="}},
        {{"bytes", "\xff\x00\x01"}},
    };
    for (const Labels& labels : cases) {
        EXPECT_EQ(parse_labels(format_labels(labels)), labels) << format_labels(labels);
    }
}

TEST(LabelText, TellsDifferentListsApart) {
    EXPECT_NE(format_labels(Labels{{"a", "1,b=2"}}), format_labels(Labels{{"a", "1"}, {"b", "2"}}));
    EXPECT_NE(format_labels(Labels{{"a", "=b"}}), format_labels(Labels{{"a=", "b"}}));
}

TEST(LabelText, ReadsTextThatItCannotHaveMade) {
    EXPECT_EQ(parse_labels("a=b=c"), (Labels{{"a", "b=c"}}));
    EXPECT_EQ(parse_labels("alone"), (Labels{{"alone", ""}}));
    EXPECT_EQ(parse_labels("a=1\\"), (Labels{{"a", "1"}}));
    EXPECT_EQ(parse_labels(","), (Labels{{"", ""}, {"", ""}}));
}

}  // namespace

}  // namespace caretaker
