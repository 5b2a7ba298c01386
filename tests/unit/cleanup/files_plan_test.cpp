// SPDX-License-Identifier: Apache-2.0
// Which entries a rule takes.
#include "jobs/cleanup/files_plan.hpp"

#include "tests/unit/cleanup/tree_builder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t day = 86'400;

class FilesPlan : public ::testing::Test {
 protected:
    FilesPlan() { rule_.min_age = 10min; }

    std::string take() {
        selection_ = select_files(rule_, built_.tree, now);
        return built_.names_of(selection_.entries);
    }

    EntryVerdict verdict_of(std::size_t index) { return built_.tree.entries[index].verdict; }

    FileRule rule_{.name = "r"};
    TreeBuilder built_;
    std::uint32_t root_ = built_.directory("/data/logs");
    FileSelection selection_;
};

TEST_F(FilesPlan, TakesWhatIsStrictlyOlder) {
    rule_.older_than = 24h * 7;
    built_.file(root_, "equal", 7 * day);
    built_.file(root_, "younger", 7 * day - 1);
    built_.file(root_, "older", 7 * day + 1);
    TreeEntry& nanosecond = built_.file(root_, "nanosecond", 7 * day);
    nanosecond.time -= 1;
    EXPECT_EQ(take(), "older nanosecond");
}

TEST_F(FilesPlan, CountsTimesInTheFutureAsYoung) {
    rule_.older_than = 1s;
    built_.file(root_, "future", -day);
    built_.file(root_, "now", 0);
    EXPECT_EQ(take(), "");
}

TEST_F(FilesPlan, TakesNothingOfNothing) {
    rule_.older_than = 1s;
    EXPECT_EQ(take(), "");
    EXPECT_TRUE(selection_.budget_met);
}

TEST_F(FilesPlan, KeepsTheNewestOfEachDirectory) {
    rule_.older_than = 1h;
    rule_.keep_newest = 1;
    const std::uint32_t a = built_.directory("a", root_);
    built_.file(a, "a1", 3 * day);
    built_.file(a, "a2", 2 * day);
    const std::uint32_t b = built_.directory("b", root_);
    built_.file(b, "b1", 5 * day);
    EXPECT_EQ(take(), "a1");
    EXPECT_EQ(verdict_of(2), EntryVerdict::newest);
}

TEST_F(FilesPlan, KeepsTheNewestOfTheRootOrTheRuleWhenAsked) {
    rule_.older_than = 1h;
    rule_.keep_newest = 1;
    built_.file(root_, "x", 3 * day);
    const std::uint32_t other = built_.directory("/data/more");
    built_.file(other, "y", 2 * day);
    rule_.group_by = GroupBy::root;
    EXPECT_EQ(take(), "");
    rule_.group_by = GroupBy::rule;
    EXPECT_EQ(take(), "x");
}

TEST_F(FilesPlan, CallsTheGreaterPathNewerWhenTimesAreEqual) {
    rule_.keep_newest = 1;
    built_.file(root_, "b", day);
    built_.file(root_, "c", day);
    built_.file(root_, "a", day);
    EXPECT_EQ(take(), "a b");
}

TEST_F(FilesPlan, TakesByNumberAloneOnlyWhatIsOlderThanTheLeastAge) {
    rule_.keep_newest = 1;
    built_.file(root_, "old", 601);
    built_.file(root_, "young", 600);
    built_.file(root_, "newest", 10);
    EXPECT_EQ(take(), "old");
    EXPECT_EQ(verdict_of(1), EntryVerdict::young);
}

TEST_F(FilesPlan, TakesTheOldestUntilTheRestFitsTheBudget) {
    rule_.max_total_size = 8192;
    built_.file(root_, "d1", day);
    built_.file(root_, "d4", 4 * day);
    built_.file(root_, "d3", 3 * day);
    built_.file(root_, "d2", 2 * day);
    EXPECT_EQ(take(), "d4 d3");
    EXPECT_TRUE(selection_.budget_met);
    rule_.max_total_size = 4 * 4096;
    EXPECT_EQ(take(), "") << "exactly the budget is within it";
    rule_.max_total_size = 4 * 4096 - 1;
    EXPECT_EQ(take(), "d4");
}

TEST_F(FilesPlan, SaysThatABudgetCannotBeMet) {
    rule_.max_total_size = 1;
    rule_.keep_newest = 1;
    built_.file(root_, "old", day);
    built_.file(root_, "young", 5);
    built_.file(root_, "newest", 1);
    EXPECT_EQ(take(), "old");
    EXPECT_FALSE(selection_.budget_met);
}

TEST_F(FilesPlan, UnitesAgeAndBudget) {
    rule_.older_than = 24h * 3;
    rule_.max_total_size = 4096;
    built_.file(root_, "d5", 5 * day);
    built_.file(root_, "d2", 2 * day);
    built_.file(root_, "d1", day);
    EXPECT_EQ(take(), "d5 d2");
    EXPECT_EQ(verdict_of(0), EntryVerdict::by_age);
    EXPECT_EQ(verdict_of(1), EntryVerdict::by_budget);
}

TEST_F(FilesPlan, CountsAFileWithSeveralLinksOnceInABudget) {
    rule_.max_total_size = 4096;
    for (const char* name : {"one", "two"}) {
        TreeEntry& entry = built_.file(root_, name, day);
        entry.links = 2;
        entry.inode = 7;
    }
    EXPECT_EQ(take(), "");
}

TEST_F(FilesPlan, FreesNothingWithALinkThatIsNotTheLast) {
    rule_.older_than = 1h;
    for (const char* name : {"one", "two"}) {
        TreeEntry& entry = built_.file(root_, name, day);
        entry.links = 3;
        entry.inode = 7;
    }
    take();
    EXPECT_TRUE(built_.tree.entries[0].frees_nothing);
    EXPECT_TRUE(built_.tree.entries[1].frees_nothing);
    built_.tree.entries[0].links = 2;
    built_.tree.entries[1].links = 2;
    take();
    EXPECT_TRUE(built_.tree.entries[0].frees_nothing);
    EXPECT_FALSE(built_.tree.entries[1].frees_nothing);
}

TEST_F(FilesPlan, TakesTheOldestOfADiskThatIsNearlyFull) {
    rule_.free_space = {.low = 10, .high = 20};
    built_.file(root_, "d1", day);
    built_.file(root_, "d3", 3 * day);
    built_.file(root_, "d2", 2 * day).links = 2;
    built_.file(root_, "young", 1);
    const auto taken = [&](std::uint64_t free) {
        const DiskSpace disk{.device = 1, .bytes = {.free = free, .total = 40'960}};
        selection_ = select_files(rule_, built_.tree, now, {&disk, 1});
        return built_.names_of(selection_.entries);
    };
    EXPECT_EQ(taken(4096), "") << "exactly the least share is enough";
    EXPECT_EQ(taken(4095), "d3 d2 d1") << "a byte is missing, and d2 frees nothing";
    EXPECT_EQ(taken(0), "d3 d2 d1");
    const DiskSpace other{.device = 2, .bytes = {.total = 40'960}};
    EXPECT_TRUE(select_files(rule_, built_.tree, now, {&other, 1}).entries.empty());
}

TEST_F(FilesPlan, CountsAFileUnderPressureOnceItsLastLinkIsTaken) {
    rule_.free_space = {.low = 10, .high = 20};
    rule_.free_inodes = {.low = 10, .high = 20};
    for (const char* name : {"a", "b"}) {
        TreeEntry& link = built_.file(root_, name, 9 * day);
        link.links = 2;
        link.inode = 7;
    }
    built_.file(root_, "d1", day);
    DiskSpace disk{.device = 1, .bytes = {.total = 20'480}};
    EXPECT_EQ(built_.names_of(select_files(rule_, built_.tree, now, {&disk, 1}).entries), "a b");
    disk = {.device = 1, .inodes = {.total = 5}};
    EXPECT_EQ(built_.names_of(select_files(rule_, built_.tree, now, {&disk, 1}).entries), "a b");
    rule_.older_than = 24h * 8;
    EXPECT_EQ(built_.names_of(select_files(rule_, built_.tree, now, {&disk, 1}).entries), "a b")
        << "also where another limit takes them";
}

TEST_F(FilesPlan, CountsNothingUnderPressureOfWhatTheKernelWouldRefuse) {
    rule_.free_space = {.low = 10, .high = 20};
    rule_.older_than = 24h * 2;
    built_.file(root_, "d4", 4 * day).immutable = true;
    built_.file(root_, "d3", 3 * day);
    TreeEntry& undying = built_.file(root_, "d1.5", day + day / 2);
    undying.immutable = true;
    built_.file(root_, "d1", day);
    built_.file(root_, "d0.5", day / 2);
    const DiskSpace disk{.device = 1, .bytes = {.total = 40'960}};
    selection_ = select_files(rule_, built_.tree, now, {&disk, 1});
    EXPECT_EQ(built_.names_of(selection_.entries), "d3 d1");
    EXPECT_EQ(verdict_of(2), EntryVerdict::immutable);
}

TEST_F(FilesPlan, CountsNothingUnderPressureOfWhatAProcessHolds) {
    rule_.free_space = {.low = 10, .high = 20};
    built_.file(root_, "d3", 3 * day).held_open = true;
    built_.file(root_, "d2", 2 * day);
    built_.file(root_, "d1", day);
    const DiskSpace disk{.device = 1, .bytes = {.total = 20'480}};
    selection_ = select_files(rule_, built_.tree, now, {&disk, 1});
    EXPECT_EQ(built_.names_of(selection_.entries), "d3 d2");
    EXPECT_TRUE(built_.tree.entries[0].frees_nothing);
    EXPECT_FALSE(built_.tree.entries[1].frees_nothing);
}

TEST_F(FilesPlan, CountsWhatOtherLimitsTakeBeforePressure) {
    rule_.free_space = {.low = 10, .high = 20};
    rule_.older_than = 24h * 2;
    built_.file(root_, "d3", 3 * day);
    built_.file(root_, "d4", 4 * day);
    built_.file(root_, "d1", day);
    const DiskSpace disk{.device = 1, .bytes = {.free = 4000, .total = 40'960}};
    selection_ = select_files(rule_, built_.tree, now, {&disk, 1});
    EXPECT_EQ(built_.names_of(selection_.entries), "d4 d3");
}

TEST_F(FilesPlan, TakesTheOldestOfADiskThatIsShortOfInodes) {
    rule_.free_inodes = {.low = 10, .high = 20};
    built_.file(root_, "d3", 3 * day);
    built_.file(root_, "d4", 4 * day);
    built_.file(root_, "d5", 5 * day).links = 2;
    const auto taken = [&](std::uint64_t free, std::uint64_t total) {
        const DiskSpace disk{.device = 1, .inodes = {.free = free, .total = total}};
        selection_ = select_files(rule_, built_.tree, now, {&disk, 1});
        return built_.names_of(selection_.entries);
    };
    EXPECT_EQ(taken(1, 10), "");
    EXPECT_EQ(taken(0, 5), "d5 d4") << "one is wanted, and d5 frees none";
    EXPECT_EQ(taken(0, 0), "") << "a file system without such a limit";
}

TEST_F(FilesPlan, OrdersEqualTimesByTheBytesOfWholePaths) {
    rule_.keep_newest = 1;
    rule_.group_by = GroupBy::rule;
    rule_.older_than = 1h;
    const std::uint32_t a = built_.directory("a", root_);
    const std::uint32_t dotted = built_.directory("a.c", root_);
    const std::uint32_t nested = built_.directory("m", a);
    built_.file(a, "x", day);        // root/a/x
    built_.file(dotted, "z", day);   // root/a.c/z, a dot comes before a slash
    built_.file(nested, "zz", day);  // root/a/m/zz
    built_.file(root_, "a-", day);   // root/a-
    take();
    EXPECT_EQ(verdict_of(0), EntryVerdict::newest);
    for (const std::size_t other : {1U, 2U, 3U}) {
        EXPECT_EQ(verdict_of(other), EntryVerdict::by_age) << other;
    }
    built_.tree.entries[0].time -= 1;
    take();
    EXPECT_EQ(verdict_of(2), EntryVerdict::newest) << "a/m/zz is the next";
    built_.tree.entries[2].time -= 1;
    take();
    EXPECT_EQ(verdict_of(1), EntryVerdict::newest) << "then a.c/z, behind a-";
}

TEST_F(FilesPlan, CountsWhatIsEmptiedAsFreed) {
    rule_.max_total_size = 4096;
    rule_.remove_empty_dirs = true;
    const std::uint32_t logs = built_.directory("logs", root_);
    built_.file(logs, "open", 5 * day).verdict = EntryVerdict::emptied;
    built_.file(logs, "d4", 4 * day);
    EXPECT_EQ(take(), "open");
    EXPECT_TRUE(selection_.budget_met);
    rule_.max_total_size = 4095;
    EXPECT_EQ(take(), "open d4");
    EXPECT_TRUE(selection_.directories.empty()) << "an emptied file is still there";
}

TEST_F(FilesPlan, CountsTheBytesButNotTheInodeOfWhatIsEmptied) {
    rule_.free_space = {.low = 10, .high = 20};
    rule_.free_inodes = {.low = 10, .high = 20};
    built_.file(root_, "open", 5 * day).verdict = EntryVerdict::emptied;
    built_.file(root_, "d4", 4 * day);
    built_.file(root_, "d3", 3 * day);
    DiskSpace disk{.device = 1, .bytes = {.total = 20'480}};
    EXPECT_EQ(built_.names_of(select_files(rule_, built_.tree, now, {&disk, 1}).entries), "open");
    disk.inodes.total = 5;
    EXPECT_EQ(built_.names_of(select_files(rule_, built_.tree, now, {&disk, 1}).entries),
              "open d4");
}

TEST_F(FilesPlan, TakesAnyAgeWhereItOnlyEmptiesButNoFileWithANameElsewhere) {
    rule_.only_empties = true;
    built_.file(root_, "stdout", 0);
    built_.file(root_, "stderr", 9 * day).links = 2;
    built_.file(root_, "asked", 9 * day).verdict = EntryVerdict::unwritten;
    EXPECT_EQ(take(), "stdout");
    EXPECT_EQ(verdict_of(0), EntryVerdict::by_size);
    EXPECT_EQ(verdict_of(2), EntryVerdict::unwritten);
}

TEST_F(FilesPlan, SetsAsideWhatTheKernelWouldRefuse) {
    rule_.older_than = 1h;
    built_.file(root_, "immutable", day).immutable = true;
    const std::uint32_t kept = built_.directory("append-only", root_);
    built_.tree.directories[kept].append_only = true;
    built_.file(kept, "inside", day);
    EXPECT_EQ(take(), "");
    EXPECT_EQ(verdict_of(0), EntryVerdict::immutable);
    EXPECT_EQ(verdict_of(1), EntryVerdict::immutable);
}

TEST_F(FilesPlan, TakesTheNextOldestInThePlaceOfAFileInUse) {
    rule_.max_total_size = 4096;
    built_.file(root_, "d3", 3 * day);
    built_.file(root_, "d2", 2 * day);
    built_.file(root_, "d1", day);
    EXPECT_EQ(take(), "d3 d2");
    built_.tree.entries[0].verdict = EntryVerdict::in_use;
    EXPECT_EQ(take(), "d2") << "what is in use is no part of what the rule judges";
    EXPECT_EQ(verdict_of(0), EntryVerdict::in_use);
}

TEST_F(FilesPlan, OrdersByInodeWhereADirectoryLosesMoreThanAThousand) {
    rule_.older_than = 1h;
    for (int i = 0; i < 1001; ++i) {
        built_.file(root_, "f", day + i).inode = static_cast<std::uint64_t>(2000 - i);
    }
    take();
    EXPECT_EQ(built_.tree.entries[selection_.entries.front()].inode, 1000U);
    EXPECT_EQ(built_.tree.entries[selection_.entries.back()].inode, 2000U);
}

TEST_F(FilesPlan, RemovesDirectoriesThatWillBeEmptyFromBelow) {
    rule_.older_than = 1h;
    rule_.remove_empty_dirs = true;
    const std::uint32_t a = built_.directory("a", root_);
    const std::uint32_t b = built_.directory("b", a);
    built_.file(b, "x", day);
    take();
    EXPECT_EQ(selection_.directories, (std::vector<std::uint32_t>{b, a}));
}

TEST_F(FilesPlan, KeepsDirectoriesThatHoldAnythingOrAreYoungOrMustStay) {
    rule_.older_than = 24h * 10;
    rule_.remove_empty_dirs = true;
    const std::uint32_t full = built_.directory("full", root_);
    built_.file(full, "young", 1);
    built_.directory("exactly-as-old", root_);
    const std::uint32_t kept = built_.directory("kept", root_);
    built_.tree.directories[kept].may_go = false;
    built_.tree.directories[kept].mtime = 0;
    const std::uint32_t unread = built_.directory("unread", root_);
    built_.tree.directories[unread].read_to_end = false;
    built_.tree.directories[unread].mtime = 0;
    const std::uint32_t other = built_.directory("holds-what-no-rule-names", root_);
    built_.tree.directories[other].entries = 1;
    built_.tree.directories[other].mtime = 0;
    take();
    EXPECT_TRUE(selection_.directories.empty());
}

TEST_F(FilesPlan, JudgesADirectoryByItsTimeBeforeTheRun) {
    rule_.older_than = 24h * 10;
    rule_.remove_empty_dirs = true;
    const std::uint32_t old = built_.directory("old", root_);
    built_.tree.directories[old].mtime -= 1;
    take();
    EXPECT_EQ(selection_.directories, std::vector<std::uint32_t>{old});
}

TEST(TimeBy, TakesTheTimeThatTheRuleNames) {
    const FileFacts facts{.atime = 1, .mtime = 2, .ctime = 3, .birth = 4};
    EXPECT_EQ(time_by(AgeBy::atime, facts), 1);
    EXPECT_EQ(time_by(AgeBy::mtime, facts), 2);
    EXPECT_EQ(time_by(AgeBy::ctime, facts), 3);
    EXPECT_EQ(time_by(AgeBy::birth, facts), 4);
    EXPECT_EQ(time_by(AgeBy::newest, facts), 3);
    EXPECT_EQ(time_by(AgeBy::birth, {.mtime = 2, .ctime = 3}), 3) << "no birth time is kept";
}

}  // namespace
}  // namespace caretaker::testing
