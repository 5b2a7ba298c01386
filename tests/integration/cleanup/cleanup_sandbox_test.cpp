// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` on a whole host of the sandbox: logs with hostile names, and a Docker Engine
// that other people use at the same time.
#include "tests/sandbox/fake_docker.hpp"
#include "tests/sandbox/host_tree.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

std::chrono::sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

TEST(CleanupSandboxHost, LosesOldLogsOfAnyNameAndNothingElse) {
    const CleanupHost host{CARETAKER_BINARY};
    sandbox::PlatformState platform = sandbox::make_platform({.agents = 1, .apps = 2});
    const sandbox::HostTree tree =
        make_host_tree({.root = host.path("host"), .now = now()}, platform);
    const auto count = [](const fs::path& path) {
        std::size_t entries = 0;
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            entries += entry.is_regular_file() && !entry.is_symlink() ? 1 : 0;
        }
        return entries;
    };
    const std::size_t outside = count(tree.outside);
    const std::string rules = fmt::format(
        "cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 7d, max_depth: 256, "
        "remove_empty_dirs: true}}]}}\n",
        tree.logs.string());
    const Cleanup planned = host.run_with(rules, {"--dry-run"});
    const Cleanup done = host.run_with(rules, {"--yes"});
    EXPECT_EQ(planned.rows.size(), done.rows.size());
    EXPECT_GT(done.rows.size(), 100U);
    for (const std::string& row : done.rows) {
        EXPECT_TRUE(row.ends_with(" done")) << row;
    }
    EXPECT_EQ(done.exit_code, 0) << done.out.substr(0, 2000);
    EXPECT_EQ(count(tree.outside), outside) << "what links lead to stays";
    const Cleanup again = host.run_with(rules, {"--yes"});
    EXPECT_EQ(again.exit_code, 0) << again.err;
    for (const std::string& row : again.rows) {
        EXPECT_TRUE(row.starts_with("rmdir ")) << row;
    }
}

class CleanupSandboxDocker : public ::testing::Test {
 protected:
    Cleanup clean(const std::string& remove, const std::string& mode = "--yes") {
        return host_.run_with(
            fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                        "cleanup: {{docker: {{remove: [{}], build_cache: {{keep: 0B}}}}}}\n",
                        docker_.socket().string(),
                        remove),
            {mode, "--max-percent", "100"});
    }

    static sandbox::DockerState make_state() {
        sandbox::DockerScenario scenario;
        scenario.now_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch()).count();
        return make_docker_host(scenario);
    }

    /// Names of containers, by whether they run, are paused and so on.
    Names names(bool of_running) {
        return docker_.with_state([&](const sandbox::DockerState& state) {
            Names found;
            for (const auto& [id, container] : state.containers) {
                const bool ended = container.state == "exited" || container.state == "dead" ||
                                   container.state == "created";
                if (ended != of_running) {
                    found.insert(container.name);
                }
            }
            return found;
        });
    }

    CleanupHost host_{CARETAKER_BINARY};
    sandbox::FakeDocker docker_{make_state(), host_.home().file("docker.sock")};
};

std::map<std::string, std::string> states(const Cleanup& cleanup) {
    std::map<std::string, std::string> states;
    for (const auto& action : json_at(cleanup.json, "actions").GetArray()) {
        states[json_text(action, "subject")] = json_text(action, "state");
    }
    return states;
}

TEST_F(CleanupSandboxDocker, LosesWhatEndedAndKeepsWhatRuns) {
    const Names running = names(true);
    const Cleanup cleanup = clean("containers, images, volumes");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_FALSE(states(cleanup).empty());
    for (const auto& [subject, state] : states(cleanup)) {
        EXPECT_EQ(state, "done") << subject;
    }
    EXPECT_EQ(names(true), running);
    const Cleanup again = clean("containers");
    EXPECT_TRUE(states(again).empty()) << again.out;
}

TEST_F(CleanupSandboxDocker, TakesWhatSomebodyElseRemovedForDone) {
    const auto planned = states(clean("containers", "--dry-run"));
    ASSERT_FALSE(planned.empty());
    const std::string first = planned.begin()->first;
    docker_.http().set_fault({.kind = sandbox::ServedFaultKind::event,
                              .path = "*",
                              .method = HttpMethod::del,
                              .name = "gone:" + first});
    const Cleanup cleanup = clean("containers");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(states(cleanup).at(first), "done");
}

TEST_F(CleanupSandboxDocker, LeavesWhatSomebodyStartedMeanwhile) {
    const auto planned = states(clean("containers", "--dry-run"));
    ASSERT_FALSE(planned.empty());
    const std::string last = planned.rbegin()->first;
    docker_.http().set_fault({.kind = sandbox::ServedFaultKind::event,
                              .path = "*",
                              .method = HttpMethod::del,
                              .name = "start:" + last});
    const Cleanup cleanup = clean("containers");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(states(cleanup).at(last), "skipped");
    EXPECT_TRUE(names(true).contains(last));
}

TEST_F(CleanupSandboxDocker, DropsTheBuildCache) {
    docker_.with_state([](sandbox::DockerState& state) {
        for (sandbox::FakeCacheRecord& record : state.cache) {
            record.is_in_use = false;
            record.is_shared = false;
            record.used_ms = state.now_ms - 30LL * 24 * 3600 * 1000;
        }
    });
    EXPECT_EQ(states(clean("build_cache")).at("build cache"), "done");
    EXPECT_TRUE(docker_.with_state([](const sandbox::DockerState& s) { return s.cache.empty(); }));
}

TEST_F(CleanupSandboxDocker, DoesNothingOnAnAnswerThatIsCutShort) {
    docker_.http().set_fault(
        {.kind = sandbox::ServedFaultKind::half, .path = "*/containers/json*"});
    const std::size_t before = names(false).size();
    const Cleanup cleanup = clean("containers, images");
    EXPECT_EQ(cleanup.exit_code, 7) << cleanup.err;
    EXPECT_EQ(names(false).size(), before);
}

}  // namespace
}  // namespace caretaker::testing
