// SPDX-License-Identifier: Apache-2.0
// The checker of restarts: what the planner finds stands, and what would not work is refused.
#include "jobs/leftovers/plan_check_restart_model.hpp"

#include "jobs/leftovers/plan_verdict_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

using testing::app_of;
using testing::cluster_of;
using testing::plan_of;
using testing::run_on;

RestartStep stop(std::size_t old, std::size_t restart = 0) {
    return {.restart = restart, .is_stop = true, .instance = old};
}

RestartStep start(std::size_t fresh, std::size_t restart = 0) {
    return {.restart = restart, .instance = fresh};
}

MarathonApp changed(MarathonApp app, Milli health, Milli over) {
    app.mem = 2'000;
    app.min_health = health;
    app.over_capacity = over;
    return app;
}

std::string check(const PlanScene& scene,
                  const std::vector<PlacedInstance>& placed,
                  const std::vector<RestartStep>& steps) {
    return check_restarts(scene, placed, steps).value_or("right");
}

TEST(PlanRestartChecker, FindsEachKindOfMistake) {
    ClusterFacts facts = cluster_of({{.cpus = 5, .used = 4, .used_mem = 2}});
    facts.workload.apps.push_back(app_of("/a", 2, 2));
    run_on(facts, "/a", 0);
    run_on(facts, "/a", 0);
    const PlanScene scene = apply_plan(facts, plan_of({changed(app_of("/a", 2, 2), 500, 500)}));
    const auto check = [&](const std::vector<RestartStep>& steps) {
        return caretaker::check(scene, {{0, 0, {}}, {0, 0, {}}}, steps);
    };
    EXPECT_EQ(check({stop(0), start(0), stop(1), start(1)}), "right");
    EXPECT_EQ(check({start(0), stop(0), stop(1), start(1)}), "h0 has too little cpus");
    EXPECT_EQ(check({stop(0), stop(1), start(0), start(1)}), "too many old instances of /a stop");
    EXPECT_EQ(check({start(0), start(1), stop(0), stop(1)}), "too many instances of /a run");
    EXPECT_EQ(check({stop(0), stop(0)}), "an old instance of /a stops twice");
    EXPECT_EQ(check({stop(0), start(1)}), "new instances start in another order");
    EXPECT_EQ(check({stop(0), start(0)}), "the restart of /a does not end");
}

/// /a on h1, which is in another region than the master.
ClusterFacts running_abroad(const MarathonApp& app) {
    ClusterFacts facts =
        cluster_of({{.cpus = 1, .used = 1}, {.cpus = 4, .used = 1, .used_mem = 1}});
    facts.cluster.home_region = facts.cluster.attribute_values.add("eu");
    facts.cluster.agents[0].region = facts.cluster.home_region;
    facts.cluster.agents[1].region = facts.cluster.attribute_values.add("us");
    facts.workload.apps.push_back(app);
    run_on(facts, "/a", 1);
    return facts;
}

TEST(PlanRestartChecker, LetsAppsRestartInAnotherRegionThatNameOne) {
    MarathonApp app = app_of("/a", 1, 1);
    app.constraints = {{"@region", "IS", "us"}};
    const ClusterFacts facts = running_abroad(app);
    const PlanScene scene = apply_plan(facts, plan_of({changed(app, 1000, 1000)}));
    EXPECT_EQ(check(scene, {{0, 1, {}}}, {start(0), stop(0)}), "right");
    const PlanResult result = judge_plan(scene, {});
    EXPECT_EQ(result.verdict, PlanVerdict::feasible) << result.reason;
}

TEST(PlanRestartChecker, KeepsOtherAppsAtHome) {
    const MarathonApp app = app_of("/a", 1, 1);
    const ClusterFacts facts = running_abroad(app);
    const PlanScene scene = apply_plan(facts, plan_of({changed(app, 1000, 1000)}));
    EXPECT_EQ(check(scene, {{0, 1, {}}}, {start(0), stop(0)}),
              "h1 is in another region than /a may go");
    EXPECT_EQ(judge_plan(scene, {}).verdict, PlanVerdict::infeasible);
}

/// Old instances do not count for the constraints of new ones (which are checked as a whole).
TEST(PlanRestartChecker, LetsNewInstancesStandBesideOldOnesOfTheirHost) {
    MarathonApp app = app_of("/a", 1, 1);
    app.constraints = {{"hostname", "UNIQUE", {}}};
    ClusterFacts facts = cluster_of({{.cpus = 4, .used = 1, .used_mem = 1}});
    facts.workload.apps.push_back(app);
    run_on(facts, "/a", 0);
    const PlanScene scene = apply_plan(facts, plan_of({changed(app, 1000, 1000)}));
    EXPECT_EQ(check(scene, {{0, 0, {}}}, {start(0), stop(0)}), "right");
}

/// 2 unreserved cpus, and 2 of `web`; in use: so many of each.
ClusterFacts reserving(int used, int used_of_web, AcceptedRoles accepted) {
    const auto entry = [](std::string_view name, int value, std::string_view role) {
        return fmt::format(
            R"({{"name":"{}","scalar":{{"value":{}}},"role":"{}"}})", name, value, role);
    };
    ClusterFacts facts = testing::read_facts({fmt::format(
        R"({{"slaves":[{{"id":"S0","hostname":"h0","unreserved_resources_full":[{},{}],)"
        R"("reserved_resources_full":{{"web":[{},{}]}},"used_resources_full":[{},{},{},{}]}}]}})",
        entry("cpus", 2, "*"),
        entry("mem", 1'000, "*"),
        entry("cpus", 2, "web"),
        entry("mem", 1'000, "web"),
        entry("cpus", used, "*"),
        entry("mem", used, "*"),
        entry("cpus", used_of_web, "web"),
        entry("mem", used_of_web, "web"))});
    facts.workload.is_known = true;
    facts.workload.settings = {.role = "web", .accepted = accepted};
    judge_agents(facts, {});
    return facts;
}

/// Else the old instance of /a would count as one in the reservation, where that of /b is.
TEST(PlanRestartChecker, LooksForOldInstancesWhereTheUsualRolesAre) {
    ClusterFacts facts = reserving(2, 1, AcceptedRoles::unreserved);
    const MarathonApp a = app_of("/a", 2, 1);
    MarathonApp b = app_of("/b", 1, 1);
    b.accepted_roles = {"web"};
    facts.workload.apps = {a, b};
    run_on(facts, "/a", 0);
    run_on(facts, "/b", 0);
    const PlanScene scene = apply_plan(facts, plan_of({changed(a, 0, 0), changed(b, 1000, 1000)}));
    EXPECT_EQ(
        check(scene, {{1, 0, {}}, {0, 0, {}}}, {start(0, 1), stop(0, 1), stop(0, 0), start(1, 0)}),
        "right");
    const PlanResult result = judge_plan(scene, {});
    EXPECT_EQ(result.verdict, PlanVerdict::feasible) << result.reason;
}

TEST(PlanRestartChecker, FindsThatTheUsualRolesLeaveNoRoomBesideOldInstances) {
    const auto judge = [](AcceptedRoles accepted, int used, int used_of_web) {
        ClusterFacts facts = reserving(used, used_of_web, accepted);
        const MarathonApp a = app_of("/a", 2, 1);
        facts.workload.apps = {a};
        run_on(facts, "/a", 0);
        const PlanScene scene = apply_plan(facts, plan_of({changed(a, 1000, 1000)}));
        return check(scene, {{0, 0, {}}}, {start(0), stop(0)});
    };
    EXPECT_EQ(judge(AcceptedRoles::any, 0, 2), "right");
    EXPECT_EQ(judge(AcceptedRoles::unreserved, 2, 0), "h0 has too little cpus");
    EXPECT_EQ(judge(AcceptedRoles::reserved, 0, 2), "h0 has too little cpus");
}

}  // namespace
}  // namespace caretaker
