// SPDX-License-Identifier: Apache-2.0
// What a rule takes of a tree of which it took something already.
#include "jobs/cleanup/files_plan.hpp"
#include "tests/unit/cleanup/tree_builder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t day = 86'400;

class FilesSecondRound : public ::testing::Test {
 protected:
    FilesSecondRound() {
        rule_.min_age = 10min;
        rule_.free_space = {.low = 10, .high = 20};
    }

    /// With so many of 100 blocks of 4096 bytes free.
    std::string take(std::uint64_t free) {
        const std::vector<DiskSpace> disks{
            {.device = 1, .bytes = {.free = free * 4096, .total = 100 * std::uint64_t{4096}}}};
        selection_ = select_files(rule_, built_.tree, now, disks);
        return built_.names_of(selection_.entries);
    }

    void end(Result result) {
        for (const std::uint32_t index : selection_.entries) {
            built_.tree.entries[index].result = result;
        }
        for (const std::uint32_t index : selection_.directories) {
            built_.tree.directories[index].result = result;
        }
    }

    FileRule rule_{.name = "r"};
    TreeBuilder built_;
    std::uint32_t root_ = built_.directory("/data/logs");
    FileSelection selection_;
};

TEST_F(FilesSecondRound, TakesTheNextOldestBeyondWhatWent) {
    for (const char* name : {"1", "2", "3", "4"}) {
        built_.file(root_, name, 9 * day - built_.tree.entries.size() * day);
    }
    rule_.free_space = {.low = 10, .high = 11};
    EXPECT_EQ(take(9), "1 2");
    end(Result::done);
    EXPECT_EQ(take(9), "3 4");
    EXPECT_EQ(built_.tree.entries[0].verdict, EntryVerdict::by_pressure) << "for its row";
}

TEST_F(FilesSecondRound, DoesNotTryAgainWhatFailedOrChanged) {
    built_.file(root_, "failed", 9 * day);
    built_.file(root_, "other", 8 * day);
    rule_.free_space = {.low = 10, .high = 10};
    EXPECT_EQ(take(9), "failed");
    for (const Result result : {Result::failed, Result::changed}) {
        end(result);
        EXPECT_EQ(take(9), "other");
        selection_.entries = {0};
    }
}

TEST_F(FilesSecondRound, TakesNothingOnceThereIsRoom) {
    built_.file(root_, "old", 9 * day);
    EXPECT_EQ(take(10), "");
}

TEST_F(FilesSecondRound, CountsALinkWhoseOtherOneWent) {
    TreeEntry& one = built_.file(root_, "one", 9 * day);
    one.links = 2;
    one.result = Result::done;
    one.verdict = EntryVerdict::by_pressure;
    TreeEntry& other = built_.file(root_, "other", 8 * day);
    other.links = 2;
    other.inode = built_.tree.entries[0].inode;
    built_.file(root_, "young", 7 * day);
    rule_.free_space = {.low = 10, .high = 10};
    EXPECT_EQ(take(9), "other") << "it frees the file's block, so that nothing more is needed";
    EXPECT_FALSE(built_.tree.entries[1].frees_nothing);
}

TEST_F(FilesSecondRound, KeepsADirectoryInWhichSomethingFailed) {
    rule_.remove_empty_dirs = true;
    const std::uint32_t kept = built_.directory("kept", root_);
    const std::uint32_t emptied = built_.directory("emptied", root_);
    built_.file(kept, "failed", 9 * day).result = Result::failed;
    built_.file(emptied, "gone", 9 * day).result = Result::gone;
    for (TreeEntry& entry : built_.tree.entries) {
        entry.verdict = EntryVerdict::by_pressure;
    }
    EXPECT_EQ(take(50), "");
    EXPECT_EQ(selection_.directories, std::vector{emptied});
    end(Result::done);
    take(50);
    EXPECT_TRUE(selection_.directories.empty()) << "it has gone";
}

}  // namespace
}  // namespace caretaker::testing
