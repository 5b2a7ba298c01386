// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers` against the sandbox's Mesos and Marathon: what it counts is what the
// platform has, and trouble of either ends a run as the documentation says.
#include "leftovers_sandbox.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {
namespace {

std::int64_t sum_of(const std::vector<FakeResource>& resources, std::string_view name) {
    std::int64_t sum = 0;
    for (const FakeResource& resource : resources) {
        sum += resource.name == name ? resource.milli : 0;
    }
    return sum;
}

TEST_F(LeftoversSandbox, CountsWhatThePlatformHas) {
    start();
    const auto state = platform_->state();
    const PlatformIndex index(*state);
    const SandboxRun run = this->run();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    for (const std::string name : {"cpus", "mem"}) {
        std::int64_t total = 0;
        std::int64_t used = 0;
        std::int64_t offered = 0;
        for (std::size_t i = 0; i < state->agents.size(); ++i) {
            total += sum_of(state->agents[i].total, name);
            used += sum_of(index.used_on(i), name);
            offered += sum_of(index.offered_on(i), name);
        }
        EXPECT_EQ(std::llround(run.metric("total." + name) * 1000), total);
        EXPECT_EQ(std::llround(run.metric("used." + name) * 1000), used);
        EXPECT_EQ(std::llround(run.metric("offered." + name) * 1000), offered);
        EXPECT_EQ(std::llround((run.metric("free." + name) + run.metric("dust." + name)) * 1000),
                  total - used);
        EXPECT_GT(used, 0);
    }
    EXPECT_EQ(run.metric("agents.placeable"), 12);
}

TEST_F(LeftoversSandbox, SplitsUpEverythingOfAClusterOfAllKinds) {
    start({.agents = 60, .apps = 30});
    const SandboxRun run = run_with_apps();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    for (const std::string name : {"cpus", "mem", "disk", "gpus", "ports"}) {
        EXPECT_LE(run.metric("used." + name) + run.metric("free." + name) +
                      run.metric("reserved_free." + name) + run.metric("dust." + name),
                  run.metric("total." + name) + 1e-6)
            << name;
    }
    EXPECT_GT(run.metric("agents.placeable"), 0);
    EXPECT_LT(run.metric("agents.placeable"), 60) << "agents of other states are apart";
    EXPECT_GT(run.metric("apps.total"), 0);
    EXPECT_GT(run.metric("apps.without_room"), 0) << "one app of the sandbox fits nowhere";
}

TEST_F(LeftoversSandbox, JudgesASavedCaseAsItJudgedTheCluster) {
    start({.agents = 40, .apps = 20});
    const SandboxRun live = run_with_apps({"--save", home_.file("case")});
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const SandboxRun saved = run_with({"--input", home_.file("case")});
    EXPECT_EQ(saved.rows(), live.rows());
    EXPECT_EQ(saved.details(), live.details());
}

TEST_F(LeftoversSandbox, EndsWhereNoMasterLeads) {
    start(plain_cluster(), {.masters = 3});
    mesos_->set_leader(std::nullopt);
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 7) << run.err;
}

TEST_F(LeftoversSandbox, EndsWhereThereIsNoMaster) {
    const SandboxRun run = run_with({"--mesos-url", closed_address()});
    EXPECT_EQ(run.exit_code, 7);
    EXPECT_NE(run.err.find("mesos"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, ReadsAllAgainWhenAnotherMasterTakesOverInTheMiddle) {
    start(plain_cluster(), {.masters = 3});
    const std::string quiet = run().rows();
    mesos_->http().reset_counts();
    mesos_->http().set_fault("event:name=leader-1,path=*/slaves*,times=1");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.rows(), quiet);
    EXPECT_GT(mesos_->http().request_counts()["GET /master/flags"], 1U);
}

TEST_F(LeftoversSandbox, SaysWhichDocumentsWereRefused) {
    start();
    for (const char* code : {"401", "403"}) {
        mesos_->http().clear_faults();
        mesos_->http().set_fault(std::string("status:path=*/roles*,code=") + code);
        const SandboxRun run = this->run();
        EXPECT_EQ(run.exit_code, 0) << run.err;
        EXPECT_EQ(run.subjects("data_incomplete"), std::vector<std::string>{"document roles"});
    }
}

TEST_F(LeftoversSandbox, AsksTheOperatorApiWhereTheAgentsAreRefused) {
    start({.agents = 40, .apps = 20});
    const SandboxRun whole = run();
    mesos_->http().reset_counts();
    mesos_->http().set_fault("status:code=403,path=*/slaves*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.rows(), whole.rows()) << "GET_AGENTS has reservations in detail, too";
    EXPECT_EQ(run.subjects("data_incomplete").front(), "document slaves");
    EXPECT_EQ(mesos_->http().request_counts().count("GET /master/state"), 0U);
}

TEST_F(LeftoversSandbox, TakesTheStateWhereTheAgentsAreRefusedThereToo) {
    start();
    const SandboxRun whole = run();
    mesos_->http().set_fault("status:code=403,path=*/slaves*");
    mesos_->http().set_fault("status:code=403,path=*/api/v1*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary(), whole.summary()) << "nothing is reserved, so that sums are exact";
    EXPECT_EQ(run.subjects("data_incomplete"),
              (std::vector<std::string>{"document GET_AGENTS", "document slaves"}));
}

TEST_F(LeftoversSandbox, EndsAsDeniedWithoutALogin) {
    start(plain_cluster(), {.login = MesosLogin{"ops", "secret"}});
    EXPECT_EQ(run().exit_code, 10);
    environment_ = {{"CARETAKER_TARGETS_DEFAULT_MESOS_USER", "ops"},
                    {"CARETAKER_TARGETS_DEFAULT_MESOS_PASSWORD", "secret"}};
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(LeftoversSandbox, AsksAgainForAgentsThatBrokeOff) {
    start();
    const std::string quiet = run().rows();
    mesos_->http().set_fault("half:path=*/slaves*,times=1");
    const SandboxRun once = run();
    EXPECT_EQ(once.exit_code, 0) << once.err;
    EXPECT_EQ(once.rows(), quiet);
    mesos_->http().set_fault("half:path=*/slaves*");
    EXPECT_EQ(run().exit_code, 7);
}

TEST_F(LeftoversSandbox, EndsWhereAnAnswerNeverComesToItsPoint) {
    start();
    mesos_->http().set_fault("huge:mib=80,path=*/slaves*");
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_NE(run.err.find("larger than 64 MiB"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, TakesAnEmptyClusterForEmpty) {
    start({.agents = 0, .apps = 0, .has_states = false, .has_maintenance = false});
    const SandboxRun run = run_with_apps();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.summary().substr(0, 15), "no agents found");
}

TEST_F(LeftoversSandbox, IsPartialWhereMostAgentsHaveNotComeBack) {
    start();
    platform_->change([](PlatformState& state) {
        for (std::size_t i = 0; i < 2; ++i) {  // of 12: more than a tenth
            state.agents[i].state = sandbox::AgentState::recovered;
        }
    });
    const SandboxRun run = this->run();
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.metric("agents.recovered"), 2);
    EXPECT_EQ(run.metric("agents.placeable"), 10);
}

TEST_F(LeftoversSandbox, GoesOnWithoutTheAppsOfAMarathonInTrouble) {
    start();
    const std::string alone = run().rows();
    const auto expect_partial = [&](const SandboxRun& run, std::string_view trouble) {
        EXPECT_EQ(run.exit_code, 3) << trouble << ": " << run.err;
        EXPECT_EQ(run.rows(), alone) << trouble;
        const auto& errors = json_at(run.json, "errors");
        ASSERT_EQ(errors.Size(), 1U) << trouble;
        EXPECT_EQ(json_text(errors[0], "subject"), "marathon") << trouble;
    };
    expect_partial(run({"--marathon-url", closed_address()}), "absent");
    marathon_->set_leader(std::nullopt);
    expect_partial(run_with_apps(), "without a leader");
    marathon_->set_leader(0);
    for (const std::string_view fault : {"status:code=403,path=*/v2/tasks*",
                                         "half:path=*/v2/apps*",
                                         "garbage:path=*/v2/queue*",
                                         "status:code=200,body={},path=*/v2/info*"}) {
        marathon_->http().clear_faults();
        marathon_->http().set_fault(fault);
        expect_partial(run_with_apps(), fault);
    }
}

TEST_F(LeftoversSandbox, WarnsOfAClockThatIsOff) {
    start();
    mesos_.reset();
    FakeServer master;
    master.answer("/master/slaves",
                  {.headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}},
                   .body = R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1},)"
                           R"("used_resources":{}}]})"});
    const SandboxRun run = run_with({"--mesos-url", master.url("")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_NE(run.err.find("clock"), std::string::npos) << run.err;
}

TEST_F(LeftoversSandbox, ReadsMastersOfEveryAge) {
    for (const auto& [major, minor] :
         std::vector<std::pair<int, int>>{{0, 21}, {0, 28}, {1, 0}, {1, 4}, {1, 9}, {1, 12}}) {
        ClusterOptions cluster = plain_cluster();
        cluster.has_attributes = false;
        cluster.version = {.major = major, .minor = minor, .patch = 0};
        start(cluster);
        const SandboxRun run = this->run();
        EXPECT_EQ(run.exit_code, 0) << major << '.' << minor << ' ' << run.err;
        EXPECT_EQ(run.metric("agents.placeable"), 12) << major << '.' << minor;
        EXPECT_GT(run.metric("used.cpus"), 0) << major << '.' << minor;
    }
}

}  // namespace
}  // namespace caretaker::sandbox
