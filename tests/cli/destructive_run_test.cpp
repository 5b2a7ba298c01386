// SPDX-License-Identifier: Apache-2.0
// A run that deletes things over HTTP, from outside.
#include "testjob_runs.hpp"
#include "tests/support/json.hpp"
#include "tests/support/thing_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

class DestructiveRun : public ::testing::Test {
 protected:
    int purge(const ThingServer& server, std::vector<std::string> more) {
        std::vector<std::string> args{"purge", "--url", server.url()};
        args.insert(args.end(), more.begin(), more.end());
        finished_ = runs_.run(args);
        return finished_.status.code;
    }

    static std::ptrdiff_t count_deletes(ThingServer& server) {
        return std::ranges::count(
            server.server().requests(), HttpMethod::del, &HttpRequest::method);
    }

    TestjobRuns runs_;
    Finished finished_;
};

TEST_F(DestructiveRun, DoesWhatIsPlannedAndRecordsEachActionWithItsReason) {
    ThingServer server(3, 30);
    EXPECT_EQ(purge(server, {"--yes"}), 0) << finished_.err;
    EXPECT_EQ(server.size(), 30U);
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.run.summary, "deleted 3 of 33 things");
    EXPECT_EQ(run.run.actions_done, 3);
    EXPECT_EQ(run.run.bytes_freed, 300);
    ASSERT_EQ(run.actions.size(), 3U);
    EXPECT_EQ(run.actions[0].subject, "old-01");
    EXPECT_EQ(run.actions[0].kind, "delete_thing");
    EXPECT_EQ(run.actions[0].state, "done");
    EXPECT_EQ(run.actions[0].reason, "40 d old, keep 30 d");
    EXPECT_NE(finished_.err.find("delete_thing old-02: done"), std::string::npos) << finished_.err;
}

TEST_F(DestructiveRun, FindsNothingToDoTheSecondTime) {
    ThingServer server(3, 30);
    EXPECT_EQ(purge(server, {"--yes"}), 0);
    EXPECT_EQ(purge(server, {"--yes"}), 0);
    EXPECT_EQ(count_deletes(server), 3);
}

TEST_F(DestructiveRun, SendsManyAtOnceWhereTheServiceTakesThem) {
    ThingServer server(7, 90);
    EXPECT_EQ(purge(server, {"--yes", "--together", "3"}), 0);
    EXPECT_EQ(server.size(), 90U);
    EXPECT_EQ(count_deletes(server), 3);
    EXPECT_EQ(runs_.last().run.actions_done, 7);
}

TEST_F(DestructiveRun, TakesWhatIsGoneAlreadyForDone) {
    ThingServer server(1, 30);
    server.on_delete("old-01", {.status = 404, .body = "no such thing"});
    server.keep("old-01");
    EXPECT_EQ(purge(server, {"--yes"}), 1) << "the second look finds it";
    EXPECT_EQ(runs_.last().actions.at(0).error, "is still there");
}

TEST_F(DestructiveRun, LooksAgainAndReportsWhatIsStillThere) {
    ThingServer server(2, 30);
    server.keep("old-01");
    EXPECT_EQ(purge(server, {"--yes"}), 3);
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.actions.at(0).state, "failed");
    EXPECT_EQ(run.actions.at(1).state, "done");
}

TEST_F(DestructiveRun, GoesOnWithWhatIsPlannedFurther) {
    ThingServer server(2, 5);
    EXPECT_EQ(purge(server, {"--yes", "--then-keep", "0"}), 0) << finished_.err;
    EXPECT_EQ(server.size(), 0U);
    EXPECT_EQ(runs_.last().run.actions_done, 7);
}

TEST_F(DestructiveRun, CountsWhatIsPlannedFurtherOnTopForTheBrakes) {
    ThingServer server(2, 30);
    EXPECT_EQ(purge(server, {"--yes", "--then-keep", "0", "--max-percent", "99"}), 3);
    EXPECT_EQ(server.size(), 30U);
    EXPECT_NE(finished_.err.find("32 destructive actions are planned, that is 100.0 % of 32"),
              std::string::npos)
        << finished_.err;
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.run.actions_done, 2);
    ASSERT_EQ(run.actions.size(), 32U);
    EXPECT_EQ(run.actions.at(2).state, "skipped");
    EXPECT_EQ(run.actions.at(2).error, "braked");
}

TEST_F(DestructiveRun, ThatIsDryShowsThePlanAndSendsNothing) {
    ThingServer server(3, 30);
    EXPECT_EQ(purge(server, {"--dry-run"}), 0);
    EXPECT_EQ(server.size(), 33U);
    EXPECT_EQ(count_deletes(server), 0);
    EXPECT_NE(finished_.err.find("DRY RUN"), std::string::npos);
    EXPECT_LT(finished_.err.find("DRY RUN"), finished_.err.find('\n')) << "in the first line";
    const std::string last_line =
        finished_.out.substr(finished_.out.rfind('\n', finished_.out.size() - 2) + 1);
    EXPECT_TRUE(last_line.starts_with("DRY RUN  OK  purge")) << finished_.out;
    const RunDetails run = runs_.last();
    EXPECT_TRUE(run.run.dry_run);
    EXPECT_EQ(run.run.actions_would, 3);
    EXPECT_EQ(run.actions.at(0).state, "would");
}

TEST_F(DestructiveRun, ThatIsDrySaysSoInJson) {
    ThingServer server(3, 30);
    EXPECT_EQ(purge(server, {"-n", "-o", "json"}), 0);
    const auto json = parse_json(finished_.out);
    EXPECT_TRUE(json_at(json_at(json, "run"), "dry_run").GetBool());
    EXPECT_EQ(json_at(json, "actions").Size(), 3U);
}

TEST_F(DestructiveRun, ThatIsDryEndsAsTheRealOneWould) {
    ThingServer server(11, 0);
    EXPECT_EQ(purge(server, {"-n"}), 5);
    EXPECT_EQ(purge(server, {"-n", "--max-percent", "100%"}), 0);
    EXPECT_EQ(purge(server, {"-n", "--max-percent", "100%", "--max-actions", "10"}), 5);
}

TEST_F(DestructiveRun, ThatIsDryNeedsNoStore) {
    ThingServer server(3, 30);
    EXPECT_EQ(purge(server, {"-n", "--store", "/proc/nothing/caretaker.db"}), 0) << finished_.err;
}

TEST_F(DestructiveRun, OnlyPlansWithNoActionsAllowed) {
    ThingServer server(1, 30);
    EXPECT_EQ(purge(server, {"--yes", "--max-actions", "0"}), 5);
    EXPECT_EQ(server.size(), 31U);
    EXPECT_EQ(purge(server, {"--yes", "--max-actions", "1"}), 0);
    EXPECT_EQ(server.size(), 30U);
}

TEST_F(DestructiveRun, EndsWhenTheServiceIsGoneAndSaysWhatWasDone) {
    ThingServer server(3, 30);
    server.on_delete("old-02", {.conduct = ServerConduct::close});
    EXPECT_EQ(purge(server, {"--yes"}), 3) << finished_.err;
    const RunDetails run = runs_.last();
    ASSERT_EQ(run.actions.size(), 3U);
    EXPECT_EQ(run.actions[0].state, "done");
    EXPECT_EQ(run.actions[1].state, "unknown") << "the request may have arrived";
    EXPECT_EQ(run.actions[2].state, "skipped");
    EXPECT_EQ(server.deletions("old-03"), 0);
}

TEST_F(DestructiveRun, SettlesWhatAnEarlierRunLeftOpen) {
    ThingServer server(2, 30);
    server.on_delete("old-01", {.conduct = ServerConduct::close});
    EXPECT_EQ(purge(server, {"--yes"}), 7);
    const std::int64_t first = runs_.last().run.id;
    EXPECT_EQ(runs_.store()->run_details(first).actions.at(0).state, "unknown");
    server.on_delete("old-01", {.status = 200});
    server.keep("old-01");
    EXPECT_EQ(purge(server, {"-n"}), 0);
    const auto action = runs_.store()->run_details(first).actions.at(0);
    EXPECT_EQ(action.state, "failed");
    EXPECT_TRUE(action.error.starts_with("not done: seen unchanged by run ")) << action.error;
}

TEST_F(DestructiveRun, BeginsNothingMoreOnceItIsStopped) {
    ThingServer server(3, 30);
    server.on_delete("old-02", {.status = 200, .conduct = ServerConduct::hold});
    ChildProcess child(runs_.command({"purge", "--url", server.url(), "--yes"}));
    server.server().wait_for_held(1);
    child.signal(SIGTERM);
    const auto status = child.wait(30s);
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->code, 143);
    EXPECT_EQ(server.deletions("old-03"), 0);
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.run.outcome, "interrupted");
    EXPECT_EQ(run.actions.at(0).state, "done");
    EXPECT_EQ(run.actions.at(1).state, "started") << "nobody knows whether it was done";
    EXPECT_EQ(run.actions.at(2).state, "skipped");
    EXPECT_NE(child.out().find("1 of 3 actions were done"), std::string::npos) << child.out();
    server.server().release();
}

TEST_F(DestructiveRun, WaitsAMomentForAChangeThatIsOnTheWireWhenItIsStopped) {
    ThingServer server(2, 30);
    server.on_delete("old-01", {.status = 200, .conduct = ServerConduct::hold});
    ChildProcess child(runs_.command({"purge", "--url", server.url(), "--yes"}));
    server.server().wait_for_held(1);
    child.signal(SIGTERM);
    server.server().release();
    const auto status = child.wait(30s);
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->code, 143);
    EXPECT_EQ(runs_.last().actions.at(0).state, "done");
    EXPECT_EQ(server.deletions("old-02"), 0);
}

TEST_F(DestructiveRun, KeepsOthersAwayFromWhatItShares) {
    ThingServer server(2, 30);
    server.on_delete("old-01", {.status = 200, .conduct = ServerConduct::hold});
    ChildProcess child(runs_.command({"purge", "--url", server.url(), "--yes", "--lock", "idle"}));
    server.server().wait_for_held(1);
    EXPECT_EQ(runs_.run({"idle", "--on-locked", "fail"}).status.code, 6);
    EXPECT_EQ(runs_.run({"purge", "--url", server.url(), "--yes"}).status.code, 0)
        << "skipped, the first time";
    const Finished dry = runs_.run({"purge", "--url", server.url(), "-n"});
    EXPECT_EQ(dry.status.code, 0);
    EXPECT_NE(dry.err.find("is under way meanwhile on test-host"), std::string::npos) << dry.err;
    server.server().release();
    EXPECT_TRUE(child.wait(30s).has_value());
    EXPECT_EQ(runs_.run({"idle", "--on-locked", "fail"}).status.code, 0);
}

TEST_F(DestructiveRun, DoesNothingByAWrongClock) {
    ThingServer server(2, 30);
    server.set_date("Thu, 01 Jan 2026 00:00:00 GMT");
    EXPECT_EQ(purge(server, {"--yes"}), 5);
    EXPECT_NE(finished_.err.find("that of marathon is"), std::string::npos) << finished_.err;
    EXPECT_EQ(count_deletes(server), 0);
}

TEST_F(DestructiveRun, DoesNothingWhenTheClockIsAnHourBeforeTheLastRun) {
    ThingServer server(2, 30);
    {
        const auto store = runs_.store();
        const WallTime later =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + 1h;
        const RunInfo info{.uid = "u", .job = "idle", .started_at = later, .host = "test-host"};
        const Report report;
        store->close_run(store->begin_run(info), {.report = report, .ended_at = later});
    }
    EXPECT_EQ(purge(server, {"--yes"}), 5);
    EXPECT_NE(finished_.err.find("but a run on this host ended at"), std::string::npos);
    EXPECT_EQ(server.size(), 32U);
    EXPECT_EQ(runs_.run({"idle"}).status.code, 0) << "a job that only reads goes on";
}

TEST_F(DestructiveRun, GoesOnWithoutStandardOutput) {
    ThingServer server(3, 30);
    Command command = runs_.command({"purge", "--url", server.url(), "--yes"});
    command.argv = {"sh", "-c", "exec \"$0\" \"$@\" >/dev/full"};
    const Command whole = runs_.command({"purge", "--url", server.url(), "--yes"});
    command.argv.insert(command.argv.end(), whole.argv.begin(), whole.argv.end());
    const Finished full = run_command(command);
    EXPECT_EQ(full.status.code, 1);
    EXPECT_NE(full.err.find("No space left on device"), std::string::npos) << full.err;
    EXPECT_EQ(server.size(), 30U);
    EXPECT_EQ(runs_.last().run.outcome, "ok");
}

TEST_F(DestructiveRun, GoesOnWhenItsReaderLeft) {
    ThingServer server(3, 30);
    Command command = runs_.command({"purge", "--url", server.url(), "--yes"});
    std::vector<std::string> argv{"bash", "-c", R"("$0" "$@" | head -c0; exit ${PIPESTATUS[0]})"};
    argv.insert(argv.end(), command.argv.begin(), command.argv.end());
    command.argv = argv;
    EXPECT_EQ(run_command(command).status.code, 0);
    EXPECT_EQ(server.size(), 30U);
}

}  // namespace
}  // namespace caretaker::testing
