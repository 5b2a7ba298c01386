// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` over real directories.
#include "common/base/fd.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

class CleanupFiles : public ::testing::Test {
 protected:
    Cleanup run(const std::string& keys, const Words& options = {"--yes"}) {
        return host_.run(keys, options);
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupFiles, DeletesWhatIsOldAndSaysWhy) {
    host_.file("app/old.log", 8 * day);
    host_.file("app/new.log", 6 * day);
    const Cleanup cleanup = run("older_than: 7d");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(host_.tree(), (Names{"app/", "app/new.log"}));
    EXPECT_EQ(cleanup.rows, Words{"unlink app/old.log done"});
    EXPECT_EQ(json_text(cleanup.json["rows"][0], "reason"), "8 d old, older than 7d");
}

TEST_F(CleanupFiles, PlansTheSameInADryRunAndChangesNothing) {
    host_.file("a/1.log", 8 * day);
    host_.file("a/2.log", 9 * day);
    host_.directory("b");
    host_.set_age("b", 9 * day);
    const std::string keys = "older_than: 7d, remove_empty_dirs: true";
    const Cleanup plan = run(keys, {"--dry-run"});
    EXPECT_EQ(plan.exit_code, 0) << plan.err;
    EXPECT_EQ(plan.rows,
              (Words{"unlink a/2.log planned", "unlink a/1.log planned", "rmdir b planned"}));
    EXPECT_EQ(host_.tree(), (Names{"a/", "a/1.log", "a/2.log", "b/"}));
    const Cleanup real = run(keys);
    EXPECT_EQ(real.rows, (Words{"unlink a/2.log done", "unlink a/1.log done", "rmdir b done"}));
    const auto fingerprint = [](const Cleanup& run) {
        return run.summary().substr(run.summary().find("plan "));
    };
    EXPECT_EQ(fingerprint(plan), fingerprint(real));
    EXPECT_EQ(fingerprint(plan).size(), std::string("plan 0123456789abcdef").size());
    EXPECT_EQ(host_.tree(), Names{"a/"}) << "its time was new before the run";
}

TEST_F(CleanupFiles, LeaveNoTraceOfADryRun) {
    host_.file("a/1.log", 8 * day);

    struct stat before {};

    struct stat after {};

    ASSERT_EQ(stat(host_.path("a/1.log").c_str(), &before), 0);
    run("older_than: 7d", {"--dry-run"});
    ASSERT_EQ(stat(host_.path("a/1.log").c_str(), &after), 0);
    EXPECT_EQ(before.st_atim.tv_sec, after.st_atim.tv_sec);
    EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

TEST_F(CleanupFiles, FindNothingToDoASecondTime) {
    host_.file("old.log", 8 * day);
    EXPECT_EQ(run("older_than: 7d").rows.size(), 1U);
    const Cleanup second = run("older_than: 7d");
    EXPECT_EQ(second.exit_code, 0);
    EXPECT_TRUE(second.rows.empty());
    EXPECT_EQ(second.summary(), "nothing to do");
}

TEST_F(CleanupFiles, KeepTheNewest) {
    for (int age = 1; age <= 4; ++age) {
        host_.file(fmt::format("app/{}.gz", age), age * day);
        host_.file(fmt::format("other/{}.gz", age), age * day);
    }
    run("keep_newest: 2");
    EXPECT_EQ(host_.tree(),
              (Names{"app/", "app/1.gz", "app/2.gz", "other/", "other/1.gz", "other/2.gz"}));
}

TEST_F(CleanupFiles, GetBelowATotalSize) {
    for (int age = 1; age <= 4; ++age) {
        host_.file(fmt::format("{}.log", age), age * day, 8192);
    }
    const Cleanup cleanup = run("max_total_size: 16KiB");
    EXPECT_EQ(host_.tree(), (Names{"1.log", "2.log"}));
    EXPECT_EQ(json_integer(json_at(cleanup.json, "rows")[0], "bytes"), 8192);
}

TEST_F(CleanupFiles, TellThatATotalSizeCannotBeMet) {
    host_.file("young.log", 0, 8192);
    const Cleanup cleanup = run("max_total_size: 1KiB");
    EXPECT_EQ(cleanup.exit_code, 0);
    ASSERT_EQ(cleanup.json["findings"].Size(), 1U);
    EXPECT_EQ(json_text(cleanup.json["findings"][0], "code"), "budget_not_met");
}

TEST_F(CleanupFiles, LookOnlyAtWhatPatternsSizesAndDepthsName) {
    host_.file("a.log", 9 * day, 100);
    host_.file("a.txt", 9 * day, 100);
    host_.file("small.log", 9 * day, 1);
    host_.file("sub/b.log", 9 * day, 100);
    host_.file("sub/keep/c.log", 9 * day, 100);
    host_.file("x/y/z/deep.log", 9 * day, 100);
    run("older_than: 1d, match: ['*.log'], exclude: [keep], min_size: 50B, max_depth: 3");
    EXPECT_EQ(host_.tree(),
              (Names{"a.txt",
                     "small.log",
                     "sub/",
                     "sub/keep/",
                     "sub/keep/c.log",
                     "x/",
                     "x/y/",
                     "x/y/z/",
                     "x/y/z/deep.log"}));
}

TEST_F(CleanupFiles, SpareWhatIsProtectedWhateverTheRule) {
    host_.file("audit/a.log", 9 * day);
    host_.file("kept/deep/b.log", 9 * day);
    std::ofstream(host_.path("kept/.caretaker-keep")) << "";
    host_.file("c.log", 9 * day);
    (void)host_.run_with(fmt::format("cleanup:\n  protect: ['{0}/audit/**']\n"
                                     "  files: [{{name: r, roots: ['{0}'], older_than: 1d}}]\n",
                                     host_.root()),
                         {"--yes"});
    EXPECT_EQ(host_.tree(),
              (Names{"audit/",
                     "audit/a.log",
                     "kept/",
                     "kept/.caretaker-keep",
                     "kept/deep/",
                     "kept/deep/b.log"}));
}

TEST_F(CleanupFiles, NeverFollowSymbolicLinks) {
    host_.file("target/old.log", 9 * day);
    const fs::path outside = host_.home().path() / "outside";
    fs::create_directory(outside);
    std::ofstream(outside / "precious") << "x";
    fs::create_directory_symlink(outside, host_.path("link"));
    host_.set_age("link", 9 * day);
    run("older_than: 1s, min_age: 0s");
    EXPECT_TRUE(fs::exists(outside / "precious"));
    EXPECT_EQ(host_.tree(), (Names{"target/", "link"}));
    run("older_than: 1d, types: [symlink]");
    EXPECT_EQ(host_.tree(), Names{"target/"});
    EXPECT_TRUE(fs::exists(outside / "precious"));
}

TEST_F(CleanupFiles, RefuseARootThatIsReachedByASymbolicLink) {
    host_.file("old.log", 9 * day);
    const std::string link = host_.home().file("link");
    fs::create_directory_symlink(host_.root(), link);
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}", link),
        {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 3);
    EXPECT_EQ(cleanup.error_codes(), Names{"root_is_symlink"});
    EXPECT_EQ(host_.tree(), Names{"old.log"});
}

TEST_F(CleanupFiles, TakeAMissingRootForAnErrorOnlyWhenAsked) {
    const auto run_over_none = [&](const std::string& more) {
        return host_.run_with(
            fmt::format("cleanup: {{files: [{{name: r, roots: ['{}/none'], older_than: 1d{}}}]}}",
                        host_.root(),
                        more),
            {"--yes"});
    };
    EXPECT_EQ(run_over_none("").exit_code, 0);
    const Cleanup cleanup = run_over_none(", missing_root: error");
    EXPECT_EQ(cleanup.exit_code, 3);
    EXPECT_EQ(cleanup.error_codes(), Names{"root_missing"});
}

TEST_F(CleanupFiles, ExpandRoots) {
    host_.file("app-1/logs/old", 9 * day);
    host_.file("app-2/logs/old", 9 * day);
    host_.file("web/logs/old", 9 * day);
    fs::create_directory_symlink(host_.path("web"), host_.path("app-3"));
    (void)host_.run_with(fmt::format("cleanup: {{files: [{{name: r, roots: ['{}/app-*/logs'], "
                                     "older_than: 1d}}]}}",
                                     host_.root()),
                         {"--yes"});
    EXPECT_EQ(host_.tree(),
              (Names{"app-1/",
                     "app-1/logs/",
                     "app-2/",
                     "app-2/logs/",
                     "app-3",
                     "web/",
                     "web/logs/",
                     "web/logs/old"}));
}

TEST_F(CleanupFiles, HandleNamesOfAnyBytes) {
    const std::string longest(255, 'n');
    for (const std::string& name : {std::string("-rf"),
                                    std::string("a\nb"),
                                    std::string(" "),
                                    std::string("\xFF\xFE"),
                                    std::string("*"),
                                    longest}) {
        host_.file(name, 9 * day);
    }
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows.size(), 6U);
    EXPECT_TRUE(host_.tree().empty());
    EXPECT_NE(cleanup.out.find("\\\\xff\\\\xfe"), std::string::npos) << cleanup.out;
}

TEST_F(CleanupFiles, ReachPathsLongerThanTheSystemTakes) {
    const std::string name(200, 'd');
    int at = open(host_.root().c_str(), O_PATH | O_DIRECTORY);
    for (int depth = 0; depth < 30; ++depth) {
        ASSERT_EQ(mkdirat(at, name.c_str(), 0755), 0);
        const int next = openat(at, name.c_str(), O_PATH | O_DIRECTORY);
        close(at);
        at = next;
    }
    const int file = openat(at, "old", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    const timespec old[2]{{.tv_sec = 1000, .tv_nsec = 0}, {.tv_sec = 1000, .tv_nsec = 0}};
    ASSERT_EQ(futimens(file, old), 0);
    close(file);
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(faccessat(at, "old", F_OK, 0), -1);
    close(at);
}

TEST_F(CleanupFiles, LeaveOutADirectoryThatAnotherProcessLocks) {
    host_.file("locked/old", 9 * day);
    host_.file("free/old", 9 * day);
    const int lock = open(host_.path("locked").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(flock(lock, LOCK_SH), 0);
    const Cleanup cleanup = run("older_than: 1d");
    close(lock);
    EXPECT_EQ(cleanup.exit_code, 0);
    EXPECT_EQ(host_.tree(), (Names{"free/", "locked/", "locked/old"}));
}

TEST_F(CleanupFiles, LeaveFilesAloneThatAProcessHasOpen) {
    host_.file("open", 9 * day, 100 * 1024);
    host_.file("closed", 9 * day);
    const int held = open(host_.path("open").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_EQ(cleanup.exit_code, 0);
    EXPECT_EQ(host_.tree(), Names{"open"});
    EXPECT_NE(cleanup.summary().find("1 in use"), std::string::npos) << cleanup.summary();
    const Cleanup ignoring = run("older_than: 1d, open_files: ignore");
    close(held);
    EXPECT_TRUE(host_.tree().empty());
    EXPECT_EQ(json_integer(ignoring.json["rows"][0], "bytes"), 0) << "a process keeps its space";
}

TEST_F(CleanupFiles, LeaveFilesAloneThatAreMappedWithoutADescriptor) {
    host_.file("mapped", 9 * day);
    const int file = open(host_.path("mapped").c_str(), O_RDONLY | O_CLOEXEC);
    void* const mapping = mmap(nullptr, 10, PROT_READ, MAP_SHARED, file, 0);
    ASSERT_NE(mapping, MAP_FAILED);
    close(file);
    run("older_than: 1d");
    munmap(mapping, 10);
    EXPECT_EQ(host_.tree(), Names{"mapped"});
}

TEST_F(CleanupFiles, LeaveSocketsAloneThatSomebodyListensAt) {
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    host_.path("live").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    host_.set_age("live", 9 * day);
    const std::string keys = "older_than: 1d, types: [socket]";
    run(keys);
    EXPECT_EQ(host_.tree(), Names{"live"});
    close(listener);
    run(keys);
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(CleanupFiles, LeaveFilesWithTheStickyBit) {
    host_.file("sticky", 9 * day);
    ASSERT_EQ(chmod(host_.path("sticky").c_str(), 01644), 0);
    run("older_than: 1d");
    EXPECT_EQ(host_.tree(), Names{"sticky"});
}

TEST_F(CleanupFiles, CountOnlyTheLastLinkAsFreed) {
    host_.file("one", 9 * day);
    fs::create_hard_link(host_.path("one"), host_.path("two"));
    fs::create_hard_link(host_.path("one"), host_.home().file("three"));
    const Cleanup cleanup = run("older_than: 1d");
    EXPECT_TRUE(host_.tree().empty());
    EXPECT_EQ(json_integer(cleanup.json["rows"][0], "bytes"), 0);
    EXPECT_EQ(json_integer(cleanup.json["rows"][1], "bytes"), 0);
}

TEST_F(CleanupFiles, RemoveEmptyDirectoriesButNotTheRoot) {
    host_.file("old/deep/x", 9 * day);
    host_.directory("spool/in");
    host_.file("full/y", 0);
    for (const char* name : {"old/deep", "old", "spool/in", "spool", "full"}) {
        host_.set_age(name, 9 * day);
    }
    run("older_than: 1d, remove_empty_dirs: true, keep_dirs: [spool]");
    EXPECT_EQ(host_.tree(), (Names{"full/", "full/y", "spool/"}));
}

TEST_F(CleanupFiles, TakeAnEntryOnceWhenSeveralRulesWantIt) {
    host_.file("a.log", 9 * day);
    host_.file("b.log", 2 * day);
    const Cleanup cleanup =
        host_.run_with(fmt::format("cleanup: {{files: [{{name: b, roots: ['{0}'], older_than: 1d}},"
                                   "{{name: a, roots: ['{0}'], older_than: 7d}}]}}",
                                   host_.root()),
                       {"--yes"});
    EXPECT_EQ(cleanup.rows, (Words{"unlink a.log done", "unlink b.log done"}));
    EXPECT_EQ(json_text(cleanup.json["rows"][0], "rule"), "a");
    EXPECT_EQ(json_text(cleanup.json["rows"][1], "rule"), "b");
}

TEST_F(CleanupFiles, RunOnlyTheRulesThatAreNamed) {
    host_.file("a.log", 9 * day);
    const std::string rules = fmt::format(
        "cleanup: {{files: [{{name: one, roots: ['{0}'], older_than: 30d}},"
        "{{name: two, roots: ['{0}'], older_than: 1d}}]}}",
        host_.root());
    EXPECT_TRUE(host_.run_with(rules, {"--yes", "--rule", "one"}).rows.empty());
    EXPECT_EQ(host_.run_with(rules, {"--yes", "--rule", "twoo"}).exit_code, 2);
    EXPECT_EQ(host_.run_with(rules, {"--yes", "--rule", "two"}).rows.size(), 1U);
}

TEST_F(CleanupFiles, HoldTheBrakesByEntriesAndNotByActions) {
    for (int i = 0; i < 20; ++i) {
        host_.file(fmt::format("{}", i), 9 * day);
        host_.file(fmt::format("new{}", i), 0);
    }
    EXPECT_EQ(run("older_than: 1d", {"--yes", "--max-actions", "19"}).exit_code, 5);
    EXPECT_EQ(run("older_than: 1d", {"--yes", "--max-percent", "49"}).exit_code, 5);
    EXPECT_EQ(host_.tree().size(), 40U);
    EXPECT_EQ(run("older_than: 1d", {"--yes", "--max-percent", "50"}).exit_code, 0);
    EXPECT_EQ(host_.tree().size(), 20U);
}

TEST_F(CleanupFiles, RecordByDirectoryWhenEntriesAreMany) {
    for (int d = 0; d < 3; ++d) {
        for (int i = 0; i < 20; ++i) {
            host_.file(fmt::format("d{}/{}", d, i), 9 * day);
        }
    }
    const Cleanup cleanup = host_.run_with(
        fmt::format("store: {{max_rows_per_run: 10}}\n"
                    "cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}",
                    host_.root()),
        {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.json["actions"].Size(), 3U);
    EXPECT_EQ(json_text(cleanup.json["actions"][0], "reason"), "20 entries, older than 1d, rule r");
    EXPECT_EQ(cleanup.rows.size(), 60U) << "the table still has them all";
    EXPECT_NE(cleanup.summary().find("recorded by directory"), std::string::npos);
    EXPECT_EQ(host_.tree(), (Names{"d0/", "d1/", "d2/"}));
}

TEST_F(CleanupFiles, EndBeforeAnyChangeWhenARuleHasTooManyEntries) {
    for (int i = 0; i < 5; ++i) {
        host_.file(fmt::format("{}", i), 9 * day);
    }
    const Cleanup cleanup = run("older_than: 1d, max_entries: 4");
    EXPECT_EQ(cleanup.exit_code, 1);
    EXPECT_EQ(host_.tree().size(), 5U);
}

TEST_F(CleanupFiles, TellOfTimesInTheFuture) {
    host_.file("future", -hour);
    const Cleanup cleanup = run("older_than: 1d");
    ASSERT_EQ(cleanup.json["findings"].Size(), 1U);
    EXPECT_EQ(json_text(cleanup.json["findings"][0], "code"), "time_in_future");
    EXPECT_EQ(host_.tree(), Names{"future"});
}

TEST_F(CleanupFiles, DoNotTouchTheStoreBelowARoot) {
    fs::remove(host_.root());
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: r, roots: ['{}'], older_than: 1s, min_age: 0s, "
                    "exclude: [caretaker.yml]}}]}}",
                    host_.home().path().string()),
        {"--dry-run"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(cleanup.rows.empty()) << cleanup.out;
}

TEST_F(CleanupFiles, CarryOutASavedPlanAndNothingBeyondIt) {
    host_.file("a", 9 * day);
    host_.file("b", 9 * day);
    const Cleanup plan = run("older_than: 1d", {"--dry-run"});
    const std::string file = host_.home().file("plan.json");
    std::ofstream(file) << plan.out;
    host_.file("b", 8 * day, 11);  // another one now
    host_.file("c", 9 * day);
    const Cleanup cleanup = run("older_than: 1d", {"--yes", "--apply-plan", file});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, (Words{"unlink a done", "unlink b changed"}));
    EXPECT_EQ(host_.tree(), (Names{"b", "c"}));
    EXPECT_EQ(run("older_than: 1d", {"--yes", "--apply-plan", "/none"}).exit_code, 2);
}

TEST_F(CleanupFiles, TellWhatOfASavedPlanIsNotAsItWas) {
    for (const char* name : {"a", "written", "removed", "young"}) {
        host_.file(name, 9 * day);
    }
    const std::string file = host_.home().file("plan.json");
    std::ofstream(file) << run("older_than: 1d", {"--dry-run"}).out;
    host_.file("written", 9 * day, 11);
    fs::remove(host_.path("removed"));
    host_.set_age("young", 60);
    const Cleanup dry = run("older_than: 1d", {"--dry-run", "--apply-plan", file});
    EXPECT_TRUE(dry.summary().starts_with("would delete 1, ")) << dry.summary();
    const Cleanup cleanup = run("older_than: 1d", {"--yes", "--apply-plan", file});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows,
              (Words{"unlink a done",
                     "unlink removed gone",
                     "unlink written changed",
                     "unlink young changed"}));
    EXPECT_TRUE(cleanup.summary().starts_with("deleted 2 of 4, ")) << cleanup.summary();
    EXPECT_NE(cleanup.summary().find(", 2 changed"), std::string::npos) << cleanup.summary();
    const Cleanup nothing = run("older_than: 1d", {"--yes", "--apply-plan", file});
    EXPECT_TRUE(nothing.summary().starts_with("nothing to do, 2 changed")) << nothing.summary();
    EXPECT_EQ(nothing.rows.size(), 4U);
}

TEST_F(CleanupFiles, TellOfASavedPlansRulesThatAreNotInTheRun) {
    host_.file("a", 9 * day);
    const std::string file = host_.home().file("plan.json");
    std::ofstream(file) << run("older_than: 1d", {"--dry-run"}).out;
    const Cleanup cleanup = host_.run_with(
        fmt::format("cleanup: {{files: [{{name: other, roots: ['{}'], older_than: 1d}}]}}",
                    host_.root()),
        {"--yes", "--apply-plan", file});
    EXPECT_EQ(cleanup.summary(),
              "nothing to do, 1 of the saved plan belong to rules that are not in this run");
    EXPECT_EQ(host_.tree(), Names{"a"});
}

TEST_F(CleanupFiles, AreFinishedByTheNextRunWhereverTheLastOneWasKilled) {
    int killed = 0;
    for (int write = 1; write <= 12; ++write) {
        for (const char* name : {"a", "b", "dir/c"}) {
            host_.file(name, 9 * day);
        }
        host_.set_age("dir", 9 * day);
        const std::string keys = "older_than: 1d, remove_empty_dirs: true";
        host_.let_runs_die_at(fmt::format("store-after-commit:{}", write));
        killed += run(keys).exit_code == 137 ? 1 : 0;
        host_.let_runs_die_at("");
        const Cleanup next = run(keys);
        EXPECT_EQ(next.exit_code, 0) << next.err;
        EXPECT_TRUE(host_.tree() == Names() || host_.tree() == Names{"dir/"})
            << "the directory is young once its file is gone";
        fs::remove(host_.path("dir"));
    }
    EXPECT_GE(killed, 3);
}

TEST_F(CleanupFiles, ExplainWhatBecomesOfAPath) {
    host_.file("old", 9 * day);
    host_.file("young", 2 * hour);
    host_.file("keep/x", 9 * day);
    host_.file("a.txt", 9 * day);
    const auto explain = [&](const std::string& path) {
        const Cleanup cleanup =
            run("older_than: 7d, exclude: [keep], match: ['*d', '*g', x]", {"--explain", path});
        EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
        if (cleanup.json["rows"].Size() == 0) {
            return cleanup.summary();
        }
        return json_text(cleanup.json["rows"][0], "verdict") + ": " +
               json_text(cleanup.json["rows"][0], "reason");
    };
    EXPECT_EQ(explain(host_.path("old")), "taken: 9 d old, older than 7d");
    EXPECT_EQ(explain(host_.path("young")), "stays: young: 2 h old, under 7d");
    EXPECT_EQ(explain(host_.path("keep/x")),
              "stays: " + host_.path("keep") + ": excluded by 'keep' of exclude");
    EXPECT_EQ(explain(host_.path("a.txt")), "stays: no pattern of match fits");
    EXPECT_EQ(explain(host_.root()), "stays: a root, which never goes");
    const Fd held(open(host_.path("old").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    EXPECT_EQ(explain(host_.path("old"))
                  .find(fmt::format("stays: open for writing by pid {} (", getpid())),
              0U);
    EXPECT_EQ(explain("/data/none"), "no rule looks at /data/none");
    EXPECT_EQ(host_.tree().size(), 5U);
}

TEST_F(CleanupFiles, SaysWhatEachRuleTookOfTimeAndGaveBack) {
    host_.file("a.log", 2 * day, 3'000'000);
    const auto rule = [](const Cleanup& cleanup) -> const rapidjson::Value& {
        return cleanup.json["details"][0]["rows"][0];
    };
    const Cleanup planned = host_.run("older_than: 1d", {"--dry-run"});
    EXPECT_TRUE(rule(planned)["seconds"].IsDouble());
    EXPECT_TRUE(rule(planned)["disk_freed"].IsNull()) << planned.out;
    const Cleanup done = host_.run("older_than: 1d", {"--yes"});
    EXPECT_GT(rule(done)["seconds"].GetDouble(), 0);
    EXPECT_TRUE(rule(done)["disk_freed"].IsInt64()) << done.out;
}

}  // namespace
}  // namespace caretaker::testing
