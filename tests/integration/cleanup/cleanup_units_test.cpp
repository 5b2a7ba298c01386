// SPDX-License-Identifier: Apache-2.0
// Rules with `unit: tree`: directories that go as a whole or not at all.
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

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

class CleanupUnits : public ::testing::Test {
 protected:
    /// A directory with a deeper one and two files in it, all so old.
    void unit(const std::string& name, std::int64_t age) {
        host_.file(name + "/deep/a", age);
        host_.file(name + "/b", age);
        host_.set_age(name + "/deep", age);
        host_.set_age(name, age);
    }

    Cleanup run(const std::string& keys, const Words& options = {"--yes"}) {
        return host_.run("unit: tree, " + keys, options);
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupUnits, GoAsAWholeByTheirNewestTime) {
    unit("old", 9 * day);
    unit("touched", 9 * day);
    host_.set_age("touched/deep", 1);
    const Cleanup cleanup = run("older_than: 7d");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Words{"tree old done"});
    EXPECT_EQ(host_.tree(), (Names{"touched/", "touched/deep/", "touched/deep/a", "touched/b"}));
    EXPECT_EQ(json_text(cleanup.json["rows"][0], "reason"), "9 d old, older than 7d");
}

TEST_F(CleanupUnits, LeaveWhatIsNoDirectory) {
    host_.file("plain", 9 * day);
    EXPECT_TRUE(run("older_than: 7d").rows.empty());
}

TEST_F(CleanupUnits, ObeyPatternsNumbersAndSizes) {
    for (int i = 1; i <= 4; ++i) {
        unit(fmt::format("build-{}", i), i * day);
    }
    unit("other", 9 * day);
    run("keep_newest: 2, match: ['build-*'], exclude: ['build-4']");
    EXPECT_FALSE(fs::exists(host_.path("build-3")));
    for (const char* name : {"build-1", "build-2", "build-4", "other"}) {
        EXPECT_TRUE(fs::exists(host_.path(name))) << name;
    }
    EXPECT_TRUE(run("max_total_size: 100MiB").rows.empty());
    EXPECT_EQ(run("max_total_size: 1B, match: [other]").rows, Words{"tree other done"});
}

TEST_F(CleanupUnits, StayForASingleFileThatIsOpen) {
    unit("old", 9 * day);
    const int held = open(host_.path("old/deep/a").c_str(), O_RDONLY | O_CLOEXEC);
    const Cleanup cleanup = run("older_than: 7d");
    close(held);
    EXPECT_EQ(cleanup.exit_code, 0);
    EXPECT_TRUE(cleanup.rows.empty());
    EXPECT_EQ(host_.tree(), (Names{"old/", "old/deep/", "old/deep/a", "old/b"}));
}

TEST_F(CleanupUnits, StayForWhateverInThemMustStay) {
    for (const char* name : {"kept", "locked", "protected"}) {
        unit(name, 9 * day);
    }
    std::ofstream(host_.path("kept/deep/.caretaker-keep")) << "";
    host_.set_age("kept/deep/.caretaker-keep", 9 * day);
    host_.set_age("kept/deep", 9 * day);
    const int lock = open(host_.path("locked/deep").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(flock(lock, LOCK_SH), 0);
    const std::string rules = fmt::format(
        "cleanup: {{protect: ['{0}/protected/deep/a'],"
        "files: [{{name: r, roots: ['{0}'], older_than: 7d, unit: tree}}]}}",
        host_.root());
    const Cleanup cleanup = host_.run_with(rules, {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(cleanup.rows.empty());
    EXPECT_EQ(cleanup.summary(), "nothing to do, 3 held by what is in them");
    const auto why = [&](const std::string& name) {
        const Cleanup explained =
            host_.run_with(rules, {"--explain", host_.path(name + "/deep/a")});
        return json_text(explained.json["rows"][0], "reason");
    };
    EXPECT_EQ(why("kept"),
              "protected by a file .caretaker-keep: " + host_.path("kept/deep/.caretaker-keep"));
    EXPECT_EQ(why("locked"), "locked by another process: " + host_.path("locked/deep"));
    EXPECT_EQ(why("protected"), "protected by cleanup.protect: " + host_.path("protected/deep/a"));
    close(lock);
}

class CleanupOverlap : public CleanupUnits {
 protected:
    /// Two rules over the same root, the one of the lesser name first.
    Cleanup run_both(const std::string& files, const std::string& units, const Words& options) {
        return host_.run_with(
            fmt::format("cleanup: {{files: ["
                        "{{name: {1}, roots: ['{0}'], older_than: 7d, match: ['b']}},"
                        "{{name: {2}, roots: ['{0}'], older_than: 7d, unit: tree}}]}}",
                        host_.root(),
                        files,
                        units),
            options);
    }
};

TEST_F(CleanupOverlap, LeavesAUnitWholeOfWhichAnEarlierRuleTakesPart) {
    unit("old", 9 * day);
    EXPECT_EQ(run_both("a", "b", {"--dry-run"}).rows, Words{"unlink old/b planned"});
    const Cleanup cleanup = run_both("a", "b", {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, Words{"unlink old/b done"});
    EXPECT_EQ(host_.tree(), (Names{"old/", "old/deep/", "old/deep/a"}));
}

TEST_F(CleanupOverlap, SaysWhyTheUnitStays) {
    unit("old", 9 * day);
    const Cleanup explained = run_both("a", "b", {"--explain", host_.path("old")});
    ASSERT_EQ(explained.json["rows"].Size(), 2U) << "each rule has its say";
    EXPECT_EQ(json_text(explained.json["rows"][1], "reason"),
              "an earlier rule takes part of it: " + host_.path("old/b"));
}

TEST_F(CleanupOverlap, BooksWhatIsInAUnitWithItAlone) {
    unit("old", 9 * day);
    host_.file("b", 9 * day);
    EXPECT_EQ(run_both("b", "a", {"--dry-run"}).rows,
              (Words{"tree old planned", "unlink b planned"}));
    const Cleanup cleanup = run_both("b", "a", {"--yes"});
    EXPECT_EQ(cleanup.rows, (Words{"tree old done", "unlink b done"}));
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(CleanupOverlap, BooksWhatIsBelowARootInAUnitWithThatAlone) {
    unit("old", 9 * day);
    const Cleanup cleanup =
        host_.run_with(fmt::format("cleanup: {{files: ["
                                   "{{name: a, roots: ['{0}'], older_than: 7d, unit: tree}},"
                                   "{{name: b, roots: ['{0}/old/deep'], older_than: 7d}}]}}",
                                   host_.root()),
                       {"--dry-run"});
    EXPECT_EQ(cleanup.rows, Words{"tree old planned"});
}

TEST_F(CleanupUnits, CannotAlsoRemoveEmptyDirectories) {
    EXPECT_EQ(run("older_than: 7d, remove_empty_dirs: true").exit_code, 2);
}

}  // namespace
}  // namespace caretaker::testing
