// SPDX-License-Identifier: Apache-2.0
// What has to be added, and what can be given back.
#include "jobs/leftovers/addition_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/removal_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {
namespace {

class Addition : public ::testing::Test {
 protected:
    /// Agents of 8 cpus, of which so many are used.
    void have(const std::vector<int>& used) {
        std::string text = R"({"slaves":[)";
        for (std::size_t i = 0; i < used.size(); ++i) {
            text += fmt::format(R"({}{{"id":"S{}","hostname":"h{}","attributes":{{"rack":"r1"}},)"
                                R"("resources":{{"cpus":8,"mem":10000,"ports":"[31000-31009]"}},)"
                                R"("used_resources":{{"cpus":{}}}}})",
                                i == 0 ? "" : ",",
                                i,
                                i,
                                used[i]);
        }
        facts = testing::read_facts({text + "]}"});
        facts.workload.is_known = true;
        judge_agents(facts, {});
    }

    void run_on(const MarathonApp& app, const std::vector<int>& agents) {
        facts.workload.apps.push_back(app);
        for (const int agent : agents) {
            facts.workload.tasks.push_back({.id = fmt::format("t{}", facts.workload.tasks.size()),
                                            .app = app.id,
                                            .agent = fmt::format("S{}", agent),
                                            .state = "TASK_RUNNING"});
        }
    }

    AgentAddition find(const AdditionGoal& goal, std::string_view agents = "cpus=8,mem=10000") {
        return find_addition({.facts = facts, .plan = plan, .rules = rules, .goal = goal},
                             "t",
                             parse_agent_template(agents));
    }

    static MarathonApp app_of(std::string id, int cpus, std::int64_t instances) {
        return {.id = std::move(id), .instances = instances, .cpus = cpus * 1000, .mem = 1000};
    }

    ClusterFacts facts{};
    WhatIfPlan plan{};
    PlanRules rules{};
    const AdditionGoal of_plan{.kind = AdditionGoal::Kind::plan};
};

TEST_F(Addition, IsNothingWhereThePlanFits) {
    have({0});
    plan.apps = {{.app = app_of("/a", 3, 2)}};
    EXPECT_EQ(find(of_plan).count, 0);
}

TEST_F(Addition, IsWhatThePiecesNeedAndNotTheSums) {
    have({6});
    plan.apps = {{.app = app_of("/a", 5, 3)}};  // 13 cpus missing, but one instance an agent
    const AgentAddition found = find(of_plan);
    EXPECT_EQ(found.count, 3);
    EXPECT_EQ(found.lower, 3);
    EXPECT_TRUE(found.is_minimal);
}

TEST_F(Addition, IsNeverEnoughForALargerInstanceOrAConstraint) {
    have({8});
    plan.apps = {{.app = app_of("/a", 9, 1)}};
    EXPECT_EQ(find(of_plan).count, std::nullopt);
    EXPECT_EQ(find(of_plan).reason, "an instance of /a is larger than such an agent: 9 cpus of 8");
    plan.apps = {{.app = app_of("/b", 1, 1)}};
    plan.apps[0].app.constraints = {{"rack", "LIKE", "r[12]"}};
    EXPECT_EQ(find(of_plan).reason,
              "such an agent never meets the constraint rack LIKE r[12] of /b");
    EXPECT_EQ(find(of_plan, "cpus=8,mem=10000,rack=r2").count, 1);
    plan.apps[0].app.dynamic_ports = 1;
    EXPECT_EQ(find(of_plan, "cpus=8,mem=10000,rack=r2").reason,
              "an instance of /b needs more ports than such an agent has");
}

TEST_F(Addition, MakesTheLossOfAnAgentSafe) {
    have({8, 8});
    run_on(app_of("/a", 4, 4), {0, 0, 1, 1});
    const AgentAddition found = find({.kind = AdditionGoal::Kind::n1});
    EXPECT_EQ(found.count, 1);
}

TEST_F(Addition, MakesRoomForAnApp) {
    have({8});
    run_on(app_of("/a", 3, 2), {0, 0});
    const auto goal = parse_addition_goal("fits:/a=5");
    ASSERT_TRUE(goal);
    EXPECT_EQ(find(*goal).count, 3);
    EXPECT_TRUE(find(*goal).is_minimal);
    EXPECT_THROW(find({.kind = AdditionGoal::Kind::fits, .app = "/none", .instances = 1}),
                 UsageError);
}

TEST_F(Addition, HasGoalsInWords) {
    for (const char* wrong : {"",
                              "n2",
                              "fits:",
                              "fits:/a",
                              "fits:/a=",
                              "fits:/a=0",
                              "fits:=3",
                              "fits:/a=3x",
                              "fits:/a=-1"}) {
        EXPECT_FALSE(parse_addition_goal(wrong)) << wrong;
    }
    EXPECT_EQ(parse_addition_goal("fits:/a=b=3")->app, "/a=b");
}

TEST_F(Addition, KnowsTheClassesOfAgents) {
    have({1, 2, 3});
    const auto classes = agent_classes(facts.cluster);
    ASSERT_EQ(classes.size(), 1U);
    EXPECT_EQ(classes[0].first, "class:1");
    EXPECT_EQ(classes[0].second.amounts[cpus], 8'000);
    EXPECT_EQ(classes[0].second.ports.text(), "[31000-31009]");
    EXPECT_EQ(classes[0].second.attributes.size(), 1U);
}

TEST_F(Addition, CanBeGivenBackWhileEverythingStaysAsSafe) {
    have({4, 4, 0, 0});
    run_on(app_of("/a", 4, 2), {0, 1});
    const AgentRemovals removals = find_removals(facts, 1'000'000);
    // Two empty ones, and then one more would leave nowhere to go from the last.
    EXPECT_EQ(removals.agents, (std::vector<std::uint32_t>{2, 3}));
    EXPECT_TRUE(removals.is_complete);
    EXPECT_FALSE(find_removals(facts, 1).is_complete);
}

TEST_F(Addition, OfAMissingGroupUnlocksTheOthers) {
    have({0, 0});
    facts.cluster.attributes[1].value = facts.cluster.attribute_values.add("r2");
    run_on(app_of("/g", 1, 1), {});
    facts.workload.apps[0].constraints = {{"rack", "GROUP_BY", "3"}};
    const auto goal = parse_addition_goal("fits:/g=10");
    const AgentAddition found = find(*goal, "cpus=4,mem=4096,rack=r3");
    EXPECT_EQ(found.count, 1) << "2 fit now, and 9 + 4 more with a third rack";
    EXPECT_TRUE(found.is_minimal);
}

TEST_F(Addition, LeavesAgentsWithForeignTasksOrVolumes) {
    have({1, 7, 0});
    run_on(app_of("/w", 1, 1), {0});
    // h1 is used by no app: what runs there belongs to another framework.
    EXPECT_EQ(find_removals(facts, 1'000'000).agents, (std::vector<std::uint32_t>{2, 0}));
    EXPECT_EQ(find_removals(facts, 1'000'000).bound, 1);
}

TEST_F(Addition, GoesOnPastAnAgentThatStays) {
    have({1, 2, 2});
    MarathonApp resident = app_of("/db", 1, 1);
    resident.is_resident = true;
    run_on(resident, {0});
    run_on(app_of("/w", 1, 4), {1, 1, 2, 2});
    const AgentRemovals removals = find_removals(facts, 1'000'000);
    EXPECT_EQ(removals.agents, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(removals.bound, 1);
}

}  // namespace
}  // namespace caretaker
