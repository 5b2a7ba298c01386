// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` on real file systems and over mounts, in a mount namespace of the test's own.
#include "tests/support/child_process.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/private_mounts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/fs.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

constexpr std::int64_t day = 24 * 3600;

class CleanupMounts : public ::testing::Test {
 protected:
    void SetUp() override { CARETAKER_NEEDS(mounts_.problem()); }

    Cleanup run(const std::string& keys) { return host_.run(keys, {"--yes"}); }

    CleanupHost host_{CARETAKER_BINARY};
    PrivateMounts mounts_;  // gone before what they are mounted on
};

TEST_F(CleanupMounts, NeverEnterABindMountOfTheSameFileSystem) {
    const fs::path data = host_.home().path() / "data";
    fs::create_directory(data);
    std::ofstream(data / "precious") << "x";
    host_.file("a/old", 9 * day);
    host_.directory("mounted");
    CARETAKER_NEEDS(mounts_.bind(data, host_.path("mounted")));
    host_.set_age("mounted/precious", 9 * day);
    host_.set_age("mounted", 9 * day);
    const Cleanup cleanup = run("older_than: 1d, remove_empty_dirs: true");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(fs::exists(data / "precious"));
    EXPECT_EQ(host_.tree(), (Names{"a/", "mounted/", "mounted/precious"}));
}

TEST_F(CleanupMounts, NeverTakeAFileThatSomethingIsMountedOn) {
    host_.file("target", 9 * day);
    const std::string source = host_.home().file("source");
    std::ofstream(source) << "x";
    CARETAKER_NEEDS(mounts_.bind(source, host_.path("target")));
    host_.set_age("target", 9 * day);
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(cleanup.rows.empty());
}

TEST_F(CleanupMounts, NeverEnterAnEmptyTmpfsEither) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.path("shm"), "size=1m"));
    host_.file("shm/old", 9 * day);
    run("older_than: 1d");
    EXPECT_EQ(host_.tree(), (Names{"shm/", "shm/old"}));
}

TEST_F(CleanupMounts, CleanARootThatIsAMountItself) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    host_.file("old", 9 * day);
    host_.directory("lost+found");
    host_.set_age("lost+found", 9 * day);
    run("older_than: 1d, remove_empty_dirs: true");
    EXPECT_EQ(host_.tree(), Names{"lost+found/"});
}

TEST_F(CleanupMounts, RefuseAFileSystemThatHoldsNoFiles) {
    fs::create_directories(host_.path("proc"));
    CARETAKER_NEEDS(mounts_.bind("/proc", host_.path("proc")));
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}",
                    host_.path("proc")),
        {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 3);
    EXPECT_EQ(cleanup.error_codes(), Names{"root_refused"});
}

/// Sets a flag of lsattr(1) as long as it lives.
class InodeFlag {
 public:
    InodeFlag(const std::string& path, int flag) : path_(path), flag_(flag) { set(true); }

    ~InodeFlag() { set(false); }

    InodeFlag(const InodeFlag&) = delete;
    InodeFlag& operator=(const InodeFlag&) = delete;

    [[nodiscard]] std::string problem() const {
        return worked_ ? std::string() : "this file system has no flags of inodes";
    }

 private:
    void set(bool on) {
        const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        int flags = 0;
        worked_ = ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;
        flags = on ? flags | flag_ : flags & ~flag_;
        worked_ = ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0 && worked_;
        close(fd);
    }

    std::string path_;
    int flag_;
    bool worked_ = false;
};

class CleanupFileSystem : public CleanupMounts, public ::testing::WithParamInterface<const char*> {
 protected:
    /// Mappings on an overlay are known from /proc alone, which some hosts do not let even root
    /// read; a file of which nobody can tell whether it is in use stays.
    static bool tells_who_uses_a_file() {
        struct stat facts {};

        return std::string(GetParam()) != "overlay" || stat("/proc/1/fd/0", &facts) == 0;
    }

    /// Mounts it on the root.
    std::string mount() {
        const std::string type = GetParam();
        if (type == "tmpfs") {
            return mounts_.tmpfs(host_.root(), "size=16m");
        }
        if (type == "overlay") {
            const std::string base = host_.home().file("base");
            if (auto problem = mounts_.tmpfs(base, "size=16m"); !problem.empty()) {
                return problem;
            }
            fs::create_directories(base + "/lower");
            std::ofstream(base + "/lower/below") << "x";
            return mounts_.overlay(base + "/lower", base + "/upper", base + "/work", host_.root());
        }
        return mounts_.loop(type, host_.home().file("disk"), host_.root());
    }
};

TEST_P(CleanupFileSystem, LosesWhatIsOldAndKeepsWhatIsOpen) {
    CARETAKER_NEEDS(mount());
    host_.file("a/old", 9 * day);
    host_.file("a/open", 9 * day);
    host_.file("a/new", 0);
    const int held = open(host_.path("a/open").c_str(), O_WRONLY | O_CLOEXEC);
    const Cleanup cleanup = run("older_than: 1d, exclude: [below]");
    close(held);
    EXPECT_EQ(cleanup.exit_code, tells_who_uses_a_file() ? 0 : 3) << cleanup.err;
    const Names left = host_.tree();
    EXPECT_TRUE(left.contains("a/open"));
    EXPECT_TRUE(left.contains("a/new"));
    EXPECT_EQ(left.contains("a/old"), !tells_who_uses_a_file()) << cleanup.out;
}

TEST_P(CleanupFileSystem, KeepsWhatIsMappedOnly) {
    CARETAKER_NEEDS(mount());
    host_.file("mapped", 9 * day);
    const int file = open(host_.path("mapped").c_str(), O_RDONLY | O_CLOEXEC);
    void* const mapping = mmap(nullptr, 10, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    run("older_than: 1d");
    munmap(mapping, 10);
    EXPECT_TRUE(host_.tree().contains("mapped"));
}

INSTANTIATE_TEST_SUITE_P(Real,
                         CleanupFileSystem,
                         ::testing::Values("tmpfs", "ext4", "xfs", "overlay"),
                         [](const auto& system) { return std::string(system.param); });

/// On a disk of that type, by a loop device.
class CleanupInodeFlags : public CleanupMounts, public ::testing::WithParamInterface<const char*> {
 protected:
    std::string mount() {
        return mounts_.loop(GetParam(), host_.home().file("disk"), host_.root());
    }
};

TEST_P(CleanupInodeFlags, SayThatImmutableFilesStay) {
    CARETAKER_NEEDS(mount());
    host_.file("immutable", 9 * day);
    host_.file("append/inside", 9 * day);
    host_.file("plain", 9 * day);
    const InodeFlag immutable(host_.path("immutable"), FS_IMMUTABLE_FL);
    const InodeFlag append(host_.path("append"), FS_APPEND_FL);
    CARETAKER_NEEDS(immutable.problem() + append.problem());
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 3);
    EXPECT_EQ(cleanup.error_codes(), Names{"immutable"});
    EXPECT_EQ(cleanup.rows, std::vector<std::string>{"unlink plain done"});
}

TEST_P(CleanupInodeFlags, SayThatAnAppendOnlyFileStays) {
    CARETAKER_NEEDS(mount());
    host_.file("append", 9 * day);
    const InodeFlag append(host_.path("append"), FS_APPEND_FL);
    CARETAKER_NEEDS(append.problem());
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 3);
    EXPECT_EQ(cleanup.error_codes(), Names{"immutable"});
    EXPECT_TRUE(cleanup.rows.empty());
}

TEST_P(CleanupInodeFlags, KeepATreeWithOneImmutableFileInIt) {
    CARETAKER_NEEDS(mount());
    host_.file("unit/deep/immutable", 9 * day);
    host_.file("unit/plain", 9 * day);
    host_.file("other/plain", 9 * day);
    for (const char* directory : {"unit/deep", "unit", "other"}) {
        host_.set_age(directory, 9 * day);
    }
    const InodeFlag immutable(host_.path("unit/deep/immutable"), FS_IMMUTABLE_FL);
    CARETAKER_NEEDS(immutable.problem());
    const Cleanup cleanup = run("older_than: 1d, unit: tree, age_by: mtime");
    EXPECT_EQ(cleanup.rows, std::vector<std::string>{"tree other done"});
    EXPECT_TRUE(fs::exists(host_.path("unit/plain")));
}

INSTANTIATE_TEST_SUITE_P(Real,
                         CleanupInodeFlags,
                         ::testing::Values("ext4", "xfs"),
                         [](const auto& system) { return std::string(system.param); });

TEST_F(CleanupMounts, FailOnAReadOnlyFileSystemAndSaySo) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    host_.file("old", 9 * day);
    CARETAKER_NEEDS(mounts_.remount_read_only(host_.root()));
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 1);
    EXPECT_NE(cleanup.out.find("EROFS"), std::string::npos) << cleanup.out;
}

}  // namespace
}  // namespace caretaker::testing
