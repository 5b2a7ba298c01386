// SPDX-License-Identifier: Apache-2.0
// Runs beside each other: locks, the streak of skips, holds, and many on one store.
#include "testjob_runs.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

class LockedRun : public ::testing::Test {
 protected:
    /// A run that holds the lock of `idle` until it is ended.
    ChildProcess start_holder() {
        ChildProcess holder(runs_.command({"idle", "--wait", "60"}));
        EXPECT_TRUE(holder.wait_for_output("idling has begun", 30s)) << holder.err();
        return holder;
    }

    TestjobRuns runs_;
};

TEST_F(LockedRun, IsSkippedAndFailsAtTheThirdTimeInARow) {
    ChildProcess holder = start_holder();
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    EXPECT_EQ(runs_.run({"idle"}).status.code, 6);
    EXPECT_EQ(runs_.last().run.outcome, "skipped");
    EXPECT_EQ(runs_.run({"idle", "--max-skips", "0"}).status.code, 0);
    EXPECT_EQ(runs_.run({"idle", "--max-skips", "9"}).status.code, 0);
    EXPECT_EQ(runs_.run({"idle", "--exit-zero", "locked"}).status.code, 0);
    holder.kill();
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    EXPECT_EQ(runs_.store()->job_status("idle", "default").value().skip_streak, 0);
}

TEST_F(LockedRun, NamesTheHolder) {
    ChildProcess holder = start_holder();
    const Finished skipped = runs_.run({"idle"});
    EXPECT_NE(skipped.out.find("SKIPPED  idle default  another run of this job and target is under "
                               "way: {\"run\":\"" +
                               runs_.rows().front().uid),
              std::string::npos)
        << skipped.out;
}

TEST_F(LockedRun, RunsBesideThatOfAnotherTarget) {
    const ChildProcess holder = start_holder();
    const std::string config = runs_.configure_targets({"a", "b"});
    EXPECT_EQ(
        runs_.run({"idle", "--config", config, "--target", "b", "--on-locked", "fail"}).status.code,
        0);
}

TEST_F(LockedRun, WaitsForTheLockAsLongAsItMay) {
    ChildProcess holder = start_holder();
    EXPECT_EQ(runs_.run({"idle", "--on-locked", "wait:100ms"}).status.code, 6);
    ChildProcess waiting(runs_.command({"idle", "--on-locked", "wait:60s"}));
    ASSERT_TRUE(waiting.wait_for_output("starts idle", 30s));
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(30s).value().code, 143);
    EXPECT_EQ(waiting.wait(60s).value().code, 0);
}

TEST_F(LockedRun, IsFreeAgainWhenItsHolderWasKilled) {
    ChildProcess holder = start_holder();
    holder.kill();
    EXPECT_EQ(runs_.run({"idle", "--on-locked", "fail"}).status.code, 0);
    EXPECT_EQ(runs_.rows().front().outcome, "lost");
}

TEST_F(LockedRun, HoldsItsLockWithoutAStoreToo) {
    const Variables no_store{{"CARETAKER_STORE", "none"}};
    ChildProcess holder(runs_.command({"idle", "--wait", "60"}, no_store));
    ASSERT_TRUE(holder.wait_for_output("idling has begun", 30s));
    EXPECT_EQ(runs_.run({"idle", "--on-locked", "fail"}, no_store).status.code, 6);
}

class HeldRun : public LockedRun {
 protected:
    void hold(const std::string& scope, std::chrono::milliseconds length) {
        const WallTime now =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        runs_.store()->holds().set({.scope = scope,
                                    .until = now + length,
                                    .reason = "index repair",
                                    .by = "anna@ops1",
                                    .created_at = now});
    }
};

TEST_F(HeldRun, IsSkippedWithTheReason) {
    hold("idle", 1h);
    const Finished held = runs_.run({"idle"});
    EXPECT_EQ(held.status.code, 0);
    EXPECT_NE(held.out.find("by anna@ops1: index repair"), std::string::npos) << held.out;
    const RunRow row = runs_.last().run;
    EXPECT_EQ(row.outcome, "skipped");
    EXPECT_EQ(row.error_code, "held");
    EXPECT_NE(row.summary.find("index repair"), std::string::npos);
}

TEST_F(HeldRun, DoesNotCountInTheStreakOfSkips) {
    hold("all", 1h);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    }
    EXPECT_EQ(runs_.store()->job_status("idle", "default").value().skip_streak, 0);
}

TEST_F(HeldRun, GoesOnWhenTheHoldIsOver) {
    hold("idle", -1ms);
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    EXPECT_EQ(runs_.last().run.outcome, "ok");
}

TEST_F(HeldRun, OfAnotherJobIsNoMatter) {
    hold("purge", 1h);
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0);
    EXPECT_EQ(runs_.last().run.outcome, "ok");
    EXPECT_EQ(runs_.run({"purge", "--url", "http://127.0.0.1:1", "-n"}).status.code, 7)
        << "dry runs pass";
}

TEST(ManyRuns, OfTwentyProcessesOnOneStoreAllCloseTheirRows) {
    constexpr int processes = 20;
    constexpr int runs_each = 20;
    const TestjobRuns runs;
    ASSERT_EQ(runs.run({"idle"}).status.code, 0);  // makes the file, so that all begin alike
    std::vector<std::string> targets;
    for (int i = 0; i < processes; ++i) {
        targets.push_back("t" + std::to_string(i));
    }
    const std::string config = runs.configure_targets(targets);
    std::vector<ChildProcess> children;
    for (const std::string& target : targets) {
        Command command = runs.command({});
        // Without a lock between them: each has a target of its own.
        command.argv = {"sh",
                        "-c",
                        "i=0; while [ $i -lt " + std::to_string(runs_each) +
                            " ]; do \"$0\" idle -q -o none || exit $?; i=$((i+1)); done",
                        CARETAKER_TESTJOB};
        command.environment.emplace_back("CARETAKER_TARGET", target);
        command.environment.emplace_back("CARETAKER_CONFIG", config);
        children.emplace_back(command);
    }
    for (ChildProcess& child : children) {
        const auto status = child.wait(280s);
        ASSERT_TRUE(status.has_value()) << child.err();
        EXPECT_EQ(status->code, 0) << child.err();
        EXPECT_EQ(child.err(), "") << "no word of a locked database";
    }
    const auto rows = runs.rows();
    EXPECT_EQ(rows.size(), 1U + processes * runs_each);
    EXPECT_TRUE(std::ranges::all_of(
        rows, [](const RunRow& row) { return row.outcome == "ok" && row.ended_at.has_value(); }));
}

TEST(StoreOfAnother, LeavesAReadingJobAliveAndStopsADestructiveOne) {
    if (::geteuid() != 0) {
        std::cerr << "\n*** NOT TESTED: a store of another user, for lack of root ***\n";
        GTEST_SKIP();
    }
    const TestjobRuns runs;
    ASSERT_EQ(runs.run({"idle"}).status.code, 0);
    namespace fs = std::filesystem;
    const fs::path directory = fs::path(runs.store_path()).parent_path();
    fs::permissions(directory, fs::perms(0555));
    fs::permissions(runs.store_path(), fs::perms(0444));
    const auto as_nobody = [&](const std::vector<std::string>& args) {
        Command command = runs.command(args, {{"XDG_RUNTIME_DIR", std::nullopt}});
        std::vector<std::string> argv{
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        argv.insert(argv.end(), command.argv.begin(), command.argv.end());
        command.argv = argv;
        command.directory = "/";
        return run_command(command);
    };
    const Finished reading = as_nobody({"idle"});
    EXPECT_EQ(reading.status.code, 0) << reading.err;
    EXPECT_NE(reading.err.find("goes on without its record"), std::string::npos) << reading.err;
    const Finished destructive = as_nobody({"purge", "--url", "http://127.0.0.1:1", "--yes"});
    EXPECT_EQ(destructive.status.code, 9) << destructive.err;
    fs::permissions(directory, fs::perms(0700));
    EXPECT_EQ(runs.rows().size(), 1U) << "nothing was written";
}

TEST(FullDisk, StopsADestructiveRunBeforeItActsAndLeavesAReadingOneAlive) {
    const TestjobRuns runs;
    const std::string mount = runs.file("small");
    std::filesystem::create_directory(mount);
    const auto mounted =
        run_command({.argv = {"mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount}});
    if (mounted.status.code != 0) {
        std::cerr << "\n*** NOT TESTED: a full disk, for lack of the right to mount ***\n";
        GTEST_SKIP() << mounted.err;
    }
    const Variables on_small{{"CARETAKER_STORE", mount + "/caretaker.db"}};
    EXPECT_EQ(runs.run({"idle"}, on_small).status.code, 0);
    run_command({.argv = {"sh", "-c", "cat /dev/zero > " + mount + "/filler"}});
    const Finished reading = runs.run({"idle"}, on_small);
    EXPECT_EQ(reading.status.code, 0) << reading.err;
    EXPECT_NE(reading.err.find("goes on without its record"), std::string::npos) << reading.err;
    EXPECT_EQ(runs.run({"purge", "--url", "http://127.0.0.1:1", "--yes"}, on_small).status.code, 9);
    run_command({.argv = {"umount", mount}});
}

}  // namespace
}  // namespace caretaker::testing
