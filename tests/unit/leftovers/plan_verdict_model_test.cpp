// SPDX-License-Identifier: Apache-2.0
// Verdicts about plans, by hand.
#include "jobs/leftovers/plan_verdict_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/plan_check_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::app_of;
using testing::cluster_of;
using testing::plan_of;
using testing::run_on;
using testing::SmallAgent;

PlanResult judge(const ClusterFacts& facts, const WhatIfPlan& plan, const PlanRules& rules = {}) {
    const PlanScene scene = apply_plan(facts, plan);
    PlanResult result = judge_plan(scene, rules);
    if (result.verdict == PlanVerdict::feasible) {
        EXPECT_EQ(check_placing(scene.facts, scene.wanted, result.placed), std::nullopt);
    }
    return result;
}

TEST(PlanVerdict, IsFeasibleWithAPlacingThatShowsIt) {
    const PlanResult result =
        judge(cluster_of({{.used = 5}, {.used = 2}}), plan_of({app_of("/a", 3, 3)}));
    EXPECT_EQ(result.verdict, PlanVerdict::feasible);
    EXPECT_EQ(result.placed.size(), 3U);
    EXPECT_EQ(result.proof, "witness");
    EXPECT_EQ(result.found_by, PlacingPolicy::best_fit_decreasing);
}

/// Best fit puts /one where it leaves the least, and with it takes one place of two for /four.
TEST(PlanVerdict, IsFoundByWhatKeepsRoomForWhatRuns) {
    ClusterFacts facts = cluster_of({{.used = 3}, {.used = 4}});
    facts.workload.apps.push_back(app_of("/four", 4, 2));
    run_on(facts, "/four", 0);
    run_on(facts, "/four", 1);
    const WhatIfPlan plan = plan_of({app_of("/one", 1, 1), app_of("/four", 4, 4)});
    const PlanResult by_gradient = judge(facts, plan, {.policy = PlacingPolicy::fgd});
    EXPECT_EQ(by_gradient.verdict, PlanVerdict::feasible);
    EXPECT_EQ(by_gradient.found_by, PlacingPolicy::fgd);
    EXPECT_EQ(by_gradient.policies.size(), 1U);
    const PlanResult by_fit = judge(facts, plan, {.policy = PlacingPolicy::best_fit});
    EXPECT_EQ(by_fit.policies.front(), std::pair(PlacingPolicy::best_fit, std::int64_t{2}));
    EXPECT_EQ(by_fit.verdict, PlanVerdict::feasible) << "the verdict does not depend on it";
}

TEST(PlanVerdict, IsProvenBySums) {
    const PlanResult result = judge(cluster_of({{}, {}}), plan_of({app_of("/a", 3, 6)}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "sum");
    EXPECT_NE(result.reason.find("need 18 of cpus, and 16"), std::string::npos) << result.reason;
    EXPECT_EQ(result.placed.size(), 4U) << "the most that was placed is shown";
}

TEST(PlanVerdict, IsProvenBySumsOfTheAgentsThatSomeAppsAreRestrictedTo) {
    MarathonApp tied = app_of("/tied", 1, 9);
    tied.constraints = {{"rack", "CLUSTER", "r1"}};
    const PlanResult result = judge(cluster_of({{}, {.rack = "r1"}}), plan_of({tied}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "sum");
}

TEST(PlanVerdict, IsProvenByOneApp) {
    const PlanResult result = judge(cluster_of({{}, {}}), plan_of({app_of("/a", 5, 3)}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "single_app");
}

/// 5 + 5 + 3 + 3 on 8 + 8: only by pairs of 5 and 3, which the search need not find by luck.
TEST(PlanVerdict, IsFoundWhereInstancesFitInPairs) {
    const PlanResult result = judge(cluster_of({{}, {}}),
                                    plan_of({app_of("/three", 3, 2), app_of("/five", 5, 2)}),
                                    {.policy = PlacingPolicy::best_fit});
    EXPECT_EQ(result.verdict, PlanVerdict::feasible);
}

TEST(PlanVerdict, IsProvenByTryingEveryWay) {
    // 7 + 7 of 8 + 8 leave 1 + 1, and 2 is wanted: neither sums nor one app show it.
    const PlanResult result =
        judge(cluster_of({{}, {}}), plan_of({app_of("/seven", 7, 2), app_of("/two", 2, 1)}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "search");
}

TEST(PlanVerdict, IsUnknownWhereTheSearchWouldBeTooLong) {
    std::vector<SmallAgent> agents(30);
    const PlanResult result =
        judge(cluster_of(agents), plan_of({app_of("/seven", 7, 30), app_of("/two", 2, 1)}));
    EXPECT_EQ(result.verdict, PlanVerdict::unknown);
    EXPECT_EQ(result.placed.size(), 30U);
}

TEST(PlanVerdict, IsUnknownForAnAppThatCannotBeJudged) {
    MarathonApp odd = app_of("/odd", 1, 1);
    odd.constraints = {{"rack", "NEAR", "r1"}};
    const PlanResult result = judge(cluster_of({{}}), plan_of({odd}));
    EXPECT_EQ(result.verdict, PlanVerdict::unknown);
    EXPECT_NE(result.reason.find("/odd"), std::string::npos) << result.reason;
}

TEST(PlanVerdict, ChoosesPortsThatNoAppNamesFirst) {
    MarathonApp fixed = app_of("/fixed", 1, 1);
    fixed.static_ports.add(31'000, 31'000);
    MarathonApp any = app_of("/any", 1, 1);
    any.dynamic_ports = 3;
    const ClusterFacts facts = cluster_of({{}});
    const PlanResult result = judge(facts, plan_of({any, fixed}));
    ASSERT_EQ(result.verdict, PlanVerdict::feasible) << result.reason;
    for (const PlacedInstance& placed : result.placed) {
        EXPECT_EQ(placed.ports.text(), placed.app == 1 ? "[31000-31000]" : "[31001-31003]");
    }
    any.dynamic_ports = 4;
    EXPECT_EQ(judge(facts, plan_of({any, fixed})).verdict, PlanVerdict::infeasible);
}

TEST(PlanVerdict, CountsOnlyWhatAnAppAsksForBeyondWhatRuns) {
    ClusterFacts facts = cluster_of({{.used = 6}});
    facts.workload.apps.push_back(app_of("/a", 2, 3));
    for (int i = 0; i < 3; ++i) {
        run_on(facts, "/a", 0);
    }
    EXPECT_EQ(judge(facts, plan_of({app_of("/a", 2, 4)})).wanted, 1);
    EXPECT_EQ(judge(facts, plan_of({app_of("/a", 2, 5)})).verdict, PlanVerdict::infeasible);
    WhatIfPlan less;
    less.scale = {{"/a", 1}};
    less.apps = {{.app = app_of("/b", 5, 1)}};
    EXPECT_EQ(judge(facts, less).verdict, PlanVerdict::feasible) << "two of /a leave 4 cpus";
}

TEST(PlanVerdict, PutsANewDefinitionBesideTheOldOneOrInItsPlace) {
    ClusterFacts facts = cluster_of({{.used = 6}});
    facts.workload.apps.push_back(app_of("/a", 6, 1));
    run_on(facts, "/a", 0);
    WhatIfPlan plan = plan_of({app_of("/a", 7, 1)});
    EXPECT_EQ(judge(facts, plan).proof, "restart");
    plan.apps[0].stops_first = true;
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::feasible);
    plan.apps[0].stops_first = false;
    plan.apps[0].app.over_capacity = 0;
    EXPECT_EQ(judge(facts, plan).proof, "restart") << "the old one is kept";
    plan.apps[0].app.min_health = 0;
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::feasible);
}

/// Two of /a on two agents with no more room, and /b for the second.
TEST(PlanVerdict, EndsTheYoungestFirstUnlessTheAppSaysOtherwise) {
    ClusterFacts facts = cluster_of({{.cpus = 2, .used = 2, .used_mem = 1},
                                     {.cpus = 2, .used = 2, .used_mem = 1, .rack = "r1"}});
    facts.workload.apps.push_back(app_of("/a", 2, 2));
    run_on(facts, "/a", 1);
    run_on(facts, "/a", 0);
    using Time = decltype(MarathonTask::started);
    facts.workload.tasks[0].started = Time(std::chrono::days(2));
    facts.workload.tasks[1].started = Time(std::chrono::days(1));
    WhatIfPlan plan = plan_of({app_of("/b", 2, 1)});
    plan.apps[0].app.constraints = {{"rack", "IS", "r1"}};
    plan.scale = {{"/a", 1}};
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::feasible);
    facts.workload.apps[0].kills_oldest_first = true;
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::infeasible);
    facts.workload.apps[0].kills_oldest_first = false;
    facts.workload.tasks[0].started = {};
    facts.workload.tasks[1].started = {};
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::infeasible) << "the last one in the list";
}

TEST(PlanVerdict, DoesNotWantTwiceWhatAPlanScalesAndChanges) {
    ClusterFacts facts = cluster_of({{.used = 1}});
    facts.workload.apps.push_back(app_of("/a", 1, 1));
    run_on(facts, "/a", 0);
    WhatIfPlan plan = plan_of({app_of("/a", 1, 4)});
    plan.scale = {{"/a", 3}};
    EXPECT_EQ(judge(facts, plan).wanted, 3);
    plan.apps[0].app.cpus = 2'000;
    EXPECT_EQ(judge(facts, plan).wanted, 4);
}

TEST(PlanVerdict, MovesWhatRunsOnAgentsThatGo) {
    ClusterFacts facts = cluster_of({{.used = 4}, {}, {.used = 8, .rack = "r1"}});
    facts.workload.apps.push_back(app_of("/a", 4, 1));
    run_on(facts, "/a", 0);
    run_on(facts, "/a", 2);
    run_on(facts, "/a", 2);
    WhatIfPlan plan;
    plan.lose = {{"rack", "r1"}};
    const PlanResult result = judge(facts, plan);
    EXPECT_EQ(result.wanted, 2);
    EXPECT_EQ(result.verdict, PlanVerdict::feasible);
    plan.drain = {"h1"};
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::infeasible);
    plan.agents = {{.count = 1, .amounts = {4'000, 100'000, 0, 0}}};
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::feasible);
}

TEST(PlanVerdict, RefusesWhatIsNotThere) {
    const ClusterFacts facts = cluster_of({{}});
    WhatIfPlan app;
    app.scale = {{"/none", 1}};
    EXPECT_THROW(apply_plan(facts, app), UsageError);
    WhatIfPlan host;
    host.drain = {"none"};
    EXPECT_THROW(apply_plan(facts, host), UsageError);
    WhatIfPlan group;
    group.lose = {{"rack", "none"}};
    EXPECT_THROW(apply_plan(facts, group), UsageError);
}

TEST(PlanVerdict, HeedsWhatIsLeftOfAQuota) {
    ClusterFacts facts = cluster_of({{}});
    facts.quotas.push_back({.role = "*", .limit = {.scalars = {{"cpus", 3'000}}}});
    EXPECT_EQ(judge(facts, plan_of({app_of("/a", 1, 3)})).verdict, PlanVerdict::feasible);
    EXPECT_EQ(judge(facts, plan_of({app_of("/a", 1, 4)})).verdict, PlanVerdict::infeasible);
}

TEST(PlanVerdict, IsProvenByWhatAQuotaLeavesToAllAppsOfARole) {
    ClusterFacts facts = cluster_of({{}});
    facts.quotas.push_back({.role = "web",
                            .limit = {.scalars = {{"cpus", 4'000}}},
                            .consumed = {.scalars = {{"cpus", 1'000}}}});
    MarathonApp one = app_of("/one", 2, 1);
    one.role = "web/x";
    MarathonApp other = app_of("/other", 2, 1);
    other.role = "web";
    MarathonApp free = app_of("/free", 2, 2);
    const PlanResult result = judge(facts, plan_of({one, other, free}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "sum");
    EXPECT_NE(result.reason.find("need 4 of cpus, and the quota leaves 3 of it to the role web"),
              std::string::npos)
        << result.reason;
    EXPECT_EQ(judge(facts, plan_of({one, free})).verdict, PlanVerdict::feasible);
}

/// As IsProvenByTryingEveryWay, under a limit that allows all or too little.
TEST(PlanVerdict, IsProvenByASearchThatHeedsTheQuota) {
    ClusterFacts facts = cluster_of({{}, {}});
    facts.quotas.push_back({.role = "*", .limit = {.scalars = {{"cpus", 16'000}}}});
    const PlanResult result = judge(facts, plan_of({app_of("/seven", 7, 2), app_of("/two", 2, 1)}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "search");
    facts.quotas[0].limit.scalars[0].second = 15'000;
    EXPECT_EQ(judge(facts, plan_of({app_of("/seven", 7, 2), app_of("/two", 2, 1)})).proof, "sum");
}

TEST(PlanVerdict, GivesBackToTheQuotaWhatEndsAndWhatIsLost) {
    ClusterFacts facts = cluster_of({{.used = 3, .used_mem = 1}, {.used = 3, .rack = "r1"}});
    facts.quotas.push_back({.role = "*",
                            .limit = {.scalars = {{"cpus", 3'000}}},
                            .consumed = {.scalars = {{"cpus", 3'000}}}});
    facts.workload.apps.push_back(app_of("/a", 3, 1));
    run_on(facts, "/a", 0);
    WhatIfPlan plan = plan_of({app_of("/b", 1, 3)});
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::infeasible);
    plan.remove = {"/a"};
    EXPECT_EQ(judge(facts, plan).verdict, PlanVerdict::feasible);
    WhatIfPlan lost;
    lost.lose = {{"rack", "r0"}};
    EXPECT_EQ(judge(facts, lost).verdict, PlanVerdict::feasible) << "what moves consumed already";
}

TEST(PlanTrials, TellHowOftenMarathonManages) {
    const ClusterFacts facts = cluster_of({{.cpus = 8}, {.cpus = 4}});
    const WhatIfPlan plan = plan_of({app_of("/two", 2, 2), app_of("/eight", 8, 1)});
    const PlanResult result = judge(facts, plan, {.trials = 20});
    EXPECT_EQ(result.trials.count, 20);
    EXPECT_GT(result.trials.complete, 0);
    EXPECT_LT(result.trials.complete, 20)
        << "one of /two on the large agent leaves no room for /eight";
    EXPECT_TRUE(std::ranges::is_sorted(result.trials.placed));
    EXPECT_EQ(judge(facts, plan, {.trials = 20}).trials.placed, result.trials.placed);
}

TEST(PlanRandom, IsTheSameEverywhere) {
    PlanRandom one(1);
    EXPECT_EQ(one.next(), 10451216379200822465U);
    EXPECT_EQ(one.next(), 13757245211066428519U);
    EXPECT_EQ(one.next(), 17911839290282890590U);
    EXPECT_EQ(PlanRandom(0).next(), 16294208416658607535U);
    std::vector<int> items{0, 1, 2, 3, 4, 5};
    PlanRandom(1).shuffle(items);
    EXPECT_EQ(items, (std::vector<int>{0, 1, 3, 2, 4, 5}));
}

TEST(PlanChecker, FindsEachKindOfMistake) {
    MarathonApp app = app_of("/a", 4, 2);
    app.constraints = {{"hostname", "UNIQUE", {}}};
    app.dynamic_ports = 1;
    const PlanScene scene = apply_plan(cluster_of({{}, {}, {.used = 6}}), plan_of({app}));
    PortSet port;
    port.add(31'000, 31'000);
    const std::vector<PlacedInstance> right{{0, 0, port}, {0, 1, port}};
    const auto check = [&](std::vector<PlacedInstance> placed) {
        return check_placing(scene.facts, scene.wanted, placed).value_or("right");
    };
    EXPECT_EQ(check(right), "right");
    EXPECT_EQ(check({right[0]}), "1 instances of /a too few");
    EXPECT_EQ(check({right[0], right[0]}), "port 31000 of h0 is not free for /a");
    EXPECT_EQ(check({right[0], {0, 2, port}}), "h2 has too little cpus");
    EXPECT_EQ(check({right[0], {0, 1, {}}}), "/a gets another number of ports");
    PortSet other;
    other.add(31'001, 31'001);
    EXPECT_EQ(check({right[0], {0, 0, other}}), "/a on h0 breaks hostname UNIQUE ");
    PortSet outside;
    outside.add(40'000, 40'000);
    EXPECT_EQ(check({right[0], {0, 1, outside}}), "port 40000 of h1 is not free for /a");
}

}  // namespace
}  // namespace caretaker
