// SPDX-License-Identifier: Apache-2.0
// The tree of a host, as the file system shows it.
#include "tests/sandbox/host_tree.hpp"

#include "common/base/error.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace caretaker::sandbox {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::sys_seconds;

constexpr sys_seconds now{std::chrono::seconds{1'795'345'600}};

class HostTreeTest : public ::testing::Test {
 protected:
    HostTree make(HostTreeOptions options = {}) {
        options.root = folder_.file("host");
        options.now = now;
        return make_host_tree(options, platform_);
    }

    static std::int64_t modified(const fs::path& path) {
        struct stat found {};

        EXPECT_EQ(::fstatat(AT_FDCWD, path.c_str(), &found, AT_SYMLINK_NOFOLLOW), 0) << path;
        return found.st_mtime;
    }

    /// Container ids of runs below `path`.
    static std::set<std::string> runs_below(const fs::path& path) {
        std::set<std::string> found;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
            if (entry.path().parent_path().filename() == "runs") {
                found.insert(entry.path().filename());
            }
        }
        return found;
    }

    TempDir folder_{};
    PlatformState platform_ = make_platform({.agents = 3, .apps = 4});
};

TEST_F(HostTreeTest, HasLogsOfEveryAge) {
    const HostTree tree = make({.log_files = 300, .days = 30, .has_hostile_names = false});
    std::set<std::int64_t> days;
    for (const fs::directory_entry& entry : fs::directory_iterator(tree.logs / "api")) {
        days.insert((now.time_since_epoch().count() - modified(entry.path())) / 86'400);
    }
    EXPECT_GE(days.size(), 30U);
    EXPECT_EQ(fs::file_size(tree.logs / "api/huge.log.1"), 6ULL << 30U);
    EXPECT_LT(modified(tree.logs / "empty-old"), modified(tree.logs / "empty-new"));
    EXPECT_GT(modified(tree.logs / "gateway/tomorrow.log.1"), now.time_since_epoch().count());
}

TEST_F(HostTreeTest, HasNamesThatBreakCarelessTools) {
    const HostTree tree = make();
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(tree.logs / "hostile")) {
        names.insert(entry.path().filename().native());
    }
    EXPECT_EQ(names.size(), 16U);
    EXPECT_TRUE(names.contains("line\nbreak.log.1"));
    EXPECT_TRUE(names.contains("-rf"));
    EXPECT_TRUE(std::ranges::any_of(names, [](const auto& name) { return name.size() == 255; }));
    fs::path deep = tree.logs / "deep";
    EXPECT_TRUE(fs::exists(deep / std::string(250, 'd')));
}

TEST_F(HostTreeTest, LeadsLinksOutside) {
    const HostTree tree = make();
    EXPECT_EQ(fs::canonical(tree.logs / "links/to-outside"), fs::canonical(tree.outside));
    EXPECT_EQ(fs::hard_link_count(tree.logs / "links/one.log.1"), 3U);
    EXPECT_TRUE(fs::is_fifo(fs::symlink_status(tree.logs / "links/pipe.log.1")));
    EXPECT_TRUE(fs::is_socket(fs::symlink_status(tree.logs / "links/socket.log.1")));
}

TEST_F(HostTreeTest, HasTheSandboxesOfTheAgentsTasksAndOfOthers) {
    const HostTree tree = make();
    const auto runs = runs_below(tree.work_dir / "slaves" / platform_.agents[0].id);
    EXPECT_EQ(tree.live_containers.size(), platform_.agents[0].tasks.size());
    EXPECT_EQ(runs.size(), tree.live_containers.size() + tree.dead_containers.size());
    for (const std::string& id : tree.live_containers) {
        EXPECT_TRUE(runs.contains(id));
    }
    EXPECT_TRUE(fs::exists(tree.work_dir / "slaves" / tree.dead_agent));
    EXPECT_EQ(platform_.mesos.agent_work_dir, tree.work_dir.string());
}

TEST_F(HostTreeTest, TouchesNothingThatIsThere) {
    make();
    EXPECT_THROW(make(), UsageError);
}

}  // namespace
}  // namespace caretaker::sandbox
