// SPDX-License-Identifier: Apache-2.0
// How many entries one recorded action is about.
#include "jobs/cleanup/file_actions_plan.hpp"

#include "tests/unit/cleanup/tree_builder.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace caretaker::testing {
namespace {

/// A tree of that many directories with so many files each, all taken.
struct Taken {
    Taken(int directories, int files) {
        const std::uint32_t root = built.directory("/data/logs");
        for (int d = 0; d < directories; ++d) {
            const std::uint32_t directory = built.directory("d", root);
            for (int f = 0; f < files; ++f) {
                built.file(directory, "f", 1);
            }
            selection.directories.insert(selection.directories.begin(), directory);
        }
        selection.entries.resize(built.tree.entries.size());
        std::iota(selection.entries.begin(), selection.entries.end(), 0);
    }

    [[nodiscard]] FileActions group(std::size_t most, const Pace& pace = {}) const {
        const TakenFiles taken{.tree = built.tree, .selection = selection};
        return group_files({&taken, 1}, most, pace);
    }

    TreeBuilder built;
    FileSelection selection;
};

/// Every entry and directory stands in exactly one action, in its order.
void expect_complete(const FileActions& grouped, const Taken& taken) {
    std::size_t entries = 0;
    std::size_t directories = 0;
    for (const FileAction& action : grouped.actions) {
        std::size_t& next = action.of_directories ? directories : entries;
        EXPECT_EQ(action.begin, next);
        EXPECT_GT(action.end, action.begin);
        next = action.end;
    }
    EXPECT_EQ(entries, taken.selection.entries.size());
    EXPECT_EQ(directories, taken.selection.directories.size());
}

TEST(GroupFiles, HasAnActionForEachWhileTheyAreFew) {
    const Taken taken(2, 3);
    const FileActions grouped = taken.group(8);
    EXPECT_EQ(grouped.detail, Detail::entry);
    EXPECT_EQ(grouped.actions.size(), 8U);
    expect_complete(grouped, taken);
}

TEST(GroupFiles, HasAnActionForADirectoryWhenTheyAreMore) {
    const Taken taken(2, 3);
    const FileActions grouped = taken.group(7);
    EXPECT_EQ(grouped.detail, Detail::directory);
    EXPECT_EQ(grouped.actions.size(), 3U) << "two directories' files, and the directories";
    expect_complete(grouped, taken);
}

TEST(GroupFiles, CutsLargeDirectoriesIntoThousands) {
    const Taken taken(1, 2001);
    const FileActions grouped = taken.group(10);
    EXPECT_EQ(grouped.detail, Detail::directory);
    EXPECT_EQ(grouped.actions.size(), 4U);
    expect_complete(grouped, taken);
}

TEST(GroupFiles, HasNoActionThatASecondMayNotTake) {
    const Taken taken(1, 2000);
    const FileActions by_files = taken.group(30, {.rate_files = 100});
    EXPECT_EQ(by_files.detail, Detail::directory);
    EXPECT_EQ(by_files.actions.size(), 21U) << "twenty of a hundred files, and the directory";
    expect_complete(by_files, taken);
    const FileActions by_bytes = taken.group(30, {.rate_bytes = std::uint64_t{4096} * 250});
    EXPECT_EQ(by_bytes.actions.size(), 9U);
    expect_complete(by_bytes, taken);
    const FileActions largest = taken.group(30, {.rate_bytes = 1});
    EXPECT_EQ(largest.actions.size(), 2001U) << "a file larger than that has one of its own";
    expect_complete(largest, taken);
}

TEST(GroupFiles, HasAnActionForPartsOfARootWhenDirectoriesAreTooMany) {
    const Taken taken(100, 100);
    const FileActions grouped = taken.group(50);
    EXPECT_EQ(grouped.detail, Detail::root);
    EXPECT_LE(grouped.actions.size(), 50U);
    expect_complete(grouped, taken);
}

TEST(GroupFiles, HasNoneForNothing) {
    EXPECT_TRUE(Taken(0, 0).group(1).actions.empty());
}

}  // namespace
}  // namespace caretaker::testing
