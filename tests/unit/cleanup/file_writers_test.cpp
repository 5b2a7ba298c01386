// SPDX-License-Identifier: Apache-2.0
// What /proc says about who writes into a file.
#include "jobs/cleanup/file_writers.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(ParseOpenFlags, ReadsOctalNumbers) {
    EXPECT_EQ(parse_open_flags("pos:\t0\nflags:\t0102001\nmnt_id:\t29\n"), 0102001);
    EXPECT_EQ(parse_open_flags("flags:\t0"), 0);
}

TEST(ParseOpenFlags, FindsNoneInOtherTexts) {
    for (const char* text : {"",
                             "pos:\t0\n",
                             "flags:",
                             "flags:\t\n",
                             "flags:\t0102x01\n",
                             "flags:\t9\n",
                             "flags:\t77777777777777\n",
                             "xflags:\t01\n"}) {
        EXPECT_EQ(parse_open_flags(text), std::nullopt) << text;
    }
}

TEST(IsWritingMapping, IsSharedAndWritable) {
    EXPECT_TRUE(is_writing_mapping("7f00-7f01 rw-s 00000000 fd:0a 1234 /data/a"));
    EXPECT_TRUE(is_writing_mapping("7f00-7f01 -w-s 00000000 fd:0a 1234 /data/a"));
    for (const char* line : {"",
                             "7f00-7f01",
                             "7f00-7f01 rw-",
                             "7f00-7f01 r--s 00000000 fd:0a 1234 /data/a",
                             "7f00-7f01 rw-p 00000000 fd:0a 1234 /data/a"}) {
        EXPECT_FALSE(is_writing_mapping(line)) << line;
    }
}

}  // namespace
}  // namespace caretaker
