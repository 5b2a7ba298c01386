// SPDX-License-Identifier: Apache-2.0
// A unit that changes between plan and removal.
#include "jobs/cleanup/unit_removal.hpp"

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"
#include "tests/support/cleanup_host.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

constexpr std::int64_t day = 24 * 3600;

class UnitRemovalRace : public ::testing::Test {
 protected:
    UnitRemovalRace() {
        host_.file("u/deep/a", 9 * day);
        host_.file("u/b", 9 * day);
        const OpenedDirectory root = opener_.open_absolute(host_.root());
        UnitWalk walk(
            {.live_sockets = no_sockets_, .stop = stop_, .looked_at = looked_at_}, opener_, tree_);
        const std::uint32_t parent =
            walk.add_parent(root.fd.get(), host_.root(), TreeDirectory::none);
        unit_ = walk.walk(root.fd.get(), parent, host_.root(), "u");
        EXPECT_EQ(unit_.kept_by, "");
    }

    RemovedUnit remove(bool stops = false) {
        HeldDirectories held;
        return UnitRemoval(tree_, opener_, held).remove(unit_, [=] { return stops; });
    }

    CleanupHost host_{CARETAKER_BINARY};
    StopSignal stop_;
    std::set<std::string> no_sockets_;
    std::int64_t looked_at_ = 0;
    DirectoryOpener opener_;
    FileTree tree_;
    Unit unit_;
};

TEST_F(UnitRemovalRace, RemovesAllOfWhatIsStillTheSame) {
    EXPECT_EQ(unit_.entries_end - unit_.entries_begin, 2U);
    EXPECT_EQ(unit_.directories_end - unit_.directory, 2U);
    EXPECT_EQ(remove().result, Result::done);
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(UnitRemovalRace, RemovesNothingWhenAnythingWasWrittenTo) {
    std::ofstream(host_.path("u/deep/a"), std::ios::app) << "more";
    const RemovedUnit removed = remove();
    EXPECT_EQ(removed.result, Result::changed);
    EXPECT_EQ(removed.first, host_.path("u/deep/a"));
    EXPECT_EQ(host_.tree(), (Names{"u/", "u/deep/", "u/deep/a", "u/b"}));
}

TEST_F(UnitRemovalRace, RemovesNothingWhenSomethingCameIntoIt) {
    host_.file("u/deep/new", 0);
    const RemovedUnit removed = remove();
    EXPECT_EQ(removed.result, Result::changed);
    EXPECT_EQ(removed.first, host_.path("u/deep"));
    EXPECT_EQ(host_.tree().size(), 5U);
}

TEST_F(UnitRemovalRace, TouchesNothingElseWhenItBecameALink) {
    const fs::path outside = host_.home().path() / "outside";
    fs::rename(host_.path("u"), outside);
    fs::create_directory_symlink(outside, host_.path("u"));
    EXPECT_EQ(remove().result, Result::changed);
    EXPECT_TRUE(fs::exists(outside / "deep/a"));
    EXPECT_TRUE(fs::exists(outside / "b"));
}

TEST_F(UnitRemovalRace, TakesWhatIsGoneForDone) {
    fs::remove_all(host_.path("u"));
    EXPECT_EQ(remove().result, Result::gone);
}

TEST_F(UnitRemovalRace, TellsHowFarItCameAndIsAsOldAsBefore) {
    for (const char* name : {"u/deep", "u"}) {
        host_.set_age(name, 9 * day);
        for (TreeDirectory& directory : tree_.directories) {
            FileFacts facts;
            ASSERT_EQ(look_at(AT_FDCWD, host_.path(name).c_str(), facts), 0);
            if (directory.inode == facts.inode) {
                directory.mtime = facts.mtime;
            }
        }
    }
    HeldDirectories held;
    int turns = 0;
    const RemovedUnit removed =
        UnitRemoval(tree_, opener_, held).remove(unit_, [&] { return turns++ == 1; });
    EXPECT_EQ(removed.result, Result::failed);
    EXPECT_EQ(removed.error, 0);
    EXPECT_EQ(removed.removed, 1U);
    EXPECT_EQ(removed.allocated, tree_.entries[unit_.entries_begin].allocated);
    EXPECT_EQ(host_.tree().size(), 3U);
    for (const TreeDirectory& directory : tree_.directories) {
        FileFacts facts;
        const std::string path = tree_.path_of_directory(
            static_cast<std::uint32_t>(&directory - tree_.directories.data()));
        if (path == host_.root()) {
            continue;
        }
        ASSERT_EQ(look_at(AT_FDCWD, path.c_str(), facts), 0) << path;
        EXPECT_EQ(facts.mtime, directory.mtime) << path;
    }
    unit_.removed = removed.removed;
    EXPECT_EQ(describe_result(unit_, {.result = removed.result}), "failed: stopped after 1 of 4");
    EXPECT_EQ(describe_result(unit_, {.result = removed.result, .error = EPERM}),
              "failed: stopped after 1 of 4: EPERM (Operation not permitted)");
}

TEST_F(UnitRemovalRace, TouchesNothingWhereADirectoryWasLockedSince) {
    const Fd lock(open(host_.path("u/deep").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(flock(lock.get(), LOCK_SH), 0);
    EXPECT_EQ(remove().result, Result::changed);
    EXPECT_EQ(host_.tree().size(), 4U);
}

TEST_F(UnitRemovalRace, DeletesNothingOnceItIsStopped) {
    EXPECT_EQ(remove(true).result, Result::changed);
    EXPECT_EQ(host_.tree().size(), 4U);
}

}  // namespace
}  // namespace caretaker::testing
