// SPDX-License-Identifier: Apache-2.0
// Why an app fits or does not, agent by agent.
#include "jobs/leftovers/fit_explain_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/explain_table.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

ClusterFacts sample() {
    ClusterFacts facts = testing::read_facts(
        {R"({"slaves":[)"
         R"({"id":"S0","hostname":"far","attributes":{"rack":"r1"},"resources":{"cpus":0.5,"mem":10},"used_resources":{}},)"
         R"({"id":"S1","hostname":"near","attributes":{"rack":"r1"},"resources":{"cpus":1.5,"mem":999},"used_resources":{}},)"
         R"({"id":"S2","hostname":"good","attributes":{"rack":"r2"},"resources":{"cpus":4,"mem":999,"ports":"[1-9]"},"used_resources":{}}]})",
         R"({"apps":[{"id":"/a","cpus":2,"mem":512,"constraints":[["rack","UNLIKE","r3"]],"ports":[1]}]})"});
    judge_agents(facts, {});
    return facts;
}

TEST(Explain, PutsTheAgentsThatComeClosestFirst) {
    const ClusterFacts facts = sample();
    const auto closest = explain_closest(facts, facts.workload, 0, 2);
    ASSERT_EQ(closest.size(), 2U);
    EXPECT_EQ(facts.cluster.agents[closest[0].agent].hostname, "good");
    EXPECT_EQ(closest[0].failed, 0);
    EXPECT_EQ(facts.cluster.agents[closest[1].agent].hostname, "near");
    EXPECT_EQ(closest[1].failed, 2);
    EXPECT_EQ(closest[1].missing_permille, 250);
}

TEST(Explain, ShowsBothSidesOfEachCheck) {
    const Table table = make_explain_table(sample(), "/a", "near");
    std::string text;
    for (const auto& row : table.rows) {
        for (std::size_t i = 1; i < row.size(); ++i) {
            text += std::get<std::string>(row[i]) + (i + 1 == row.size() ? "\n" : " | ");
        }
    }
    EXPECT_EQ(text,
              "ok | Unavailable | placeable | placeable\n"
              "ok | Dust | enough for an offer | an offer\n"
              "ok | UnfulfilledConstraint | rack=r1 | rack UNLIKE r3\n"
              "ok | AgentMaintenance | no window | no window\n"
              "refused | InsufficientCpus | 1.5 | 2\n"
              "ok | InsufficientMemory | 999 | 512\n"
              "refused | InsufficientPorts | 0 free | any 1\n"
              "ok | DeclinedScarceResources | 0 gpus free | no gpus free\n");
}

TEST(Explain, RefusesWhatDoesNotExist) {
    EXPECT_THROW(make_explain_table(sample(), "/b", ""), UsageError);
    EXPECT_THROW(make_explain_table(sample(), "/a", "nowhere"), UsageError);
    EXPECT_EQ(make_explain_table(sample(), "/a", "").rows.size(), 6U);
}

}  // namespace
}  // namespace caretaker
