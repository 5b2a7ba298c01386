// SPDX-License-Identifier: Apache-2.0
// Why an app fits or does not, agent by agent.
#include "jobs/leftovers/fit_explain_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/explain_table.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

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
              "ok | UnfulfilledRole | something left for it | role *\n"
              "ok | UnfulfilledConstraint | rack=r1 | rack UNLIKE r3\n"
              "ok | AgentMaintenance | no window | no window\n"
              "refused | InsufficientCpus | 1.5 | 2\n"
              "ok | InsufficientMemory | 999 | 512\n"
              "refused | InsufficientPorts | 0 free | any 1\n"
              "ok | DeclinedScarceResources | 0 gpus on offer | no gpus on offer\n");
}

/// The rows of one agent as "verdict check: has; wants".
std::vector<std::string> rows_of(const ClusterFacts& facts, const std::string& host) {
    std::vector<std::string> rows;
    const Table table = make_explain_table(facts, "/a", host);
    for (const auto& row : table.rows) {
        rows.push_back(std::get<std::string>(row[1]) + " " + std::get<std::string>(row[2]) + ": " +
                       std::get<std::string>(row[3]) + "; " + std::get<std::string>(row[4]));
    }
    return rows;
}

void expect_row(const std::vector<std::string>& rows, const std::string& wanted) {
    EXPECT_NE(std::ranges::find(rows, wanted), rows.end())
        << wanted << " is not among\n"
        << fmt::format("{}", fmt::join(rows, "\n"));
}

/// One agent with 1 cpu for all and 2 for the role web, and an app.
ClusterFacts sample_of_roles(const std::string& app) {
    ClusterFacts facts = testing::read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"h","unreserved_resources_full":[)"
         R"({"name":"cpus","scalar":{"value":1}},{"name":"mem","scalar":{"value":999}},)"
         R"({"name":"ports","ranges":{"range":[{"begin":1,"end":9}]}}],)"
         R"("reserved_resources_full":{"web":[{"name":"cpus","role":"web","scalar":{"value":2}}]},)"
         R"("used_resources_full":[]}]})",
         R"({"roles":[{"name":"web","quota":{"limit":{"cpus":3},"consumed":{"cpus":2.5}}}]})",
         R"({"apps":[{"id":"/a","mem":1,)" + app + R"(},{"id":"/z","instances":1,"ports":[0]}]})"});
    judge_agents(facts, {});
    return facts;
}

TEST(Explain, ShowsQuotaAndRoles) {
    const auto rows = rows_of(sample_of_roles(R"("cpus":3,"role":"web")"), "h");
    expect_row(rows, "refused QuotaExhausted: 0.5 cpus left for role web; 1 unreserved");
    expect_row(rows, "ok UnfulfilledRole: something left for it; role web or *");
    expect_row(rows, "ok InsufficientCpus: 3 (marathon_rounding_risk); 3");
    const auto others =
        rows_of(sample_of_roles(R"("cpus":1,"acceptedResourceRoles":["public"])"), "h");
    expect_row(others,
               "refused UnfulfilledRole: nothing left for it; role none that the app's role is "
               "offered");
}

TEST(Explain, NotesPortsThatAnotherAppMayDraw) {
    expect_row(rows_of(sample_of_roles(R"("cpus":1,"ports":[5],"requirePorts":true)"), "h"),
               "ok InsufficientPorts: 9 free (dynamic_port_collision_possible); [5-5]");
}

TEST(Explain, SaysWhatIsNotJudged) {
    const ClusterFacts facts = sample_of_roles(
        R"("cpus":1,"residency":{},"container":{"volumes":[{"containerPath":"d","mode":"RW",)"
        R"("persistent":{"size":9,"type":"mount"}}]})");
    expect_row(rows_of(facts, "h"),
               "not judged InsufficientDisk: not judged; volumes on path or mount disks");
    expect_row(rows_of(facts, ""),
               "not judged InsufficientDisk: not judged; volumes on path or mount disks");
}

TEST(Explain, RefusesWhatDoesNotExist) {
    EXPECT_THROW(make_explain_table(sample(), "/b", ""), UsageError);
    EXPECT_THROW(make_explain_table(sample(), "/a", "nowhere"), UsageError);
    EXPECT_EQ(make_explain_table(sample(), "/a", "").rows.size(), 6U);
}

}  // namespace
}  // namespace caretaker
