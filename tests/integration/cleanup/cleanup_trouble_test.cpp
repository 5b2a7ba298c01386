// SPDX-License-Identifier: Apache-2.0
// What happens to a host while it is cleaned. The plan of files is made before the Docker Engine is
// asked, and carried out after it: its answer is the moment in between.
#include "tests/support/cleanup_host.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/private_mounts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;
using Rows = std::vector<std::string>;

constexpr std::int64_t day = 24 * 3600;

/// An Engine with nothing in it, asked once in a run before anything is changed.
class CleanupMeanwhile : public ::testing::Test {
 protected:
    CleanupMeanwhile() : engine_(host_.home().file("docker.sock")) {
        engine_.answer_by([this](const HttpRequest& request) { return serve(request); });
    }

    Cleanup run(const std::string& keys, std::function<void()> meanwhile) {
        meanwhile_ = std::move(meanwhile);
        return host_.run_with(fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                                          "cleanup: {{docker: {{remove: [containers]}}, "
                                          "files: [{{name: r, roots: ['{}'], {}}}]}}\n",
                                          host_.home().file("docker.sock"),
                                          host_.root(),
                                          keys),
                              {"--yes"});
    }

    CleanupHost host_{CARETAKER_BINARY};
    PrivateMounts mounts_;  // before the threads of the Engine, which live where it was made

    /// Outside of the root, with a file of the name `old` that is old enough.
    fs::path make_outside() {
        const fs::path outside = host_.home().path() / "outside";
        fs::create_directory(outside);
        std::ofstream(outside / "old") << "x";
        return outside;
    }

    std::string engine_date_{};

 private:
    ServedAnswer serve(const HttpRequest& request) {
        if (meanwhile_ && request.url == "/version") {
            std::exchange(meanwhile_, nullptr)();
        }
        ServedAnswer answer{.body = request.url == "/version"          ? R"({"ApiVersion":"1.41"})"
                                    : request.url.ends_with("volumes") ? R"({"Volumes":[]})"
                                                                       : "[]"};
        if (!engine_date_.empty()) {
            answer.headers.push_back({"Date", engine_date_});
        }
        return answer;
    }

    std::function<void()> meanwhile_{};
    FakeServer engine_;
};

TEST_F(CleanupMeanwhile, ADirectoryBecomesALink) {
    host_.file("a/old", 9 * day);
    const fs::path outside = make_outside();
    const Cleanup cleanup = run("older_than: 1d", [&] {
        fs::rename(host_.path("a"), host_.home().path() / "away");
        fs::create_directory_symlink(outside, host_.path("a"));
    });
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Rows{"unlink a/old changed"});
    EXPECT_TRUE(fs::exists(outside / "old"));
}

TEST_F(CleanupMeanwhile, AFileIsWrittenTo) {
    host_.file("old", 9 * day);
    const Cleanup cleanup =
        run("older_than: 1d", [&] { std::ofstream(host_.path("old"), std::ios::app) << "more"; });
    EXPECT_EQ(cleanup.rows, Rows{"unlink old changed"});
    EXPECT_EQ(host_.tree(), Names{"old"});
}

TEST_F(CleanupMeanwhile, SomebodyElseIsFirst) {
    host_.file("a/old", 9 * day);
    const Cleanup cleanup = run("older_than: 1d", [&] { fs::remove_all(host_.path("a")); });
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Rows{"unlink a/old gone"});
}

TEST_F(CleanupMeanwhile, SomethingIsMountedBelowTheRoot) {
    CARETAKER_NEEDS(mounts_.problem());
    host_.file("a/old", 9 * day);
    host_.file("b/old", 9 * day);
    const fs::path outside = make_outside();
    std::string problem;
    const Cleanup cleanup =
        run("older_than: 1d", [&] { problem = mounts_.bind(outside, host_.path("a")); });
    CARETAKER_NEEDS(problem);
    EXPECT_EQ(cleanup.exit_code, 3) << cleanup.err;
    EXPECT_EQ(cleanup.error_codes(), Names{"mount_appeared"});
    EXPECT_TRUE(fs::exists(outside / "old"));
    EXPECT_TRUE(fs::exists(host_.path("b/old"))) << "nothing below that root is touched";
}

TEST_F(CleanupMeanwhile, TheClockOfTheHostIsAheadOfTheEngines) {
    host_.file("old", 9 * day);
    engine_date_ = "Thu, 01 Jan 2015 00:00:00 GMT";
    const Cleanup cleanup = run("older_than: 1d", [] {});
    EXPECT_EQ(cleanup.exit_code, 5) << cleanup.err;
    EXPECT_EQ(host_.tree(), Names{"old"}) << "ages cannot be trusted";
}

TEST_F(CleanupMeanwhile, TheDiskOfTheStoreIsFull) {
    CARETAKER_NEEDS(mounts_.problem());
    host_.file("old", 9 * day);
    CARETAKER_NEEDS(mounts_.tmpfs(host_.home().file("store"), "size=64k"));
    std::ofstream(host_.home().file("store/filler")) << std::string(64 * 1024, 'x');
    const Cleanup cleanup = host_.run("older_than: 1d", {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 9) << cleanup.err;
    EXPECT_EQ(host_.tree(), Names{"old"}) << "what cannot be recorded is not done";
}

TEST_F(CleanupMeanwhile, TheDiskToBeCleanedIsFull) {
    CARETAKER_NEEDS(mounts_.problem());
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=64k"));
    host_.file("old", 9 * day, 60 * 1024);
    std::ofstream(host_.path("filler")) << std::string(64 * 1024, 'x');
    const Cleanup cleanup = host_.run("older_than: 1d", {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(host_.tree(), Names{"filler"});
}

/// Killed at each write of the store in turn: what was planned for many directories.
TEST(CleanupKilled, IsFinishedByTheNextRunWhateverItsWorkersDid) {
    CleanupHost host(CARETAKER_BINARY);
    for (int write = 1; write <= 8; ++write) {
        for (int i = 0; i < 30; ++i) {
            host.file(fmt::format("d{}/{}", i % 10, i), 9 * day);
        }
        for (const char* point : {"store-before-commit", "store-after-commit"}) {
            host.let_runs_die_at(fmt::format("{}:{}", point, write));
            static_cast<void>(host.run("older_than: 1d", {"--yes"}));
        }
        host.let_runs_die_at("");
        const Cleanup next = host.run("older_than: 1d", {"--yes"});
        EXPECT_EQ(next.exit_code, 0) << next.err;
        for (const std::string& path : host.tree()) {
            EXPECT_TRUE(path.ends_with('/')) << path;
        }
    }
}

}  // namespace
}  // namespace caretaker::testing
