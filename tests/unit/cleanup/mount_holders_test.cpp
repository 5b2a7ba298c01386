// SPDX-License-Identifier: Apache-2.0
// Who has mounted what a Docker Engine cannot remove.
#include "jobs/cleanup/mount_holders.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

TEST(BusyPath, IsFoundInWhatTheEngineSays) {
    EXPECT_EQ(busy_path("container 1a: driver \"overlay2\" failed to remove root filesystem: "
                        "unlinkat /var/lib/docker/overlay2/1a/merged: device or resource busy"),
              "/var/lib/docker/overlay2/1a/merged");
    EXPECT_EQ(busy_path("/a: device or resource busy"), "/a");
    for (const char* other : {"",
                              ": device or resource busy",
                              "it: device or resource busy",
                              "unlinkat /a: permission denied"}) {
        EXPECT_EQ(busy_path(other), std::nullopt) << other;
    }
}

#ifndef NDEBUG  // the folder can be another one in debug builds alone

class MountHolders : public ::testing::Test {
 protected:
    MountHolders() { setenv("CARETAKER_TEST_PROC", proc_.path().c_str(), 1); }

    ~MountHolders() override { unsetenv("CARETAKER_TEST_PROC"); }

    void add(const std::string& process, const std::string& space, const std::string& point) const {
        const fs::path folder = proc_.path() / process;
        fs::create_directories(folder / "ns");
        fs::create_symlink("mnt:[" + space + "]", folder / "ns/mnt");
        std::ofstream(folder / "comm") << "p" << process << "\n";
        std::ofstream(folder / "mountinfo")
            << "21 1 0:20 / " << point << " rw - overlay overlay rw\n";
    }

    TempDir proc_;
};

TEST_F(MountHolders, AreToldByTheLowestProcessOfEachNamespace) {
    add("9", "1", "/other");
    add("30", "2", "/d/1a/merged");
    add("200", "2", "/d/1a/merged");
    add("4", "3", "/d/1a/merged/proc");
    fs::create_directories(proc_.path() / "sys");
    EXPECT_EQ(describe_mount_holders("/d/1a/merged"), "pid 4 (p4), pid 30 (p30)");
    EXPECT_EQ(describe_mount_holders("/d/1a"), "pid 4 (p4), pid 30 (p30)");
    EXPECT_EQ(describe_mount_holders("/d/1"), "");
}

TEST_F(MountHolders, AreThreeAtMostAndNoneWhereNothingCanBeSeen) {
    for (const char* process : {"1", "2", "3", "4"}) {
        add(process, process, "/d");
    }
    EXPECT_EQ(describe_mount_holders("/d"), "pid 1 (p1), pid 2 (p2), pid 3 (p3)");
    setenv("CARETAKER_TEST_PROC", "/nowhere", 1);
    EXPECT_EQ(describe_mount_holders("/d"), "");
}

#endif

}  // namespace
}  // namespace caretaker::testing
