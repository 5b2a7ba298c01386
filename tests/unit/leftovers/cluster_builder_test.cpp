// SPDX-License-Identifier: Apache-2.0
// From documents to the flat cluster: what is repeated, hidden, or only known as a sum.
#include "jobs/leftovers/cluster_builder.hpp"

#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using testing::read_facts;
using testing::reserved_agent;

std::string summed_agent(const std::string& members) {
    return R"({"slaves":[{"id":"S0","hostname":"h",)" + members + "}]}";
}

const Pool& pool_of(const ClusterFacts& facts, Resource resource, std::uint32_t stack) {
    for (const Pool& pool : facts.cluster.pools_of(facts.cluster.agents.at(0))) {
        if (pool.resource == resource && pool.stack == stack) {
            return pool;
        }
    }
    throw std::logic_error("no such pool");
}

TEST(ClusterBuilder, KeepsPoolsApartByReservationAndOversubscription) {
    const ClusterFacts facts = read_facts({reserved_agent});
    const Cluster& cluster = facts.cluster;
    ASSERT_EQ(cluster.agents.size(), 1U);
    ASSERT_EQ(cluster.stacks.size(), 3U);
    EXPECT_EQ(cluster.stacks[1].role(), "logs");
    EXPECT_EQ(cluster.stacks[2].role(), "logs/es");
    EXPECT_TRUE(cluster.stacks[2].is_refined);
    EXPECT_EQ(cluster.pools_of(cluster.agents[0]).size(), 8U);
    for (const Pool& pool : cluster.pools_of(cluster.agents[0])) {
        EXPECT_EQ(pool.total, pool.used + pool.left);
    }
    EXPECT_FALSE(cluster.agents[0].has_negative_rest);
}

TEST(ClusterBuilder, TakesEntriesForOnePoolWhoeverTheyAreAllocatedTo) {
    const ClusterFacts facts = read_facts({summed_agent(
        R"("unreserved_resources_full":[{"name":"cpus","scalar":{"value":4}}],)"
        R"("used_resources_full":[{"name":"cpus","scalar":{"value":1},"allocation_info":{"role":"a"}},)"
        R"({"name":"cpus","scalar":{"value":0.5},"allocation_info":{"role":"b"}}])")});
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).left, 2'500);
}

TEST(ClusterBuilder, ClampsANegativeRestAndSaysSo) {
    const ClusterFacts facts = read_facts(
        {summed_agent(R"("unreserved_resources_full":[{"name":"cpus","scalar":{"value":4}}],)"
                      R"("used_resources_full":[{"name":"cpus","scalar":{"value":5}}])")});
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).left, 0);
    EXPECT_TRUE(facts.cluster.agents[0].has_negative_rest);
    const ClusterFacts ports = read_facts({summed_agent(
        R"("unreserved_resources_full":[{"name":"ports","ranges":{"range":[{"begin":1,"end":3}]}}],)"
        R"("used_resources_full":[{"name":"ports","ranges":{"range":[{"begin":3,"end":4}]}}])")});
    EXPECT_EQ(pool_of(ports, Resource::ports, 0).left, 2'000);
    EXPECT_TRUE(ports.cluster.agents[0].has_negative_rest);
}

TEST(ClusterBuilder, LeavesASharedVolumeOnOfferWhileItIsInUse) {
    const std::string entry =
        R"({"name":"disk","scalar":{"value":9},"shared":{},"disk":{"persistence":{"id":"v"}}})";
    const ClusterFacts facts =
        read_facts({summed_agent(R"("unreserved_resources_full":[)" + entry +
                                 R"(],"used_resources_full":[)" + entry + "]")});
    EXPECT_EQ(pool_of(facts, Resource::disk, 0).left, 9'000);
    EXPECT_FALSE(facts.cluster.agents[0].has_negative_rest);
}

TEST(ClusterBuilder, CountsWhatTheReaderMayNotSeeForNobody) {
    const ClusterFacts facts = read_facts(
        {summed_agent(R"("resources":{"cpus":6,"mem":0.005},"used_resources":{"cpus":2},)"
                      R"("unreserved_resources_full":[{"name":"cpus","scalar":{"value":4}}],)"
                      R"("used_resources_full":[{"name":"cpus","scalar":{"value":1}}])")});
    const AgentRow& agent = facts.cluster.agents.at(0);
    EXPECT_TRUE(agent.hides_roles);
    ASSERT_EQ(facts.cluster.stacks.size(), 2U) << "5 of a thousandth MB are rounding";
    EXPECT_TRUE(facts.cluster.stacks[1].is_hidden);
    EXPECT_EQ(pool_of(facts, Resource::cpus, 1).total, 2'000);
    EXPECT_EQ(pool_of(facts, Resource::cpus, 1).left, 1'000);
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).left, 3'000);
}

TEST(ClusterBuilder, TellsBothEndsOfWhatSumsLeaveOpen) {
    const ClusterFacts facts =
        read_facts({summed_agent(R"("resources":{"cpus":12},"used_resources":{"cpus":6},)"
                                 R"("reserved_resources":{"logs":{"cpus":5}})")});
    const Pool& open = pool_of(facts, Resource::cpus, 0);
    EXPECT_EQ(open.left, 1'000);
    EXPECT_EQ(open.left + open.slack, 6'000);
    EXPECT_FALSE(facts.cluster.agents[0].is_exact);
}

TEST(ClusterBuilder, KnowsSumsWithoutReservationsExactly) {
    const ClusterFacts facts = read_facts(
        {summed_agent(R"("resources":{"cpus":12,"cpus_revocable":3,"ports":"[1-4]"},)"
                      R"("used_resources":{"cpus":6,"cpus_revocable":1,"ports":"[2-2]"})")});
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).left, 6'000);
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).slack, 0);
    EXPECT_EQ(pool_of(facts, Resource::ports, 0).left, 3'000);
    EXPECT_TRUE(facts.cluster.agents[0].is_exact);
    const auto pools = facts.cluster.pools_of(facts.cluster.agents[0]);
    EXPECT_EQ(pools[1].left, 2'000);
    EXPECT_TRUE(pools[1].is_revocable);
}

TEST(ClusterBuilder, AddsUpTasksWhereTheMasterTellsNoSums) {
    const std::string state =
        R"({"frameworks":[{"tasks":[)"
        R"({"slave_id":"S0","state":"TASK_RUNNING","resources":{"cpus":1,"ports":"[1-1]"}},)"
        R"({"slave_id":"S0","state":"TASK_STAGING","resources":{"cpus":0.5}},)"
        R"({"slave_id":"S0","state":"TASK_FINISHED","resources":{"cpus":1}},)"
        R"({"slave_id":"S1","state":"TASK_RUNNING","resources":{"cpus":1}}],)"
        R"("executors":[{"slave_id":"S0","resources":{"cpus":0.25}},{"resources":[]}]}],)"
        R"("slaves":[{"id":"S0","hostname":"h","resources":{"cpus":4,"ports":"[1-3]"}}]})";
    const ClusterFacts facts = read_facts({state});
    EXPECT_EQ(pool_of(facts, Resource::cpus, 0).used, 1'750);
    EXPECT_EQ(pool_of(facts, Resource::ports, 0).left, 2'000);
}

TEST(ClusterBuilder, TakesTheDetailedFormOfAnAgentThatDocumentsRepeat) {
    const std::string sums =
        R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":1},"used_resources":{}}],)"
        R"("recovered_slaves":[{"id":"S0","hostname":"h1"}]})";
    for (const auto& documents :
         {std::pair<std::string_view, std::string_view>(sums, reserved_agent),
          std::pair<std::string_view, std::string_view>(reserved_agent, sums)}) {
        const ClusterFacts facts = read_facts({documents.first, documents.second});
        ASSERT_EQ(facts.cluster.agents.size(), 1U);
        EXPECT_EQ(pool_of(facts, Resource::cpus, 0).total, 10'000);
        EXPECT_EQ(facts.listed_twice, 0);
    }
}

TEST(ClusterBuilder, TakesTheOneRegisteredLastOfTwoInADocument) {
    const ClusterFacts facts = read_facts(
        {R"({"slaves":[)"
         R"({"id":"S0","hostname":"new","registered_time":9,"resources":{},"used_resources":{}},)"
         R"({"id":"S0","hostname":"old","registered_time":3,"resources":{},"used_resources":{}}]})"});
    ASSERT_EQ(facts.cluster.agents.size(), 1U);
    EXPECT_EQ(facts.cluster.agents[0].hostname, "new");
    EXPECT_EQ(facts.listed_twice, 1);
}

TEST(ClusterBuilder, OrdersAgentsByHostNameAndId) {
    const ClusterFacts facts =
        read_facts({R"({"slaves":[{"id":"S2","hostname":"b"},{"id":"S1","hostname":"b"},)"
                    R"({"id":"S3","hostname":"a"}]})"});
    ASSERT_EQ(facts.cluster.agents.size(), 3U);
    EXPECT_EQ(facts.cluster.agents[0].id, "S3");
    EXPECT_EQ(facts.cluster.agents[1].id, "S1");
    EXPECT_EQ(facts.cluster.agents[2].id, "S2");
}

TEST(DocumentReader, LeavesOutAnAgentThatCannotBeReadAndKeepsTheOthers) {
    const ClusterFacts facts =
        read_facts({R"({"slaves":[{"id":"S0","hostname":"bad","resources":{"cpus":-4}},5,)"
                    R"({"id":"S1","hostname":"good","resources":{"cpus":4}}]})"});
    ASSERT_EQ(facts.cluster.agents.size(), 1U);
    ASSERT_EQ(facts.unread.size(), 2U);
    EXPECT_EQ(facts.unread[0].subject, "agent bad");
    EXPECT_EQ(facts.unread[1].subject, "agent $.slaves[1]");
}

TEST(DocumentReader, TellsAFlagThatItCannotRead) {
    const ClusterFacts facts = read_facts(
        {R"({"get_flags":{"flags":[{"name":"min_allocatable_resources","value":"x"}]}})"});
    ASSERT_EQ(facts.unread.size(), 1U);
    EXPECT_EQ(facts.flags.min_allocatable.size(), 2U) << "Mesos' default";
}

TEST(DocumentReader, KnowsWhatItCanUse) {
    DocumentReader reader(OfferedResources::are_free);
    EXPECT_FALSE(reader.read(testing::source_of(R"({"master/elected":1})"), "test"));
    EXPECT_FALSE(reader.has_agents());
    EXPECT_TRUE(reader.read(
        testing::source_of(R"({"recovered_slaves":[{"id":"S0","hostname":"h"}]})"), "test"));
    EXPECT_TRUE(reader.has_agents());
    EXPECT_TRUE(reader.read(
        testing::source_of(R"({"caretaker_case":{"now":"2026-05-04T03:15:07Z"}})"), "test"));
    EXPECT_TRUE(reader.saved_time());
}

TEST(DocumentReader, ForgetsWhatWasReadAfterAMark) {
    DocumentReader reader(OfferedResources::are_free);
    const auto read = [&](std::string_view text) { reader.read(testing::source_of(text), "test"); };
    read(R"({"apps":[{"id":"/a"}]})");
    const DocumentReader::Mark mark = reader.mark();
    read(R"({"slaves":[{"id":"S0","hostname":"h","attributes":{"a":"b"},)"
         R"("resources":{"cpus":1,"ports":"[1-2]"},"used_resources":{}},{"id":7}],)"
         R"("unreachable_slaves":4,"version":"1.9.0"})");
    read(R"({"windows":[{"machine_ids":[{"hostname":"h"}],)"
         R"("unavailability":{"start":{"nanoseconds":1}}}]})");
    read(R"({"roles":[{"name":"r","quota":{"limit":{"cpus":1}}}]})");
    read(R"({"flags":{"min_allocatable_resources":"cpus:1"}})");
    read(R"({"apps":[{"id":"/b"}]})");
    EXPECT_TRUE(reader.has_agents());
    reader.rewind(mark);
    EXPECT_FALSE(reader.has_agents());
    read(R"({"slaves":[],"recovered_slaves":[{"id":"S0","hostname":"h"}]})");
    const ClusterFacts facts = reader.finish();
    ASSERT_EQ(facts.cluster.agents.size(), 1U);
    EXPECT_EQ(facts.cluster.agents[0].state, AgentState::recovered);
    EXPECT_TRUE(facts.cluster.pools.empty());
    EXPECT_TRUE(facts.cluster.attributes.empty());
    EXPECT_TRUE(facts.windows.empty());
    EXPECT_TRUE(facts.quotas.empty());
    EXPECT_TRUE(facts.unread.empty());
    EXPECT_EQ(facts.unreachable, std::nullopt);
    EXPECT_EQ(facts.mesos_version, "");
    EXPECT_EQ(facts.flags.min_allocatable.size(), 2U);
    ASSERT_EQ(facts.workload.apps.size(), 1U);
    EXPECT_EQ(facts.workload.apps[0].id, "/a");
}

TEST(ClusterBuilder, SortsAttributesByName) {
    const auto names = [](const std::string& attributes) {
        const ClusterFacts facts = read_facts({summed_agent(R"("attributes":)" + attributes)});
        std::string text;
        for (const AgentAttribute& one : facts.cluster.attributes_of(facts.cluster.agents[0])) {
            text += facts.cluster.attribute_names.name(one.name);
        }
        return text;
    };
    EXPECT_EQ(names(R"({"b":"1","a":"2"})"), "ab");
    EXPECT_EQ(names(R"({"a":"2","b":"1"})"), "ab");
}

}  // namespace
}  // namespace caretaker
