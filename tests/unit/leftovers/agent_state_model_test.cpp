// SPDX-License-Identifier: Apache-2.0
// States of agents, at each boundary.
#include "jobs/leftovers/agent_state_model.hpp"

#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;
using testing::read_facts;

WallTime at(std::chrono::milliseconds time) {
    return WallTime(time);
}

struct StateCase {
    const char* members;
    AgentState state;
};

class StateOfAgent : public ::testing::TestWithParam<StateCase> {};

TEST_P(StateOfAgent, IsTheFirstThatApplies) {
    ClusterFacts facts = read_facts(
        {std::string(R"({"slaves":[{"id":"S0","hostname":"h")") + GetParam().members + "}]}"});
    judge_agents(facts, {});
    EXPECT_EQ(facts.cluster.agents.at(0).state, GetParam().state) << GetParam().members;
}

INSTANTIATE_TEST_SUITE_P(
    States,
    StateOfAgent,
    ::testing::Values(
        StateCase{"", AgentState::placeable},
        StateCase{R"(,"active":true,"deactivated":false)", AgentState::placeable},
        StateCase{R"(,"active":false)", AgentState::inactive},
        StateCase{R"(,"active":false,"deactivated":true)", AgentState::deactivated},
        StateCase{R"(,"active":true,"deactivated":true)", AgentState::deactivated},
        StateCase{R"(,"active":false,"deactivated":true,"drain_info":{"state":"DRAINING"})",
                  AgentState::draining},
        StateCase{R"(,"active":false,"deactivated":true,"drain_info":{"state":"DRAINED"})",
                  AgentState::draining}));

TEST(AgentState, IsRecoveredForAgentsThatTheMasterOnlyRemembers) {
    ClusterFacts facts =
        read_facts({R"({"slaves":[],"recovered_slaves":[{"id":"S0","hostname":"h"}]})"});
    judge_agents(facts, {});
    EXPECT_EQ(facts.cluster.agents.at(0).state, AgentState::recovered);
}

struct WindowCase {
    std::chrono::milliseconds now;
    std::chrono::milliseconds draining;
    std::optional<std::chrono::nanoseconds> duration;
    bool is_refused;
};

class Window : public ::testing::TestWithParam<WindowCase> {};

TEST_P(Window, RefusesStrictlyBetweenItsEnds) {
    const WindowCase& given = GetParam();
    EXPECT_EQ(is_refused_for({.start = 1000s, .duration = given.duration},
                             {.now = at(given.now), .draining = given.draining}),
              given.is_refused);
}

INSTANTIATE_TEST_SUITE_P(Instants,
                         Window,
                         ::testing::Values(WindowCase{999s, 0s, 60s, false},
                                           WindowCase{1000s, 0s, 60s, false},
                                           WindowCase{1000s + 1ms, 0s, 60s, true},
                                           WindowCase{1060s, 0s, 60s, true},
                                           WindowCase{1060s + 1ms, 0s, 60s, false},
                                           WindowCase{990s, 10s, 60s, false},
                                           WindowCase{990s + 1ms, 10s, 60s, true},
                                           WindowCase{9'000'000s, 0s, std::nullopt, true},
                                           WindowCase{1000s, 0s, std::nullopt, false}));

constexpr std::string_view two_agents =
    R"({"slaves":[{"id":"S0","hostname":"db1","pid":"slave(1)@10.0.0.7:5051"},)"
    R"({"id":"S1","hostname":"db2","pid":"slave(1)@10.0.0.8:5051"}]})";

TEST(Maintenance, NeedsHostNameWithoutCaseAndAddress) {
    ClusterFacts facts = read_facts(
        {two_agents,
         R"({"windows":[{"machine_ids":[{"hostname":"DB1","ip":"10.0.0.7"},{"hostname":"db2"},)"
         R"({"ip":"10.0.0.8"},{"hostname":"db2","ip":"10.0.0.7"}],)"
         R"("unavailability":{"start":{"nanoseconds":1795349358970492672}}}]})"});
    ASSERT_EQ(facts.windows.size(), 1U);
    EXPECT_EQ(facts.windows[0].start.count(), 1'795'349'358'970'492'672) << "beyond a double";
    const std::vector<std::string> ineffective =
        judge_agents(facts, {.now = at(1'795'349'359'000ms)});
    EXPECT_EQ(facts.cluster.agents[0].state, AgentState::maintenance);
    EXPECT_EQ(facts.cluster.agents[1].state, AgentState::placeable);
    EXPECT_EQ(ineffective, (std::vector<std::string>{"- 10.0.0.8", "db2 -", "db2 10.0.0.7"}));
}

TEST(Maintenance, DoesNotHinderWhereMarathonDoesNotHeedIt) {
    ClusterFacts facts =
        read_facts({two_agents,
                    R"({"windows":[{"machine_ids":[{"hostname":"db1","ip":"10.0.0.7"}],)"
                    R"("unavailability":{"start":{"nanoseconds":1}}}]})"});
    judge_agents(facts, {.now = at(5s), .heeds_windows = false});
    EXPECT_EQ(facts.cluster.agents[0].state, AgentState::placeable);
    judge_agents(facts, {.now = at(5s)});
    EXPECT_EQ(facts.cluster.agents[0].state, AgentState::maintenance);
}

TEST(Maintenance, KeepsAMachineThatIsDownApart) {
    ClusterFacts facts = read_facts(
        {two_agents,
         R"({"down_machines":[{"hostname":"db1","ip":"10.0.0.7"},{"hostname":"gone","ip":"1.2.3.4"}]})",
         R"({"windows":[{"machine_ids":[{"hostname":"gone","ip":"1.2.3.4"}],)"
         R"("unavailability":{"start":{"nanoseconds":1}}}]})"});
    EXPECT_TRUE(judge_agents(facts, {.now = at(5s)}).empty()) << "its agent is gone because of it";
    EXPECT_EQ(facts.cluster.agents[0].state, AgentState::down);
}

}  // namespace
}  // namespace caretaker
