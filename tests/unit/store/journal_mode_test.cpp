// SPDX-License-Identifier: Apache-2.0
// The journal mode for each kind of file system, and the warning that goes with it.
#include "common/store/journal_mode.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {

namespace {

struct Row {
    std::int64_t magic = 0;
    std::string_view name{};
    std::string_view mode{};
    std::string_view warning{};  // a part of it
};

constexpr Row rows[] = {
    {0xEF53, "local", "wal", ""},      // ext4
    {0x58465342, "local", "wal", ""},  // xfs
    {0x9123683E, "local", "wal", ""},  // btrfs
    {0x2FC12FC1, "local", "wal", ""},  // zfs
    {0, "local", "wal", ""},
    {0x794c7630, "overlay", "wal", "goes with the container"},
    {0x01021994, "tmpfs", "wal", "gone after a reboot"},
    {0x6969, "NFS", "truncate", "lies on NFS: let the jobs of one host only write to it"},
    {0x517B, "SMB", "truncate", "lies on SMB"},
    {0xFF534D42, "CIFS", "truncate", "lies on CIFS"},
    {0xFE534D42, "SMB2", "truncate", "lies on SMB2"},
    {0x65735546, "FUSE", "truncate", "lies on FUSE"},
    {0x00C36400, "Ceph", "truncate", "lies on Ceph"},
    {0x01021997, "9p", "truncate", "lies on 9p"},
    // As a 32-bit system reports it.
    {static_cast<std::int32_t>(0xFF534D42), "CIFS", "truncate", "lies on CIFS"},
};

TEST(JournalMode, FollowsTheFileSystem) {
    for (const Row& row : rows) {
        const FileSystem found = classify_file_system(row.magic);
        EXPECT_EQ(found.name, row.name) << row.magic;
        EXPECT_EQ(journal_mode_for(JournalOption::automatic, found.kind), row.mode) << row.name;
        const std::string warning = file_system_warning(found, "/s/c.db");
        EXPECT_EQ(warning.empty(), row.warning.empty()) << row.name;
        EXPECT_NE(warning.find(row.warning), std::string::npos) << warning;
        EXPECT_TRUE(warning.empty() || warning.find("/s/c.db") != std::string::npos) << warning;
    }
}

TEST(JournalMode, FollowsTheOperatorBeforeTheFileSystem) {
    for (const auto kind :
         {FileSystemKind::local, FileSystemKind::network, FileSystemKind::tmpfs}) {
        EXPECT_EQ(journal_mode_for(JournalOption::wal, kind), "wal");
        EXPECT_EQ(journal_mode_for(JournalOption::truncate, kind), "truncate");
    }
}

TEST(JournalMode, TakesAnUnreadablePathForLocal) {
    EXPECT_EQ(fetch_file_system("/nowhere/at/all").kind, FileSystemKind::local);
}

}  // namespace

}  // namespace caretaker
