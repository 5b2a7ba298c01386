// SPDX-License-Identifier: Apache-2.0
// Plans that change apps which run: by hand, and against every way in which a restart may go.
#include "jobs/leftovers/plan_restart_model.hpp"

#include "jobs/leftovers/plan_verdict_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::app_of;
using testing::cluster_of;
using testing::Draw;
using testing::plan_of;
using testing::run_on;

/// /a with these instances of `cpus` each, by agent.
ClusterFacts running(const std::vector<testing::SmallAgent>& agents,
                     int cpus,
                     const std::vector<int>& on) {
    ClusterFacts facts = cluster_of(agents);
    facts.workload.apps.push_back(app_of("/a", cpus, std::ssize(on)));
    for (const int agent : on) {
        run_on(facts, "/a", agent);
    }
    return facts;
}

/// The new definition.
MarathonApp changed(int cpus, std::int64_t instances, Milli health = 1000, Milli over = 1000) {
    MarathonApp app = app_of("/a", cpus, instances);
    app.mem = 2'000;
    app.min_health = health;
    app.over_capacity = over;
    return app;
}

PlanResult judge(const ClusterFacts& facts, const WhatIfPlan& plan) {
    return judge_plan(apply_plan(facts, plan), {});
}

TEST(PlanRestart, GoesInPartsWhereNotAllFitBesideTheOldOnes) {
    const ClusterFacts facts =
        running({{.cpus = 15, .used = 10, .used_mem = 10}}, 1, std::vector<int>(10, 0));
    const PlanResult result = judge(facts, plan_of({changed(1, 10)}));
    EXPECT_EQ(result.verdict, PlanVerdict::feasible) << result.reason;
    EXPECT_EQ(result.placed.size(), 10U);
    EXPECT_EQ(result.way.rounds, std::vector<std::int64_t>{2});
}

TEST(PlanRestart, StandsStillWhereNoNewOneFitsBesideThoseThatAreKept) {
    const ClusterFacts facts = running({{.cpus = 4, .used = 4, .used_mem = 2}}, 2, {0, 0});
    const PlanResult blocked = judge(facts, plan_of({changed(2, 2, 1000, 0)}));
    EXPECT_EQ(blocked.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(blocked.proof, "restart");
    EXPECT_NE(blocked.reason.find("/a would stand still"), std::string::npos) << blocked.reason;
    EXPECT_EQ(blocked.blocked, std::vector<std::uint32_t>{0});
    EXPECT_EQ(judge(facts, plan_of({changed(2, 2, 500, 0)})).verdict, PlanVerdict::feasible)
        << "one may stop first";
    WhatIfPlan stopping = plan_of({changed(2, 2, 1000, 0)});
    stopping.apps[0].stops_first = true;
    EXPECT_EQ(judge(facts, stopping).verdict, PlanVerdict::feasible);
}

TEST(PlanRestart, HasNoPlaceWhereTheEndHasNone) {
    const ClusterFacts facts = running({{.cpus = 4, .used = 2, .used_mem = 2}}, 1, {0, 0});
    const PlanResult result = judge(facts, plan_of({changed(3, 2)}));
    EXPECT_EQ(result.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(result.proof, "sum");
}

/// In the end /a fits on h0, too, but not beside what runs there.
TEST(PlanRestart, GoesWhereThereIsRoomNow) {
    const ClusterFacts facts = running({{.used = 8, .used_mem = 1}, {}}, 8, {0});
    const PlanResult result = judge(facts, plan_of({changed(8, 1), app_of("/b", 8, 1)}));
    ASSERT_EQ(result.verdict, PlanVerdict::feasible) << result.reason;
    EXPECT_EQ(result.placed[0].app, 0U);
    EXPECT_EQ(result.placed[0].agent, 1U);
    EXPECT_EQ(result.placed[1].agent, 0U) << "what starts afterwards takes the old place";
}

TEST(PlanRestart, IsNotKnownToGoWhereItStandsStillHalfWay) {
    const ClusterFacts facts = running({{.cpus = 4, .used = 2, .used_mem = 2}}, 1, {0, 0});
    const PlanResult result = judge(facts, plan_of({changed(2, 2)}));
    EXPECT_EQ(result.verdict, PlanVerdict::unknown);
    EXPECT_NE(result.reason.find("/a stands still after 1 of 2"), std::string::npos)
        << result.reason;
}

/// Neither old place is large enough, and the first new one may start when one has stopped.
TEST(PlanRestart, MayBeginElsewhereOnceAnOldOneHasStopped) {
    const std::vector<testing::SmallAgent> agents{
        {.cpus = 1, .used = 1, .used_mem = 1}, {.cpus = 1, .used = 1, .used_mem = 1}, {.cpus = 4}};
    const PlanResult result = judge(running(agents, 1, {0, 1}), plan_of({changed(2, 2, 500, 0)}));
    EXPECT_EQ(result.verdict, PlanVerdict::feasible);
    EXPECT_TRUE(result.blocked.empty());
}

TEST(PlanRestart, HoldsThePortsOfOldInstances) {
    ClusterFacts facts = running({{.used = 1, .used_mem = 1}, {}}, 1, {0});
    MarathonApp fixed = changed(1, 1);
    fixed.static_ports.add(31'000, 31'000);
    facts.workload.apps[0].static_ports = fixed.static_ports;
    facts.workload.tasks[0].ports = fixed.static_ports;
    for (Pool& pool : facts.cluster.pools) {  // in use by /a, as the master would tell it
        if (pool.resource == Resource::ports && &pool < &facts.cluster.pools.back()) {
            pool.used = 1'000;
            pool.left -= 1'000;
            facts.cluster.port_ranges[pool.first_range].begin = 31'001;
        }
    }
    const PlanResult beside = judge(facts, plan_of({fixed}));
    ASSERT_EQ(beside.verdict, PlanVerdict::feasible) << beside.reason;
    EXPECT_EQ(beside.placed[0].agent, 1U);
    WhatIfPlan alone = plan_of({fixed});
    alone.drain = {"h1"};
    const PlanResult blocked = judge(facts, alone);
    EXPECT_EQ(blocked.verdict, PlanVerdict::infeasible);
    EXPECT_EQ(blocked.proof, "restart");
}

TEST(PlanRestart, WantsNoMoreOfAnAppThatLosesItsAgents) {
    const ClusterFacts facts =
        running({{.used = 4, .used_mem = 2}, {.used = 4, .used_mem = 2}, {}}, 2, {0, 0, 1, 1});
    WhatIfPlan plan = plan_of({changed(1, 4)});
    plan.drain = {"h0"};
    const PlanScene scene = apply_plan(facts, plan);
    EXPECT_EQ(scene.wanted.size(), 1U);
    EXPECT_EQ(scene.wanted[0].instances, 4);
    EXPECT_EQ(scene.restarts[0].instances.size(), 2U) << "two went with their agent";
    EXPECT_EQ(judge_plan(scene, {}).verdict, PlanVerdict::feasible);
}

TEST(PlanRestart, OfAnAppThatIsToRunNowhereOnlyStops) {
    const ClusterFacts facts = running({{.used = 2, .used_mem = 2}}, 1, {0, 0});
    EXPECT_EQ(judge(facts, plan_of({changed(1, 0)})).verdict, PlanVerdict::feasible);
}

/// Whether some order of starts and stops on agents with so many free cpus, all old ones gone,
/// comes to its end.
class EveryWay {
 public:
    using Counts = std::array<int, 3>;

    EveryWay(Counts free, int old_cpus, const MarathonApp& app, std::int64_t healthy)
        : free_(free),
          old_cpus_(old_cpus),
          new_cpus_(static_cast<int>(app.cpus / 1000)),
          wanted_(app.instances) {
        const RollingRestart limits = rolling_limits(app, healthy);
        ceiling_ = limits.ceiling;
        least_ = healthy - limits.stop_first;
    }

    bool exists(const Counts& old, const Counts& fresh) {
        if (sum(old) == 0 && sum(fresh) == wanted_) {
            return true;
        }
        if (!seen_.insert({old, fresh}).second) {
            return false;
        }
        for (std::size_t i = 0; i < free_.size(); ++i) {
            Counts fewer = old;
            --fewer.at(i);
            const bool may_stop = sum(fresh) == wanted_ || sum(old) + sum(fresh) - 1 >= least_;
            if (old.at(i) > 0 && may_stop && exists(fewer, fresh)) {
                return true;
            }
            Counts more = fresh;
            ++more.at(i);
            const bool fits = old.at(i) * old_cpus_ + more.at(i) * new_cpus_ <= free_.at(i);
            if (fits && sum(fresh) < wanted_ && sum(old) + sum(fresh) < ceiling_ &&
                exists(old, more)) {
                return true;
            }
        }
        return false;
    }

 private:
    static std::int64_t sum(const Counts& counts) { return counts[0] + counts[1] + counts[2]; }

    Counts free_;
    int old_cpus_;
    int new_cpus_;
    std::int64_t wanted_;
    std::int64_t ceiling_ = 0;
    std::int64_t least_ = 0;
    std::set<std::pair<Counts, Counts>> seen_{};
};

TEST(PlanRestart, IsJudgedAsEveryWayShows) {
    Draw draw(23);
    std::array<int, 3> verdicts{};
    for (int round = 0; round < 2'000; ++round) {
        const int cpus = 1 + draw.below(3);
        EveryWay::Counts old{};
        EveryWay::Counts free{};
        std::vector<testing::SmallAgent> agents(3);
        std::vector<int> on;
        for (std::size_t i = 0; i < agents.size(); ++i) {
            old.at(i) = draw.below(3);
            agents[i].cpus = old.at(i) * cpus + draw.below(4);
            agents[i].used = old.at(i) * cpus;
            agents[i].used_mem = old.at(i);
            free.at(i) = agents[i].cpus;
            on.insert(on.end(), static_cast<std::size_t>(old.at(i)), static_cast<int>(i));
        }
        if (on.empty()) {
            continue;
        }
        constexpr std::array<Milli, 3> shares{0, 500, 1'000};
        const MarathonApp app = changed(1 + draw.below(3),
                                        1 + draw.below(4),
                                        shares.at(static_cast<std::size_t>(draw.below(3))),
                                        shares.at(static_cast<std::size_t>(draw.below(3))));
        const PlanResult result = judge(running(agents, cpus, on), plan_of({app}));
        const bool exists = EveryWay(free, cpus, app, std::ssize(on)).exists(old, {});
        ++verdicts.at(static_cast<std::size_t>(result.verdict));
        if (result.verdict != PlanVerdict::unknown) {
            ASSERT_FALSE(exists && !result.blocked.empty()) << round;
            ASSERT_EQ(result.verdict, exists ? PlanVerdict::feasible : PlanVerdict::infeasible)
                << round << ' ' << result.proof << ' ' << result.reason;
        }
    }
    EXPECT_GT(verdicts[0], 500);
    EXPECT_GT(verdicts[1], 300);
    EXPECT_LT(verdicts[2], 200) << "half way";
}

}  // namespace
}  // namespace caretaker
