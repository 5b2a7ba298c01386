// SPDX-License-Identifier: Apache-2.0
// What quota leaves of what is free.
#include "jobs/leftovers/quota_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/apps_table.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

/// `web` may have 8 cpus and consumes 5; `batch` is guaranteed 4 and consumes 1.
constexpr std::string_view roles =
    R"({"roles":[{"name":"web","quota":{"role":"web","limit":{"cpus":8},"guarantee":{},)"
    R"("consumed":{"cpus":5}}},{"name":"web/a","quota":{"role":"web/a","limit":{"cpus":1},)"
    R"("consumed":{"cpus":1}}},{"name":"batch","quota":{"role":"batch","limit":{},)"
    R"("guarantee":{"cpus":4},"consumed":{"cpus":1}}},{"name":"none"}]})";

/// 9 cpus are free unreserved, 2 of a reservation of 3 for `web`.
constexpr std::string_view agents =
    R"({"slaves":[{"id":"S0","hostname":"h","unreserved_resources_full":[)"
    R"({"name":"cpus","scalar":{"value":11}},{"name":"mem","scalar":{"value":9999}}],)"
    R"("reserved_resources_full":{"web":[{"name":"cpus","role":"web","scalar":{"value":3}}]},)"
    R"("used_resources_full":[{"name":"cpus","scalar":{"value":2}},)"
    R"({"name":"cpus","role":"web","scalar":{"value":1}}]}]})";

ClusterFacts sample(const std::string& role, const std::string& members = "") {
    ClusterFacts facts = testing::read_facts(
        {agents,
         roles,
         R"({"apps":[{"id":"/a","cpus":1,"mem":0,"role":")" + role + "\"" + members + "}]}"});
    judge_agents(facts, {});
    return facts;
}

TEST(Quota, IsReadOfTopLevelRolesAlone) {
    const ClusterFacts facts = sample("web");
    ASSERT_EQ(facts.quotas.size(), 2U);
    EXPECT_EQ(facts.quotas[0].role, "batch");
    EXPECT_EQ(facts.quotas[1].role, "web");
    EXPECT_TRUE(facts.quotas[1].has_limit("cpus"));
    EXPECT_FALSE(facts.quotas[1].has_limit("mem"));
}

TEST(Quota, LeavesTheLimitOrWhatIsNotHeldBackWhicheverIsLess) {
    const ClusterFacts facts = sample("web");
    const std::vector<Milli> free{9'000, 9'999'000, 0, 0};
    EXPECT_EQ(held_back(facts.quotas, "web", "cpus"), 3'000);
    EXPECT_EQ(held_back(facts.quotas, "batch/x", "cpus"), 0);
    EXPECT_EQ(quota_budget(facts.quotas, "web", free)[0], 3'000);
    EXPECT_EQ(quota_budget(facts.quotas, "web/deep", free)[0], 3'000);
    EXPECT_EQ(quota_budget(facts.quotas, "other", free)[0], 6'000);
    EXPECT_EQ(quota_budget(facts.quotas, "batch", free)[0], std::nullopt);
    EXPECT_EQ(quota_budget(facts.quotas, "web", free)[1], std::nullopt);
}

TEST(Quota, CapsWhatFitsAfterReservationsAreUsedUp) {
    ClusterFacts facts = sample("web");
    const AppFit fit = compute_fits(facts, facts.workload).apps.at(0);
    EXPECT_EQ(fit.fits, 5) << "2 of the reservation and 3 of the budget, of 11 free";
    EXPECT_EQ(fit.fits_most, 5);
    EXPECT_TRUE(fit.is_limited_by_quota);
    facts = sample("web", R"(,"acceptedResourceRoles":["web"])");
    EXPECT_EQ(compute_fits(facts, facts.workload).apps.at(0).fits, 2);
    EXPECT_FALSE(compute_fits(facts, facts.workload).apps.at(0).is_limited_by_quota);
    facts = sample("batch");
    EXPECT_EQ(compute_fits(facts, facts.workload).apps.at(0).fits, 9);
    facts = sample("other");
    EXPECT_EQ(compute_fits(facts, facts.workload).apps.at(0).fits, 6);
}

TEST(Quota, IsTheReasonWhereNothingIsLeftOfIt) {
    ClusterFacts facts = sample("web", R"(,"acceptedResourceRoles":["*"])");
    facts.quotas[1].consumed = facts.quotas[1].limit;
    const AppFit fit = compute_fits(facts, facts.workload).apps.at(0);
    EXPECT_EQ(fit.fits, 0);
    EXPECT_EQ(describe_refusals(fit), "QuotaExhausted 1");
}

TEST(Quota, BudgetIsSpentAgentByAgent) {
    const std::array<std::vector<Milli>, scalar_count> free{
        {{5'000, 2'500}, {9'000, 9'000}, {0, 0}, {0, 0}}};
    const std::array<std::vector<Milli>, scalar_count> unreserved{
        {{4'500, 1'000}, {9'000, 9'000}, {0, 0}, {0, 0}}};
    const std::vector<Milli> needs{1'000, 1'000, 0, 0};
    const std::vector<std::int32_t> capacities{5, 2};
    const BudgetedFit fit = fit_budget({Milli{3'500}}, needs, capacities, free, unreserved);
    EXPECT_EQ(fit.fits, 5) << "1 reserved on the second, then 4 on the first for 3.5";
    EXPECT_EQ(fit.most, 5);
    EXPECT_EQ(fit_budget({Milli{0}}, needs, capacities, free, unreserved).fits, 1);
}

TEST(Quota, AndAConstraintTogetherAllowLessThanEither) {
    const auto agent = [](const std::string& id, const std::string& rack, double reserved) {
        return R"({"id":")" + id + R"(","hostname":")" + id + R"(","attributes":{"rack":")" + rack +
               R"("},"unreserved_resources_full":[{"name":"cpus","scalar":{"value":8}},)"
               R"({"name":"mem","scalar":{"value":99}}],"reserved_resources_full":{"web":[)"
               R"({"name":"cpus","role":"web","scalar":{"value":)" +
               std::to_string(reserved) + R"(}}]},"used_resources_full":[]})";
    };
    ClusterFacts facts = testing::read_facts(
        {R"({"slaves":[)" + agent("a1", "A", 1) + "," + agent("a2", "A", 1) + "," +
             agent("b1", "B", 0) + "]}",
         R"({"roles":[{"name":"web","quota":{"limit":{"cpus":2},"consumed":{"cpus":2}}}]})",
         R"({"apps":[{"id":"/u","cpus":1,"mem":0,"role":"web","constraints":[["rack","UNIQUE"]]}]})"});
    judge_agents(facts, {});
    const AppFit fit = compute_fits(facts, facts.workload).apps.at(0);
    EXPECT_EQ(fit.fits, 1) << "in rack A from a reservation; rack B has none, and nothing is left";
    EXPECT_EQ(fit.fits_most, 1);
    EXPECT_FALSE(fit.is_order_dependent);
    EXPECT_TRUE(fit.is_limited_by_quota);
}

}  // namespace
}  // namespace caretaker
