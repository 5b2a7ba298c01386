// SPDX-License-Identifier: Apache-2.0
// Measures of how scattered what is left is, by hand.
#include "jobs/leftovers/fragmentation_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

/// Agents of 8 cpus and 32768 MB with so much free.
ClusterFacts cluster_of(const std::vector<std::pair<int, int>>& free) {
    std::string text = R"({"slaves":[)";
    for (std::size_t i = 0; i < free.size(); ++i) {
        text +=
            fmt::format(R"({}{{"id":"S{}","hostname":"h{}","resources":{{"cpus":8,"mem":32768}},)"
                        R"("used_resources":{{"cpus":{},"mem":{}}}}})",
                        i == 0 ? "" : ",",
                        i,
                        i,
                        8 - free[i].first,
                        32'768 - free[i].second);
    }
    ClusterFacts facts = testing::read_facts({text + "]}"});
    judge_agents(facts, {});
    return facts;
}

/// /s of 1 cpu and 1024 MB three times, /l of 4 and 8192 once; where they run does not matter.
void run_mix(ClusterFacts& facts) {
    Workload& workload = facts.workload;
    workload.is_known = true;
    workload.apps = {{.id = "/s", .cpus = 1'000, .mem = 1'024'000},
                     {.id = "/l", .cpus = 4'000, .mem = 8'192'000}};
    for (const char* app : {"/s", "/s", "/s", "/l"}) {
        workload.tasks.push_back({.id = fmt::format("t{}", workload.tasks.size()),
                                  .app = app,
                                  .agent = "S0",
                                  .state = "TASK_RUNNING"});
    }
}

TEST(Fragmentation, IsWhatTheWorkedExampleSays) {
    ClusterFacts facts = cluster_of({{6, 4'096}, {1, 24'576}, {3, 9'216}});
    run_mix(facts);
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    const Fits fits = compute_fits(facts, facts.workload);
    const Fragmentation found = measure_fragmentation(facts.cluster, view, &fits);
    EXPECT_EQ(fits.index_millionths, 400'000);
    EXPECT_EQ(found.usable, 3);
    EXPECT_EQ(found.fragmented, 0);
    EXPECT_EQ(found.cpus_skew, 575'000);
    EXPECT_EQ(found.mem_skew, 540'541);
    EXPECT_EQ(found.imbalance_max, 625'000);
    EXPECT_EQ(found.imbalance_p95, 625'000);
    EXPECT_EQ(found.imbalance_mean, 447'916);
    EXPECT_EQ(imbalance_of(facts.cluster, view, 2), 93'750);
    Leftovers leftovers = sum_leftovers(facts.cluster, view);
    set_expected(facts.cluster, view, fits, leftovers);
    EXPECT_EQ(leftovers.resources[cpus].expected, 2'500) << "/l fits nowhere: a quarter of 10";
    EXPECT_EQ(leftovers.resources[mem].expected, 9'472'000);
    EXPECT_EQ(leftovers.resources[cpus].largest, 6'000);
}

TEST(Fragmentation, CountsAgentsWhereNothingFits) {
    ClusterFacts facts = cluster_of({{0, 4'096}, {2, 4'096}});
    run_mix(facts);
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    const Fits fits = compute_fits(facts, facts.workload);
    const Fragmentation found = measure_fragmentation(facts.cluster, view, &fits);
    EXPECT_EQ(found.usable, 1);
    EXPECT_EQ(found.fragmented, 1);
}

TEST(Fragmentation, IsUnknownOfWhatIsNotThere) {
    const ClusterFacts facts = testing::read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1},"used_resources":{}}]})"});
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    const Fragmentation found = measure_fragmentation(facts.cluster, view, nullptr);
    EXPECT_EQ(found.usable, std::nullopt);
    EXPECT_EQ(found.mem_skew, std::nullopt);
    EXPECT_EQ(found.imbalance_mean, std::nullopt);
    EXPECT_EQ(imbalance_of(facts.cluster, view, 0), std::nullopt);
}

TEST(Groups, GoByTwoAttributesAndByClass) {
    const ClusterFacts facts = cluster_of({{8, 1}, {7, 2}});
    const RoleView view = view_by_role(facts.cluster, facts.flags, {});
    const auto classes = group_leftovers(facts.cluster, view, "@class");
    ASSERT_EQ(classes.size(), 1U);
    EXPECT_EQ(classes[0].value, "cpus=8 mem=32768");
    const auto both = group_leftovers(facts.cluster, view, "@hostname,rack");
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].value, "h0,(none)");
    EXPECT_EQ(find_missing_group(facts.cluster, "@hostname,@state"), std::nullopt);
    EXPECT_NE(find_missing_group(facts.cluster, "@hostname,rack"), std::nullopt);
    EXPECT_NE(find_missing_group(facts.cluster, "class"), std::nullopt);
}

}  // namespace
}  // namespace caretaker
