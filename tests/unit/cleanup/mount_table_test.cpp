// SPDX-License-Identifier: Apache-2.0
// What /proc/self/mountinfo says.
#include "jobs/cleanup/mount_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

constexpr std::string_view table =
    "22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
    "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "90 27 254:0 /data/a /data/logs/a\\040b\\134c rw - ext4 /dev/vda rw\n"
    "91 27 0:50 / /data/logs rw shared:2 master:1 propagate_from:3 - tmpfs none rw,size=1k\n"
    "92 27 0:51 / /data/logs2 rw - tmpfs - rw\n";

std::vector<std::string> points(const std::vector<Mount>& mounts) {
    std::vector<std::string> result;
    for (const Mount& mount : mounts) {
        result.push_back(mount.point);
    }
    return result;
}

TEST(MountTable, ReadsPointsWithTheirEscapes) {
    const auto mounts = parse_mount_table(table);
    ASSERT_EQ(mounts.size(), 5U);
    EXPECT_EQ(mounts[2], (Mount{.id = 90, .point = "/data/logs/a b\\c", .type = "ext4"}));
    EXPECT_EQ(mounts[3], (Mount{.id = 91, .point = "/data/logs", .type = "tmpfs"}));
}

TEST(MountTable, FindsWhatIsAtOrBelowADirectory) {
    const auto mounts = parse_mount_table(table);
    EXPECT_EQ(points(mounts_below(mounts, "/data/logs")),
              (std::vector<std::string>{"/data/logs/a b\\c", "/data/logs"}));
    EXPECT_EQ(points(mounts_below(mounts, "/data/logs2")), std::vector<std::string>{"/data/logs2"});
    EXPECT_TRUE(mounts_below(mounts, "/data/log").empty());
}

TEST(MountTable, LeavesOutBrokenLines) {
    for (const char* line : {"",
                             "\n",
                             "x",
                             "1",
                             "1 2 3:4",
                             "1 2 3:4 / /a",
                             "1 2 3:4 / /a rw",
                             "1 2 3:4 / /a rw -",
                             "1 2 3:4 / a rw - ext4 x rw",
                             "x 2 3:4 / /a rw - e x",
                             "99999999999999999999 2 3:4 / /a rw - ext4 x rw"}) {
        EXPECT_TRUE(parse_mount_table(line).empty()) << line;
    }
}

}  // namespace
}  // namespace caretaker
