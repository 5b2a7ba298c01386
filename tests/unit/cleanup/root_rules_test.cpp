// SPDX-License-Identifier: Apache-2.0
// Which directories may be cleaned.
#include "jobs/cleanup/root_rules.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

bool is_refused(std::string_view root, bool allow_root = false) {
    return why_root_refused(root, allow_root, "/var/lib/caretaker").has_value();
}

TEST(RootRules, TakeDirectoriesOfServices) {
    for (const char* root : {"/data/logs",
                             "/var/log/app",
                             "/var/lib/app",
                             "/tmp",
                             "/tmp/x",
                             "/home/app/logs",
                             "/opt/app/logs",
                             "/srv/www/tmp",
                             "/var/tmp",
                             "/var/lib/docker/tmp",
                             "/data/*",
                             "/var/lib/caretaker-old"}) {
        EXPECT_FALSE(is_refused(root)) << root;
    }
}

TEST(RootRules, RefuseWhatTheSystemNeedsWhateverIsAllowed) {
    for (const char* root : {"",
                             "/",
                             "logs",
                             "./logs",
                             "/var",
                             "/var/lib",
                             "/var/log",
                             "/usr",
                             "/etc",
                             "/boot",
                             "/home",
                             "/opt",
                             "/srv",
                             "/proc",
                             "/proc/1",
                             "/sys/fs",
                             "/dev/shm",
                             "/etc/app",
                             "/usr/lib",
                             "/bin/x",
                             "/sbin/x",
                             "/lib/x",
                             "/lib64",
                             "/libx32/y",
                             "/boot/x",
                             "/data/../x",
                             "/data/./x",
                             "/data//x",
                             "/data/",
                             "/data/..",
                             "/var/lib/docker",
                             "/var/lib/caretaker",
                             "/var/lib/caretaker/locks"}) {
        EXPECT_TRUE(is_refused(root, true)) << root;
    }
}

TEST(RootRules, TakeADirectoryBelowTheTopOnlyWhenAllowed) {
    EXPECT_TRUE(is_refused("/data"));
    EXPECT_TRUE(is_refused("/*"));
    EXPECT_FALSE(is_refused("/data", true));
    EXPECT_FALSE(is_refused("/tmp"));
}

TEST(RootRules, NameFileSystemsOnANetwork) {
    EXPECT_EQ(refused_file_system(0x6969), "nfs");
    EXPECT_EQ(refused_file_system(0x65735546), "fuse");
    EXPECT_EQ(refused_file_system(0x9FA0), "proc");
    EXPECT_EQ(refused_file_system(0xEF53), "") << "ext4";
    EXPECT_EQ(refused_file_system(0x01021994), "") << "tmpfs";
    EXPECT_TRUE(is_allowable_file_system("nfs"));
    EXPECT_FALSE(is_allowable_file_system("proc"));
    EXPECT_FALSE(is_allowable_file_system("ext4"));
}

}  // namespace
}  // namespace caretaker
