// SPDX-License-Identifier: Apache-2.0
// What /proc says about mappings and sockets.
#include "jobs/cleanup/live_sockets.hpp"
#include "jobs/cleanup/process_scan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using Id = std::pair<std::uint64_t, std::uint64_t>;

TEST(ParseMapping, FindsDeviceAndInode) {
    EXPECT_EQ(parse_mapping("7f00-7f01 r--s 00000000 fd:0a 1234                 /data/a b"),
              (Id{(0xFDULL << 32U) | 0x0A, 1234}));
    EXPECT_EQ(parse_mapping("7f00-7f01 r--s 00000000 08:100 18446744073709551615 /x"),
              (Id{(0x08ULL << 32U) | 0x100, ~0ULL}));
}

TEST(ParseMapping, LeavesOutWhatIsNoFile) {
    for (const char* line : {"",
                             "7f00-7f01 rw-p 00000000 00:00 0 ",
                             "7f00-7f01 rw-p 00000000 00:00 0  [heap]",
                             "7f00-7f01 rw-p 00000000",
                             "7f00-7f01 rw-p 00000000 0800 12 /x",
                             "7f00-7f01 rw-p 00000000 08:zz 12 /x",
                             "7f00-7f01 rw-p 00000000 08:01 99999999999999999999 /x"}) {
        EXPECT_EQ(parse_mapping(line), std::nullopt) << line;
    }
}

TEST(LiveSockets, AreThosePathsThatAreAbsolute) {
    EXPECT_EQ(parse_live_sockets("Num       RefCount Protocol Flags    Type St Inode Path\n"
                                 "0000: 00000002 00000000 00010000 0001 01 12 /run/a b.sock\n"
                                 "0000: 00000002 00000000 00010000 0001 01 13 @abstract/x\n"
                                 "0000: 00000002 00000000 00010000 0001 01 14\n"),
              std::set<std::string>{"/run/a b.sock"});
    EXPECT_TRUE(parse_live_sockets("").empty());
}

}  // namespace
}  // namespace caretaker
