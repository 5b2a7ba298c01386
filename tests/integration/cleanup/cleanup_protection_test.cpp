// SPDX-License-Identifier: Apache-2.0
// What `caretaker cleanup` leaves whatever its rules say, also where a root itself is, or lies in,
// what must stay.
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"
#include "tests/support/private_mounts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

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
using Words = std::vector<std::string>;

constexpr std::int64_t day = 24 * 3600;

/// One rule whose roots are the directories right below the host's.
class CleanupProtection : public ::testing::Test {
 protected:
    CleanupProtection() {
        host_.file("app/unit/a.log", 9 * day);
        host_.file("audit/unit/a.log", 9 * day);
        for (const char* name : {"app/unit", "audit/unit"}) {
            host_.set_age(name, 9 * day);
        }
    }

    Cleanup run(const std::string& protect,
                const std::string& keys,
                const Words& options = {"--dry-run"}) const {
        return host_.run_with(
            fmt::format("cleanup: {{protect: ['{}'], files: [{{name: r, roots: ['{}/*'], "
                        "older_than: 1d{}}}]}}",
                        protect,
                        host_.root(),
                        keys),
            options);
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupProtection, HoldsForARootAndFromAboveOne) {
    for (const std::string& keys : {std::string(), std::string(", unit: tree")}) {
        const std::string what = keys.empty() ? "unlink app/unit/a.log" : "tree app/unit";
        for (const char* pattern : {"/audit", "/a*it", "/audit/**", "/{audit,none}"}) {
            EXPECT_EQ(run(host_.root() + pattern, keys).rows, Words{what + " planned"}) << pattern;
        }
        EXPECT_TRUE(run(host_.root(), keys).rows.empty());
        EXPECT_TRUE(run(host_.home().path().string(), keys).rows.empty());
    }
}

TEST_F(CleanupProtection, SaysSoOfARoot) {
    const auto explain = [&](const std::string& protect) {
        const Cleanup cleanup = run(protect, "", {"--explain", host_.path("audit/unit/a.log")});
        return json_text(cleanup.json["rows"][0], "verdict") + ": " +
               json_text(cleanup.json["rows"][0], "reason");
    };
    EXPECT_EQ(
        explain(host_.path("audit")),
        fmt::format("stays: {0}: protected by '{0}' of cleanup.protect", host_.path("audit")));
    EXPECT_EQ(explain(host_.root()),
              fmt::format("stays: {0}: protected by '{0}' of cleanup.protect", host_.root()));
    std::ofstream(host_.path(".caretaker-keep")) << "";
    EXPECT_EQ(explain("/none"),
              fmt::format("stays: {}: protected by a file .caretaker-keep", host_.root()));
}

TEST_F(CleanupProtection, HoldsByAFileAboveTheRoots) {
    std::ofstream(host_.path(".caretaker-keep")) << "";
    EXPECT_TRUE(run("/none", "").rows.empty());
    EXPECT_TRUE(run("/none", ", unit: tree").rows.empty());
}

TEST_F(CleanupProtection, RefusesPatternsThatNoPathFits) {
    for (const char* pattern :
         {"/data//audit", "/data/./audit", "/data/../audit", "/data/audit/", "/data/audit/."}) {
        EXPECT_EQ(run(pattern, "").exit_code, 2) << pattern;
    }
}

/// The store of the runs lies in `store` beside the host's root.
class CleanupOfTheStore : public ::testing::Test {
 protected:
    Cleanup run(const std::string& root) const {
        return host_.run_with(
            fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 1s, min_age: 0s, "
                        "exclude: [caretaker.yml]}}]}}",
                        root),
            {"--dry-run"});
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupOfTheStore, RefusesItsDirectoryByWhateverPath) {
    host_.directory("real");
    fs::create_directory_symlink(host_.path("real"), host_.home().file("store"));
    const Cleanup cleanup = run(host_.path("real"));
    EXPECT_EQ(cleanup.exit_code, 3) << cleanup.err;
    EXPECT_EQ(cleanup.error_codes(), Names{"root_refused"});
    EXPECT_TRUE(cleanup.rows.empty());
}

TEST_F(CleanupOfTheStore, LeavesItBelowARootByWhateverPath) {
    host_.directory("real/deep");
    fs::create_directory_symlink(host_.path("real/deep"), host_.home().file("store"));
    run(host_.path("real"));
    host_.set_age("real/deep/caretaker.db", 9 * day);
    const Cleanup cleanup = run(host_.path("real"));
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(cleanup.rows.empty()) << cleanup.out;
}

class CleanupOfADisk : public ::testing::Test {
 protected:
    void SetUp() override { CARETAKER_NEEDS(mounts_.problem()); }

    CleanupHost host_{CARETAKER_BINARY};
    PrivateMounts mounts_;  // gone before what they are mounted on
};

TEST_F(CleanupOfADisk, LeavesWhatTheSystemKeepsAtItsTop) {
    CARETAKER_NEEDS(mounts_.tmpfs(host_.root(), "size=1m"));
    for (const char* name : {"lost+found", ".journal", "aquota.project", "old"}) {
        host_.directory(name);
        host_.set_age(name, 9 * day);
    }
    for (const char* name : {"aquota.user", "aquota.group.new"}) {
        host_.file(name, 9 * day);
    }
    EXPECT_EQ(host_.run("unit: tree, older_than: 1d", {"--dry-run"}).rows,
              Words{"tree old planned"});
    EXPECT_TRUE(host_.run("older_than: 1d", {"--dry-run"}).rows.empty());
}

TEST_F(CleanupOfADisk, TakesWhatIsCalledSoElsewhere) {
    host_.directory("lost+found");
    host_.set_age("lost+found", 9 * day);
    EXPECT_EQ(host_.run("unit: tree, older_than: 1d", {"--dry-run"}).rows,
              Words{"tree lost+found planned"});
}

}  // namespace
}  // namespace caretaker::testing
