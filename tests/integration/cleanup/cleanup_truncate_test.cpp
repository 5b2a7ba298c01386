// SPDX-License-Identifier: Apache-2.0
// Files that processes write into: emptied where all of them append, left alone otherwise.
#include "common/base/fd.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::string>;

constexpr std::int64_t day = 24 * 3600;
constexpr const char* rule = "older_than: 1d, open_files: truncate, truncate_over: 100B";

class CleanupTruncate : public ::testing::Test {
 protected:
    void SetUp() override {
        host_.let_runs_see_this_process_only();
        host_.file("log", 9 * day, 1000);
    }

    [[nodiscard]] Fd open_log(int flags) const {
        return Fd(open(host_.path("log").c_str(), flags | O_CLOEXEC));
    }

    [[nodiscard]] std::uintmax_t size() const { return fs::file_size(host_.path("log")); }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupTruncate, EmptiesWhatIsAppendedTo) {
    const Fd writer = open_log(O_WRONLY | O_APPEND);
    const Cleanup cleanup = host_.run(rule, {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Rows{"truncate log done"});
    EXPECT_EQ(size(), 0U);
    EXPECT_EQ(write(writer.get(), "next", 4), 4);
    EXPECT_EQ(size(), 4U) << "what is written next stands at the beginning";
}

TEST_F(CleanupTruncate, SaysSoInADryRunAndLeavesIt) {
    const Fd writer = open_log(O_WRONLY | O_APPEND);
    const Cleanup cleanup = host_.run(rule, {"--dry-run"});
    EXPECT_EQ(cleanup.rows, Rows{"truncate log planned"});
    EXPECT_EQ(size(), 1000U);
}

TEST_F(CleanupTruncate, LeavesWhatAWriterKeepsAnOffsetIn) {
    const Fd writer = open_log(O_WRONLY);
    const Cleanup cleanup = host_.run(rule, {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Rows{});
    EXPECT_EQ(size(), 1000U);
}

TEST_F(CleanupTruncate, LeavesItForOneSuchWriterAmongOthers) {
    const Fd appends = open_log(O_WRONLY | O_APPEND);
    const Fd reads = open_log(O_RDONLY);
    const Fd writes = open_log(O_RDWR);
    EXPECT_EQ(host_.run(rule, {"--yes"}).rows, Rows{});
    EXPECT_EQ(size(), 1000U);
}

TEST_F(CleanupTruncate, LeavesWhatIsMappedForWriting) {
    const Fd appends = open_log(O_WRONLY | O_APPEND);
    void* mapping = MAP_FAILED;
    {
        const Fd both = open_log(O_RDWR);
        mapping = mmap(nullptr, 1000, PROT_READ | PROT_WRITE, MAP_SHARED, both.get(), 0);
    }
    ASSERT_NE(mapping, MAP_FAILED);
    EXPECT_EQ(host_.run(rule, {"--yes"}).rows, Rows{});
    munmap(mapping, 1000);
    EXPECT_EQ(size(), 1000U);
}

TEST_F(CleanupTruncate, LeavesWhatIsOnlyRead) {
    const Fd reader = open_log(O_RDONLY);
    EXPECT_EQ(host_.run(rule, {"--yes"}).rows, Rows{});
    EXPECT_EQ(size(), 1000U);
}

TEST_F(CleanupTruncate, LeavesWhatIsNotLarger) {
    const Fd writer = open_log(O_WRONLY | O_APPEND);
    const Cleanup cleanup =
        host_.run("older_than: 1d, open_files: truncate, truncate_over: 1000B", {"--yes"});
    EXPECT_EQ(cleanup.rows, Rows{});
    EXPECT_EQ(
        host_.run("older_than: 1d, open_files: truncate, truncate_over: 999B", {"--yes"}).rows,
        Rows{"truncate log done"});
}

TEST_F(CleanupTruncate, LeavesWhatTheLimitsOfTheRuleDoNotTake) {
    const Fd writer = open_log(O_WRONLY | O_APPEND);
    host_.set_age("log", 3600);
    EXPECT_EQ(host_.run(rule, {"--yes"}).rows, Rows{});
}

TEST_F(CleanupTruncate, DeletesWhatNobodyHasOpen) {
    EXPECT_EQ(host_.run(rule, {"--yes"}).rows, Rows{"unlink log done"});
    EXPECT_FALSE(fs::exists(host_.path("log")));
}

TEST_F(CleanupTruncate, KeepsTheDirectoryOfAnEmptiedFile) {
    host_.file("d/log", 9 * day, 1000);
    host_.set_age("d", 9 * day);
    fs::remove(host_.path("log"));
    const Fd writer(open(host_.path("d/log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    const Cleanup cleanup = host_.run(fmt::format("{}, remove_empty_dirs: true", rule), {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Rows{"truncate d/log done"});
}

TEST_F(CleanupTruncate, IsRefusedTogetherWithTrees) {
    EXPECT_EQ(host_.run("older_than: 1d, open_files: truncate, unit: tree", {"--yes"}).exit_code,
              2);
}

}  // namespace
}  // namespace caretaker::testing
