// SPDX-License-Identifier: Apache-2.0
// What happens between the plan and the deletion: whatever somebody exchanges, only what was
// planned goes.
#include "jobs/cleanup/file_deletion.hpp"

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/files_plan.hpp"
#include "jobs/cleanup/parallel_parts.hpp"
#include "jobs/cleanup/tree_walk.hpp"
#include "tests/support/cleanup_host.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Names = std::set<std::string>;

constexpr std::int64_t day = 24 * 3600;

class FileDeletionRace : public ::testing::TestWithParam<bool> {
 protected:
    FileDeletionRace() {
        rule_.older_than = 24h;
        rule_.match.push_back(*PathPattern::parse("**").pattern);
        rule_.types = {EntryType::file};
        rule_.remove_empty_dirs = true;
    }

    /// Walks and decides; `false` as parameter: without openat2.
    void plan() {
        const OpenedDirectory root = opener_.open_absolute(host_.root());
        ASSERT_EQ(root.error, 0);
        const StopSignal stop;
        std::vector<WalkProblem> problems;
        WalkCounts counts;
        const std::set<std::string> no_sockets;
        const std::int64_t now = std::int64_t{std::time(nullptr)} * 1'000'000'000;
        TreeWalk walk(rule_,
                      {.live_sockets = no_sockets, .now = now, .stop = stop},
                      opener_,
                      tree_,
                      counts,
                      problems);
        walk.walk(root.fd.get(), host_.root(), 0);
        EXPECT_TRUE(problems.empty());
        selection_ = select_files(rule_, tree_, now);
    }

    /// What became of everything planned, in order.
    std::vector<Result> act() {
        FileDeletion deletion(rule_, tree_, opener_, held_);
        std::vector<Result> results;
        for (const std::uint32_t index : selection_.entries) {
            deletion.delete_entry(tree_.entries[index]);
            results.push_back(tree_.entries[index].result);
        }
        for (const std::uint32_t index : selection_.directories) {
            deletion.remove_directory(index);
            results.push_back(tree_.directories[index].result);
        }
        return results;
    }

    CleanupHost host_{CARETAKER_BINARY};
    DirectoryOpener opener_ = GetParam() ? DirectoryOpener() : DirectoryOpener::without_openat2();
    FileRule rule_{.name = "r"};
    FileTree tree_;
    FileSelection selection_;
    HeldDirectories held_;
};

using Results = std::vector<Result>;

TEST_P(FileDeletionRace, DeletesWhatIsStillTheSame) {
    host_.file("a/x", 9 * day);
    host_.set_age("a", 9 * day);
    plan();
    EXPECT_EQ(act(), (Results{Result::done, Result::done}));
    EXPECT_TRUE(host_.tree().empty());
}

TEST_P(FileDeletionRace, LeavesEverythingBehindADirectoryThatBecameALink) {
    host_.file("a/x", 9 * day);
    plan();
    const fs::path outside = host_.home().path() / "outside";
    fs::rename(host_.path("a"), outside);
    fs::create_directory_symlink(outside, host_.path("a"));
    EXPECT_EQ(act(), Results{Result::changed});
    EXPECT_TRUE(fs::exists(outside / "x"));
}

TEST_P(FileDeletionRace, LeavesADirectoryThatTookTheOthersPlace) {
    host_.file("a/x", 9 * day);
    plan();
    fs::rename(host_.path("a"), host_.path("b"));
    host_.file("a/x", 9 * day);
    EXPECT_EQ(act(), Results{Result::changed});
    EXPECT_EQ(host_.tree(), (Names{"a/", "a/x", "b/", "b/x"}));
}

TEST_P(FileDeletionRace, LeavesEverythingWhenTheRootBecameALink) {
    host_.file("x", 9 * day);
    plan();
    const fs::path outside = host_.home().path() / "outside";
    fs::rename(host_.root(), outside);
    fs::create_directory_symlink(outside, host_.root());
    EXPECT_EQ(act(), Results{Result::changed});
    EXPECT_TRUE(fs::exists(outside / "x"));
}

TEST_P(FileDeletionRace, LeavesAFileThatWasWrittenTo) {
    host_.file("x", 9 * day);
    plan();
    std::ofstream(host_.path("x"), std::ios::app) << "more";
    EXPECT_EQ(act(), Results{Result::changed});
}

TEST_P(FileDeletionRace, LeavesAFileWhoseOwnerChangedThoughItsTimesDidNot) {
    host_.file("x", 9 * day);
    plan();
    ASSERT_EQ(chmod(host_.path("x").c_str(), 0600), 0);
    EXPECT_EQ(act(), Results{Result::changed}) << "the time of change tells";
}

TEST_P(FileDeletionRace, LeavesAnotherFileOfThatName) {
    host_.file("x", 9 * day);
    plan();
    fs::rename(host_.path("x"), host_.path("y"));
    host_.file("x", 9 * day);
    EXPECT_EQ(act(), Results{Result::changed});
}

TEST_P(FileDeletionRace, TakesWhatIsGoneForDone) {
    host_.file("a/x", 9 * day);
    host_.file("y", 9 * day);
    plan();
    fs::remove_all(host_.path("a"));
    fs::remove(host_.path("y"));
    EXPECT_EQ(act(), (Results{Result::gone, Result::gone}));
}

TEST_P(FileDeletionRace, LeavesADirectoryThatIsNotEmptyAnyMore) {
    host_.directory("a");
    host_.set_age("a", 9 * day);
    plan();
    std::ofstream(host_.path("a/new")) << "x";
    EXPECT_EQ(act(), Results{Result::changed});
    EXPECT_EQ(host_.tree(), (Names{"a/", "a/new"}));
}

TEST_P(FileDeletionRace, DeletesAllLinksOfAFileThoughEachMovesTheTimeOfChange) {
    host_.file("one", 9 * day);
    fs::create_hard_link(host_.path("one"), host_.path("two"));
    plan();
    EXPECT_EQ(act(), (Results{Result::done, Result::done}));
}

TEST_P(FileDeletionRace, DeletesEverythingByThreadsThatShareTheirLinks) {
    constexpr std::size_t directories = 40;
    for (std::size_t i = 0; i < directories; ++i) {
        host_.file(fmt::format("{}/own", i), 9 * day);
        const std::string first = host_.path(fmt::format("{}/linked", i / 2 * 2));
        if (i % 2 == 0) {
            host_.file(fmt::format("{}/linked", i), 9 * day);
        } else {  // in a directory that another thread may have
            fs::create_hard_link(first, host_.path(fmt::format("{}/linked", i)));
        }
    }
    plan();
    constexpr std::size_t threads = 4;
    std::deque<DirectoryOpener> openers(threads, opener_);
    std::deque<FileDeletion> deletions;
    deletions.emplace_back(rule_, tree_, openers[0], held_);
    for (std::size_t i = 1; i < threads; ++i) {
        deletions.push_back(deletions[0].share_with(openers[i]));
    }
    run_parts(threads, selection_.entries.size(), [&](std::size_t worker, std::size_t part) {
        deletions[worker].delete_entry(tree_.entries[selection_.entries[part]]);
    });
    EXPECT_EQ(selection_.entries.size(), 2 * directories);
    for (const std::uint32_t index : selection_.entries) {
        EXPECT_EQ(tree_.entries[index].result, Result::done) << tree_.path_of(tree_.entries[index]);
    }
}

TEST_P(FileDeletionRace, LeavesWhatIsBelowADirectoryThatWasLockedSince) {
    host_.file("a/deep/x", 9 * day);
    host_.file("b/y", 9 * day);
    for (const char* name : {"a/deep", "a", "b"}) {
        host_.set_age(name, 9 * day);
    }
    plan();
    const Fd lock(open(host_.path("a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(flock(lock.get(), LOCK_SH), 0);
    static_cast<void>(act());
    EXPECT_EQ(host_.tree(), (Names{"a/", "a/deep/", "a/deep/x"}));
    const auto x = std::ranges::find(tree_.entries, Result::changed, &TreeEntry::result);
    ASSERT_NE(x, tree_.entries.end());
    EXPECT_EQ(describe_result(x->result, x->error),
              "changed: another process holds a lock on its directory");
}

TEST_P(FileDeletionRace, LeavesAnEmptyDirectoryThatWasLockedSince) {
    host_.directory("a");
    host_.set_age("a", 9 * day);
    plan();
    const Fd lock(open(host_.path("a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(flock(lock.get(), LOCK_EX), 0);
    EXPECT_EQ(act(), Results{Result::changed});
    EXPECT_EQ(host_.tree(), Names{"a/"});
}

TEST_P(FileDeletionRace, HoldsTheDirectoriesItIsIn) {
    host_.file("a/x", 9 * day);
    plan();
    FileDeletion deletion(rule_, tree_, opener_, held_);
    deletion.delete_entry(tree_.entries[0]);
    const Fd other(open(host_.path("a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_NE(flock(other.get(), LOCK_SH | LOCK_NB), 0);
    deletion.leave();
    EXPECT_EQ(flock(other.get(), LOCK_SH | LOCK_NB), 0);
}

TEST_P(FileDeletionRace, TouchesNothingBelowADroppedRoot) {
    host_.file("x", 9 * day);
    plan();
    FileDeletion deletion(rule_, tree_, opener_, held_);
    deletion.drop_root(0);
    deletion.delete_entry(tree_.entries[0]);
    EXPECT_EQ(tree_.entries[0].result, Result::changed);
    EXPECT_EQ(host_.tree(), Names{"x"});
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutOpenat2, FileDeletionRace, ::testing::Bool());

}  // namespace
}  // namespace caretaker::testing
