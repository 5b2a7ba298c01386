// SPDX-License-Identifier: Apache-2.0
// A run that deletes things and has a person at the terminal to ask.
#include "testjob_runs.hpp"
#include "tests/support/pseudo_terminal.hpp"
#include "tests/support/thing_server.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

class AskedRun : public ::testing::Test {
 protected:
    void SetUp() override { SKIP_WITHOUT_TERMINAL(terminal_); }

    ChildProcess start(const ThingServer& server,
                       std::string_view question,
                       const std::vector<std::string>& more = {}) {
        std::vector<std::string> args{"purge", "--url", server.url()};
        args.insert(args.end(), more.begin(), more.end());
        Command command = runs_.command(args);
        command.input_descriptor = terminal_.program_end();
        ChildProcess child(command);
        EXPECT_TRUE(child.wait_for_output(question, 30s)) << child.err();
        return child;
    }

    static int code_of(ChildProcess& child) { return child.wait(60s).value().code; }

    TestjobRuns runs_;
    PseudoTerminal terminal_;
};

TEST_F(AskedRun, ShowsThePlanAndDoesItAfterAYes) {
    ThingServer server(2, 30);
    ChildProcess child = start(server, "Do these 2 actions on default? [y/N] ");
    EXPECT_NE(child.err().find("old-01"), std::string::npos);
    EXPECT_NE(child.err().find("40 d old, keep 30 d"), std::string::npos);
    EXPECT_EQ(server.size(), 32U) << "nothing happens before the answer";
    terminal_.type("y\n");
    EXPECT_EQ(code_of(child), 0) << child.err();
    EXPECT_EQ(server.size(), 30U);
}

TEST_F(AskedRun, DoesNothingAfterAnyOtherAnswer) {
    for (const std::string answer : {"n\n", "\n", "yesterday\n", "\x04"}) {
        ThingServer server(2, 30);
        ChildProcess child = start(server, "[y/N] ");
        terminal_.type(answer);
        EXPECT_EQ(code_of(child), 0) << child.err();
        EXPECT_EQ(server.size(), 32U) << answer;
        EXPECT_EQ(runs_.last().run.outcome, "skipped");
        EXPECT_EQ(runs_.last().actions.at(0).state, "skipped");
        EXPECT_EQ(runs_.last().actions.at(0).error, "declined");
    }
}

TEST_F(AskedRun, WantsTheNameOfTheTargetForManyThings) {
    ThingServer server(21, 200);
    ChildProcess refused = start(server, "type the name of the target: ");
    terminal_.type("yes\n");
    EXPECT_EQ(code_of(refused), 0) << refused.err();
    EXPECT_EQ(server.size(), 221U);
    ChildProcess agreed = start(server, "type the name of the target: ");
    terminal_.type("default\n");
    EXPECT_EQ(code_of(agreed), 0) << agreed.err();
    EXPECT_EQ(server.size(), 200U);
}

TEST_F(AskedRun, IsNotAskedWhereABrakeHoldsAnyway) {
    const ThingServer server(11, 0);
    ChildProcess child = start(server, "of 11, at most 20 % are allowed");
    EXPECT_EQ(code_of(child), 5);
    EXPECT_EQ(child.err().find("[y/N]"), std::string::npos) << child.err();
}

TEST_F(AskedRun, IsAskedAgainForWhatIsPlannedFurther) {
    ThingServer server(2, 5);
    ChildProcess child =
        start(server, "Do these 2 actions on default? [y/N] ", {"--then-keep", "0"});
    terminal_.type("y\n");
    ASSERT_TRUE(child.wait_for_output("Do these 5 actions on default? [y/N] ", 30s)) << child.err();
    EXPECT_EQ(server.size(), 5U);
    terminal_.type("n\n");
    EXPECT_EQ(code_of(child), 0) << child.err();
    EXPECT_EQ(server.size(), 5U);
    const RunDetails run = runs_.last();
    EXPECT_EQ(run.run.outcome, "ok");
    ASSERT_EQ(run.actions.size(), 7U);
    EXPECT_EQ(run.actions.at(1).state, "done");
    EXPECT_EQ(run.actions.at(2).state, "skipped");
    EXPECT_EQ(run.actions.at(2).error, "declined");
}

TEST_F(AskedRun, EndsAtASignalWhileItWaitsForTheAnswer) {
    ThingServer server(2, 30);
    ChildProcess child = start(server, "[y/N] ");
    child.signal(SIGINT);
    EXPECT_EQ(code_of(child), 130);
    EXPECT_EQ(server.size(), 32U);
    EXPECT_EQ(runs_.last().run.outcome, "interrupted");
}

}  // namespace
}  // namespace caretaker::testing
