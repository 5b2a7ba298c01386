// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers` against masters and Marathons that misbehave.
#include "tests/integration/leftovers/leftovers_run.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* agents =
    R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000},)"
    R"("used_resources":{"cpus":2,"mem":300}},{"id":"S1","hostname":"h2",)"
    R"("resources":{"cpus":4,"mem":500},"used_resources":{}}]})";
constexpr const char* summary = "2 placeable agents, free 10 of 12 cpus, 1200 of 1500 MB mem";

class LeftoversTrouble : public ::testing::Test {
 protected:
    LeftoversRun run(std::vector<std::string> options = {}) {
        options.insert(options.begin(), {"--mesos-url", master_.url("")});
        return run_leftovers(leftovers_command(home_, options));
    }

    FakeServer master_{};
    TempDir home_{};
};

TEST_F(LeftoversTrouble, CountsAnAnswerOnceThatBrokeOffAndCameAgain) {
    master_.answer_in_turn("/master/slaves",
                           {{.body = agents, .conduct = ServerConduct::half_body},
                            {.status = 503, .body = "Master has not finished recovery"},
                            {.body = agents, .conduct = ServerConduct::chunked}});
    const LeftoversRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary(), summary);
}

/// Agents of an answer that broke off are known no better than the master that answers next says.
TEST_F(LeftoversTrouble, ForgetsAgentsOfAMasterThatDiedWhileItAnswered) {
    master_.answer_in_turn(
        "/master/slaves",
        {{.body = agents, .conduct = ServerConduct::half_body},
         {.body = R"({"slaves":[],"recovered_slaves":[{"id":"S0","hostname":"h1"},)"
                  R"({"id":"S1","hostname":"h2"}]})"}});
    const LeftoversRun run = this->run();
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_TRUE(run.summary().starts_with("0 placeable agents (2 recovered)")) << run.summary();
}

TEST_F(LeftoversTrouble, EndsWhereTheMasterHasNoLeader) {
    master_.answer_by([](const HttpRequest& /*request*/) {
        return ServedAnswer{.status = 503, .body = "No leader elected"};
    });
    EXPECT_EQ(run().exit_code, 7);
}

TEST_F(LeftoversTrouble, EndsWhereTheUserMayReadNothing) {
    master_.answer_by([](const HttpRequest& /*request*/) {
        return ServedAnswer{.status = 401,
                            .headers = {{"WWW-Authenticate", "Basic realm=\"mesos\""}}};
    });
    EXPECT_EQ(run().exit_code, 10);
}

TEST_F(LeftoversTrouble, EndsWhereItIsNoMaster) {
    master_.answer("/master/slaves", {.body = "<html>hello</html>"});
    EXPECT_EQ(run().exit_code, 1);
    master_.answer_by([](const HttpRequest& /*request*/) { return ServedAnswer{.status = 404}; });
    const LeftoversRun nothing = run();
    EXPECT_EQ(nothing.exit_code, 1);
    EXPECT_NE(nothing.err.find("neither /master/slaves nor /master/state"), std::string::npos)
        << nothing.err;
}

TEST_F(LeftoversTrouble, GoesToTheMasterThatLeads) {
    FakeServer leader;
    leader.answer("/master/slaves", {.body = agents});
    master_.answer(
        "/master/slaves",
        {.status = 307,
         .headers = {{"Location", fmt::format("//127.0.0.1:{}/master/slaves", leader.port())}}});
    const LeftoversRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary(), summary);
}

TEST_F(LeftoversTrouble, FindsTheLeaderOfAMasterThatAnswersForItself) {
    FakeServer leader;
    leader.answer("/master/slaves", {.body = agents});
    master_.answer("/master/slaves", {.body = R"({"slaves":[]})"});
    master_.answer("/metrics/snapshot", {.body = R"({"master/elected":0})"});
    master_.answer(
        "/master/redirect",
        {.status = 307, .headers = {{"Location", fmt::format("//127.0.0.1:{}", leader.port())}}});
    const LeftoversRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary(), summary);
}

TEST_F(LeftoversTrouble, GoesOnWithoutAMarathonThatIsNotThere) {
    master_.answer("/master/slaves", {.body = agents});
    std::string gone;
    {
        const FakeServer marathon;
        gone = marathon.url("");
    }
    const LeftoversRun run = this->run({"--marathon-url", gone});
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.summary(), summary);
}

TEST_F(LeftoversTrouble, StopsWhereTheTimeOfTheRunIsOver) {
    master_.answer("/master/slaves", {.body = agents, .conduct = ServerConduct::hang});
    EXPECT_EQ(run({"--timeout", "1s"}).exit_code, 8);
}

}  // namespace
}  // namespace caretaker::testing
