// SPDX-License-Identifier: Apache-2.0
// Pods in the documents of a Marathon: their instances count as those of apps do.
#include "jobs/leftovers/pod_documents.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

/// 4 cpus on each of three hosts.
constexpr std::string_view three_agents = R"({"slaves":[
 {"id":"S0","hostname":"h0","resources":{"cpus":4,"mem":4000,"disk":100}},
 {"id":"S1","hostname":"h1","resources":{"cpus":4,"mem":4000,"disk":100}},
 {"id":"S2","hostname":"h2","resources":{"cpus":4,"mem":4000,"disk":100}}]})";

/// One cpu and its executor, on each host once, wanted twice.
constexpr std::string_view spec = R"({"id":"/web","version":"2026-01-02T00:00:00.000Z",
 "containers":[{"name":"c","resources":{"cpus":1,"mem":100}}],
 "scaling":{"kind":"fixed","instances":2},
 "scheduling":{"placement":{"constraints":[{"fieldName":"hostname","operator":"UNIQUE"}]}},
 "executorResources":{"cpus":0.1,"mem":32,"disk":10}})";

std::string instance_on(int host, std::string_view more = R"(,"status":"STABLE")") {
    return fmt::format(R"({{"id":"web.instance-{}","agentHostname":"h{}"{}}})", host, host, more);
}

std::string status_of(const std::string& instances) {
    return fmt::format(R"({{"id":"/web","spec":{},"instances":[{}]}})", spec, instances);
}

ClusterFacts facts_with(const std::string& pods) {
    ClusterFacts facts = testing::read_facts({pods, three_agents});
    judge_agents(facts, {});
    return facts;
}

TEST(Pods, AreAppsWhoseInstancesAreTasks) {
    const ClusterFacts facts =
        facts_with("[" + status_of(instance_on(0) + "," + instance_on(2)) + "]");
    EXPECT_TRUE(facts.unread.empty());
    EXPECT_TRUE(facts.workload.is_known);
    ASSERT_EQ(facts.workload.apps.size(), 1U);
    const auto placed = collect_instances(facts.cluster, facts.workload);
    EXPECT_EQ(placed[0].running, 2);
    EXPECT_EQ(placed[0].counted, (InstancesByAgent{{0, 1}, {2, 1}}));
    const AppFit fit = compute_fits(facts, facts.workload).apps[0];
    EXPECT_EQ(fit.fits, 1) << "once on the host that has none";
    EXPECT_EQ(fit.local_fits, 9);
}

TEST(Pods, CountInstancesOfFormerVersions) {
    const ClusterFacts facts = facts_with(
        "[" +
        status_of(instance_on(
            0,
            R"(,"status":"STABLE","specReference":"/v2/pods/web::versions/2025-01-01T00:00:00.000Z")")) +
        "]");
    EXPECT_EQ(collect_instances(facts.cluster, facts.workload)[0].counted,
              (InstancesByAgent{{0, 1}}))
        << "a pod that was scaled has a new version, too, and nothing tells which it was";
}

TEST(Pods, RestartBesideTheirOldInstances) {
    const ClusterFacts facts =
        facts_with("[" + status_of(instance_on(0) + "," + instance_on(1)) + "]");
    const auto placed = collect_instances(facts.cluster, facts.workload);
    const Fits fits = compute_fits(facts, facts.workload, placed);
    const auto restarts = judge_rolling(facts, facts.workload, placed, fits);
    ASSERT_EQ(restarts.size(), 1U);
    EXPECT_EQ(restarts[0].room, 2) << "new instances do not count old ones for UNIQUE";
    EXPECT_FALSE(restarts[0].is_blocked());
}

TEST(Pods, AreReadFromASavedCaseAndFromTheirDefinitionsAlone) {
    const ClusterFacts saved = facts_with(R"({"pods":[)" + status_of(instance_on(1)) + "]}");
    EXPECT_EQ(collect_instances(saved.cluster, saved.workload)[0].running, 1);
    const ClusterFacts defined = facts_with(fmt::format("\n [{}]", spec));
    ASSERT_EQ(defined.workload.apps.size(), 1U);
    EXPECT_EQ(defined.workload.apps[0].instances, 2);
    EXPECT_TRUE(defined.workload.tasks.empty());
}

TEST(Pods, CountOnceWhereTheListOfTasksTellsTheirContainers) {
    const std::string pods = "[" + status_of(instance_on(0)) + "]";
    const ClusterFacts facts = testing::read_facts(
        {R"({"tasks":[{"id":"web.instance-0.c","appId":"/web","slaveId":"S0","host":"h0"},)"
         R"({"id":"a.1","appId":"/a","slaveId":"S0","host":"h0"}]})",
         pods,
         pods,
         three_agents});
    ASSERT_EQ(facts.workload.apps.size(), 1U) << "an answer that came twice";
    ASSERT_EQ(facts.workload.tasks.size(), 2U);
    EXPECT_EQ(facts.workload.tasks[0].app, "/a");
    EXPECT_EQ(facts.workload.tasks[1].app, "/web");
}

TEST(Pods, WaitInTheQueue) {
    const ClusterFacts facts = testing::read_facts(
        {"[" + status_of("") + "]", R"({"queue":[{"count":2,"pod":{"id":"/web"}}]})"});
    EXPECT_EQ(facts.workload.waiting.at("/web"), 2);
}

TEST(Pods, ThatCannotBeReadHideNoOthers) {
    const ClusterFacts facts = testing::read_facts(
        {R"([{"id":"/odd","spec":{"id":"/odd","containers":{}}},)" +
         status_of(instance_on(0) + "," + instance_on(1, R"(,"status":"WELL")")) + "]"});
    ASSERT_EQ(facts.unread.size(), 2U);
    EXPECT_EQ(facts.unread[0].subject, "pod /odd");
    EXPECT_EQ(facts.unread[1].subject, "instance web.instance-1");
    EXPECT_NE(facts.unread[1].message.find("is no state of an instance"), std::string::npos)
        << facts.unread[1].message;
    EXPECT_EQ(facts.workload.apps.size(), 1U);
    EXPECT_EQ(facts.workload.tasks.size(), 1U);
}

TEST(Pods, AreNoneOfOtherLists) {
    const ClusterFacts facts = testing::read_facts(
        {R"([{"id":"5ed4c0c5","steps":[]},3,"x",null,[],{"name":"job","container":{}}])"});
    EXPECT_TRUE(facts.unread.empty());
    EXPECT_FALSE(facts.workload.is_known);
}

}  // namespace
}  // namespace caretaker
