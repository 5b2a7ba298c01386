// SPDX-License-Identifier: Apache-2.0
// One way to each exit code, and what is recorded with it.
#include "testjob_runs.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/thing_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

class ExitCodeTest : public ::testing::Test {
 protected:
    int code_of(const std::vector<std::string>& args, const Variables& variables = {}) {
        finished_ = runs_.run(args, variables);
        return finished_.status.code;
    }

    /// Ends a waiting run by `signal`.
    int code_after(int signal) {
        ChildProcess child(runs_.command({"idle", "--wait", "60"}));
        EXPECT_TRUE(child.wait_for_output("idling has begun", 30s)) << child.err();
        child.signal(signal);
        const auto status = child.wait(30s);
        return status ? status->code : -1;
    }

    TestjobRuns runs_;
    Finished finished_;
};

TEST_F(ExitCodeTest, Is0ForARunThatDidItsWork) {
    EXPECT_EQ(code_of({"idle"}), 0);
    EXPECT_EQ(runs_.last().run.outcome, "ok");
    EXPECT_EQ(runs_.last().run.exit_code, 0);
}

TEST_F(ExitCodeTest, Is0WhenThereIsNothingToDo) {
    const ThingServer server(0, 3);
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 0);
    EXPECT_EQ(runs_.last().run.outcome, "ok");
}

TEST_F(ExitCodeTest, Is0ForFindingsThatNobodyAskedFor) {
    EXPECT_EQ(code_of({"idle", "--finding", "5"}), 0);
    EXPECT_EQ(code_of({"idle", "--finding", "3", "--fail-on", "high"}), 0);
}

TEST_F(ExitCodeTest, Is1ForAJobThatCouldNotDoItsWork) {
    EXPECT_EQ(code_of({"idle", "--end", "failed"}), 1);
    EXPECT_EQ(runs_.last().run.outcome, "failed");
    EXPECT_EQ(runs_.last().run.error_code, "idle_failed");
}

TEST_F(ExitCodeTest, Is2ForWrongArgumentsAndRecordsNothing) {
    EXPECT_EQ(code_of({"idle", "--nonsense"}), 2);
    EXPECT_EQ(code_of({"idle", "--timeout", "soon"}), 2);
    EXPECT_EQ(code_of({"idle"}, {{"CARETAKER_EXIT_ZERO", "everything"}}), 2);
    EXPECT_TRUE(finished_.err.find("CARETAKER_EXIT_ZERO: 'everything'") != std::string::npos)
        << finished_.err;
    EXPECT_TRUE(runs_.rows().empty());
}

TEST_F(ExitCodeTest, Is2WhereNobodyCanBeAskedAndStartsNothing) {
    ThingServer server(3, 3);
    EXPECT_EQ(code_of({"purge", "--url", server.url()}), 2);
    EXPECT_NE(finished_.err.find("add --yes"), std::string::npos) << finished_.err;
    EXPECT_TRUE(server.server().requests().empty());
    EXPECT_TRUE(runs_.rows().empty());
}

TEST_F(ExitCodeTest, Is3WhenSomeItemsFailed) {
    ThingServer server(3, 30);
    server.on_delete("old-02", {.status = 500, .body = "no"});
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 3);
    EXPECT_EQ(runs_.last().run.outcome, "partial");
    EXPECT_EQ(runs_.last().run.actions_done, 2);
    EXPECT_EQ(runs_.last().run.actions_failed, 1);
}

TEST_F(ExitCodeTest, Is3WhenOnlySomeWereRefused) {
    ThingServer server(2, 30);
    server.on_delete("old-01", {.status = 403, .body = "no"});
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 3);
}

TEST_F(ExitCodeTest, Is4ForAFindingThatIsBadEnough) {
    EXPECT_EQ(code_of({"idle", "--finding", "4", "--fail-on", "high"}), 4);
    EXPECT_EQ(runs_.last().run.outcome, "findings");
}

TEST_F(ExitCodeTest, Is5WhenABrakeHolds) {
    ThingServer server(11, 0);
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 5);
    EXPECT_NE(finished_.err.find("100.0 % of 11, at most 20 % are allowed"), std::string::npos);
    EXPECT_EQ(server.size(), 11U);
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.run.outcome, "braked");
    EXPECT_EQ(run.run.actions_would, 0);
    ASSERT_EQ(run.actions.size(), 11U);
    EXPECT_EQ(run.actions[0].state, "skipped");
    EXPECT_EQ(run.actions[0].error, "braked");
    EXPECT_EQ(run.actions[0].reason, "40 d old, keep 30 d");
}

TEST_F(ExitCodeTest, Is6WhenAnotherRunHoldsTheLockAndThatIsNotWanted) {
    ChildProcess holder(runs_.command({"idle", "--wait", "60"}));
    ASSERT_TRUE(holder.wait_for_output("idling has begun", 30s));
    EXPECT_EQ(code_of({"idle", "--on-locked", "fail"}), 6);
    EXPECT_EQ(runs_.last().run.outcome, "skipped");
    EXPECT_NE(finished_.out.find("another run of this job and target is under way"),
              std::string::npos);
}

TEST_F(ExitCodeTest, Is7WhenTheTargetDoesNotAnswer) {
    EXPECT_EQ(code_of({"idle", "--end", "unreachable"}), 7);
}

TEST_F(ExitCodeTest, Is8WhenTheTimeLimitIsReached) {
    EXPECT_EQ(code_of({"idle", "--wait", "60", "--timeout", "100ms"}), 8);
    EXPECT_EQ(runs_.last().run.outcome, "timeout");
}

TEST_F(ExitCodeTest, Is9WhenARunThatChangesThingsHasNoStore) {
    ThingServer server(3, 30);
    std::ofstream(runs_.file("garbage")) << std::string(4096, 'x');
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes", "--store", runs_.file("garbage")}),
              9);
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes", "--store", "none"},
                      {{"CARETAKER_STORE", std::nullopt}}),
              9);
    EXPECT_TRUE(server.server().requests().empty());
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes", "--store", "none"},
                      {{"CARETAKER_STORE", std::nullopt}, {"CARETAKER_STORE_REQUIRED", "never"}}),
              0)
        << "unless it is set so on purpose";
    EXPECT_EQ(server.size(), 30U);
}

TEST_F(ExitCodeTest, Is9WithItsMetricsAndItsPingWhereAStoreThatMustBeThereIsNot) {
    FakeServer pings;
    pings.answer_by([](const HttpRequest&) { return ServedAnswer{}; });
    std::ofstream(runs_.file("garbage")) << std::string(4096, 'x');
    const auto metrics_of = [&](const std::vector<std::string>& args, const char* required) {
        const std::string file = runs_.file("metrics");
        std::filesystem::remove(file);
        EXPECT_EQ(code_of(args,
                          {{"CARETAKER_STORE_REQUIRED", required},
                           {"CARETAKER_PING_URL", pings.url("/beat")},
                           {"CARETAKER_STATSD_ADDRESS", "file://" + file}}),
                  9)
            << finished_.err;
        std::ostringstream sent;
        sent << std::ifstream(file).rdbuf();
        return sent.str();
    };
    for (const auto& [args, required] :
         {std::pair<std::vector<std::string>, const char*>{
              {"purge", "--url", "http://127.0.0.1:1", "--yes", "--store", runs_.file("garbage")},
              "auto"},
          {{"idle", "--store", runs_.file("garbage")}, "always"}}) {
        const std::size_t before = pings.requests().size();
        const std::string sent = metrics_of(args, required);
        EXPECT_NE(sent.find("run.started"), std::string::npos) << sent;
        EXPECT_NE(sent.find("run.failed"), std::string::npos) << sent;
        EXPECT_NE(sent.find("run.exit_code:9"), std::string::npos) << sent;
        ASSERT_EQ(pings.requests().size(), before + 1);
        EXPECT_NE(pings.requests().back().url.find("/beat/9"), std::string::npos);
        EXPECT_NE(finished_.err.find("exit_code=9"), std::string::npos) << finished_.err;
    }
}

TEST_F(ExitCodeTest, Is10WhenEverythingIsRefused) {
    EXPECT_EQ(code_of({"idle", "--end", "denied"}), 10);
    ThingServer server(2, 30);
    server.on_delete("old-01", {.status = 403, .body = "no"});
    server.on_delete("old-02", {.status = 401, .body = "no"});
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 10);
    server.on_list({.status = 403, .body = "no"});
    EXPECT_EQ(code_of({"purge", "--url", server.url(), "--yes"}), 10);
}

TEST_F(ExitCodeTest, Is128AndTheNumberOfTheSignalThatEndedTheRun) {
    EXPECT_EQ(code_after(SIGTERM), 143);
    EXPECT_EQ(runs_.last().run.outcome, "interrupted");
    EXPECT_EQ(runs_.last().run.exit_code, 143);
    EXPECT_EQ(code_after(SIGINT), 130);
    EXPECT_EQ(code_after(SIGHUP), 129);
}

TEST_F(ExitCodeTest, IsReturnedAs0WhereTheCallerWantsItSoAndRecordedSo) {
    EXPECT_EQ(code_of({"idle", "--end", "partial", "--exit-zero", "findings,partial"}), 0);
    EXPECT_EQ(runs_.last().run.outcome, "partial");
    EXPECT_EQ(runs_.last().run.exit_code, 0);
    EXPECT_EQ(code_of({"idle", "--end", "partial"}, {{"CARETAKER_EXIT_ZERO", "partial"}}), 0);
    EXPECT_EQ(code_of({"idle", "--end", "partial", "--exit-zero", "findings"},
                      {{"CARETAKER_EXIT_ZERO", "partial"}}),
              3)
        << "the option replaces the variable";
    EXPECT_EQ(code_of({"idle", "--end", "partial", "--exit-zero", "partial", "-o", "json"}), 0);
    const auto json = parse_json(finished_.out);
    EXPECT_EQ(json_integer(json_at(json, "run"), "exit_code"), 0);
    EXPECT_EQ(json_text(json_at(json, "run"), "outcome"), "partial");
}

TEST_F(ExitCodeTest, BecomesThatOfAMonitoringPlugin) {
    EXPECT_EQ(code_of({"idle", "--nagios"}), 0);
    EXPECT_TRUE(finished_.out.starts_with("CARETAKER IDLE OK: default: idled | duration="))
        << finished_.out;
    EXPECT_EQ(code_of({"idle", "--nagios", "--end", "partial"}), 1);
    EXPECT_EQ(code_of({"idle", "--nagios", "--end", "failed"}), 2);
    EXPECT_EQ(code_of({"idle", "--nagios", "--end", "unreachable"}), 3);
    EXPECT_EQ(code_of({"idle", "--nagios", "--finding", "3", "--fail-on", "low"}), 1);
    EXPECT_EQ(code_of({"idle", "--nagios", "--finding", "4", "--fail-on", "low"}), 2);
    EXPECT_EQ(runs_.last().run.exit_code, 4) << "the store keeps to our own codes";
    EXPECT_EQ(code_of({"idle", "--nagios", "--nonsense"}), 3);
    EXPECT_TRUE(finished_.out.starts_with("CARETAKER UNKNOWN: ")) << finished_.out;
    EXPECT_EQ(code_of({"idle", "--nagios", "--timeout", "10ms", "--wait", "9"}), 2);
}

}  // namespace
}  // namespace caretaker::testing
