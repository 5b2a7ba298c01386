// SPDX-License-Identifier: Apache-2.0
// Names of files as text, and back.
#include "common/text/byte_escape.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

TEST(ByteEscape, LeavesPrintableTextAlone) {
    EXPECT_EQ(escape_bytes("/data/logs/app log-1.gz"), "/data/logs/app log-1.gz");
    EXPECT_EQ(escape_bytes("/data/größe/日本"), "/data/größe/日本");
    EXPECT_EQ(escape_bytes(""), "");
}

TEST(ByteEscape, ShowsWhatCannotBePrinted) {
    EXPECT_EQ(escape_bytes("a\nb\tc\\d"), "a\\nb\\tc\\\\d");
    EXPECT_EQ(escape_bytes("a\x1B[31m"), "a\\x1b[31m");
    EXPECT_EQ(escape_bytes("a\xFF\xC3"), "a\\xff\\xc3");
}

TEST(ByteEscape, GivesBackEveryByte) {
    std::string all;
    for (int c = 0; c < 256; ++c) {
        all += static_cast<char>(c);
    }
    EXPECT_EQ(unescape_bytes(escape_bytes(all)), all);
}

TEST(ByteEscape, RefusesWhatItDidNotMake) {
    for (const char* text : {"\\", "\\q", "\\x", "\\x1", "\\xg1", "\\x1g"}) {
        EXPECT_EQ(unescape_bytes(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace caretaker
