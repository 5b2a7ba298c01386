// SPDX-License-Identifier: Apache-2.0
// Sums over a cluster: what is counted where.
#include "jobs/leftovers/leftovers_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using testing::read_facts;
using testing::reserved_agent;

Leftovers leftovers_of(ClusterFacts& facts, const RoleChoice& choice = {}) {
    judge_agents(facts, {});
    return sum_leftovers(facts.cluster, view_by_role(facts.cluster, facts.flags, choice));
}

TEST(Leftovers, AddUpToTheTotal) {
    for (const char* role : {"*", "web", "logs", "logs/es"}) {
        ClusterFacts facts = read_facts({reserved_agent});
        const Leftovers leftovers = leftovers_of(facts, {.role = role});
        for (const ResourceSums& sums : leftovers.resources) {
            EXPECT_EQ(sums.total,
                      sums.used + sums.free + sums.reserved_free + sums.dust + sums.volumes)
                << role << ' ' << sums.name;
        }
    }
}

TEST(Leftovers, TellFreeReservedAndOversubscribedApart) {
    ClusterFacts facts = read_facts({reserved_agent});
    const Leftovers leftovers = leftovers_of(facts);
    const ResourceSums& cpus = leftovers.resources[Resource::cpus];
    EXPECT_EQ(cpus.total, 16'000);
    EXPECT_EQ(cpus.used, 9'500);
    EXPECT_EQ(cpus.offered, 500);
    EXPECT_EQ(cpus.free, 3'500);
    EXPECT_EQ(cpus.reserved_free, 3'000);
    EXPECT_EQ(cpus.revocable, 1'500);
    EXPECT_EQ(cpus.largest, 3'500);
    EXPECT_EQ(leftovers.resources[Resource::ports].free, 7'000);
}

TEST(Leftovers, LeaveDisksThatOnlyVolumesLieOnApart) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"h","unreserved_resources_full":[)"
         R"({"name":"cpus","scalar":{"value":1}},{"name":"disk","scalar":{"value":100}},)"
         R"({"name":"disk","scalar":{"value":40},"disk":{"source":{"type":"MOUNT","mount":{"root":"/a"}}}},)"
         R"({"name":"disk","scalar":{"value":60},"disk":{"source":{"type":"MOUNT","mount":{"root":"/b"}}}},)"
         R"({"name":"disk","scalar":{"value":7},"disk":{"persistence":{"id":"v"}}}]}]})"});
    const Leftovers leftovers = leftovers_of(facts);
    const ResourceSums& disk = leftovers.resources[Resource::disk];
    EXPECT_EQ(disk.total, 107'000);
    EXPECT_EQ(disk.free, 100'000);
    EXPECT_EQ(disk.volumes, 7'000);
    ASSERT_EQ(leftovers.resources.size(), 6U);
    EXPECT_EQ(leftovers.resources[5].name, "disk_mount");
    EXPECT_EQ(leftovers.resources[5].free, 100'000);
    EXPECT_EQ(leftovers.resources[5].largest, 60'000);
}

TEST(Leftovers, OfAgentsThatTakeNothingAreNotFree) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"a","resources":{"cpus":4},"used_resources":{"cpus":1}},)"
         R"({"id":"S1","hostname":"b","active":false,"resources":{"cpus":8},)"
         R"("used_resources":{"cpus":2}}],"recovered_slaves":[{"id":"S2","hostname":"c"}]})"});
    const Leftovers leftovers = leftovers_of(facts);
    EXPECT_EQ(leftovers.resources[Resource::cpus].total, 4'000);
    EXPECT_EQ(leftovers.resources[Resource::cpus].free, 3'000);
    const auto inactive = static_cast<std::size_t>(AgentState::inactive);
    EXPECT_EQ(leftovers.resources[Resource::cpus].unusable.at(inactive), 6'000);
    EXPECT_EQ(leftovers.agents.registered, 2);
    EXPECT_EQ(leftovers.agents.in_state(AgentState::recovered), 1);
    EXPECT_EQ(leftovers.agents.in_state(AgentState::placeable), 1);
}

TEST(Leftovers, CountDustAndFullAgents) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"a","resources":{"cpus":4,"mem":64},)"
         R"("used_resources":{"cpus":3.995,"mem":40}},)"
         R"({"id":"S1","hostname":"b","resources":{"cpus":8},"used_resources":{"cpus":8}}]})"});
    const Leftovers leftovers = leftovers_of(facts);
    EXPECT_EQ(leftovers.agents.dust, 1);
    EXPECT_EQ(leftovers.agents.full, 1);
    EXPECT_EQ(leftovers.resources[Resource::cpus].dust, 5);
    EXPECT_EQ(leftovers.resources[Resource::cpus].free, 0);
    EXPECT_EQ(leftovers.resources[Resource::mem].dust, 24'000);
}

TEST(Leftovers, AreGroupedByAttributesAndBySomeFacts) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[)"
         R"({"id":"S0","hostname":"a","attributes":{"rack":"r2"},"resources":{"cpus":1},"used_resources":{}},)"
         R"({"id":"S1","hostname":"b","attributes":{"rack":"r1"},"resources":{"cpus":2},"used_resources":{}},)"
         R"({"id":"S2","hostname":"c","attributes":{"rack":"r2"},"resources":{"cpus":4},"used_resources":{}},)"
         R"({"id":"S3","hostname":"d","active":false,"resources":{"cpus":8},"used_resources":{}}]})"});
    judge_agents(facts, {});
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    const auto racks = group_leftovers(facts.cluster, view, "rack");
    ASSERT_EQ(racks.size(), 3U);
    EXPECT_EQ(racks[0].value, "(none)");
    EXPECT_EQ(racks[1].value, "r1");
    EXPECT_EQ(racks[2].value, "r2");
    EXPECT_EQ(racks[2].leftovers.resources[Resource::cpus].free, 5'000);
    EXPECT_EQ(group_leftovers(facts.cluster, view, "@hostname").size(), 4U);
    EXPECT_EQ(group_leftovers(facts.cluster, view, "@state").at(0).value, "inactive");
    EXPECT_EQ(group_leftovers(facts.cluster, view, "@zone").at(0).value, "(none)");
    EXPECT_EQ(group_leftovers(facts.cluster, view, "nothing").size(), 1U);
}

}  // namespace
}  // namespace caretaker
