// SPDX-License-Identifier: Apache-2.0
// The waste that an instance makes: by hand, and against the formula written down once more.
#include "jobs/leftovers/fragmentation_gradient_model.hpp"

#include "jobs/leftovers/plan_placing_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::app_of;
using testing::cluster_of;
using testing::Draw;
using testing::run_on;
using testing::SmallAgent;

/// All apps of the workload, ready to be placed.
struct Ground {
    explicit Ground(const ClusterFacts& facts)
        : loss(facts, facts.workload, collect_instances(facts.cluster, facts.workload)),
          space(loss) {}

    LossGround loss;
    PlanSpace space;
};

/// As a part of the cluster, weighted by a part of the work.
double gradient(const PlanSpace& space, std::uint32_t app, std::uint32_t agent) {
    return static_cast<double>(FragmentationGradient(space, {}).of(app, agent)) / 1e18;
}

MarathonApp app_with_mem(std::string id, int cpus, std::int64_t mem) {
    MarathonApp app = app_of(std::move(id), cpus, 1);
    app.mem = mem * 1000;
    return app;
}

void run_times(ClusterFacts& facts, const std::string& app, int instances) {
    for (int i = 0; i < instances; ++i) {
        run_on(facts, app, 0);
    }
}

/// Free 6 cpus and 4 GB, 1 and 24 GB, 3 and 9 GB; three of four instances are small.
ClusterFacts two_sizes() {
    ClusterFacts facts = cluster_of({{.used = 2, .mem = 32'768, .used_mem = 28'672},
                                     {.used = 7, .mem = 32'768, .used_mem = 8'192},
                                     {.used = 5, .mem = 32'768, .used_mem = 23'552}});
    facts.workload.apps = {app_with_mem("/small", 1, 1'024), app_with_mem("/large", 4, 8'192)};
    run_times(facts, "/small", 3);
    run_times(facts, "/large", 1);
    return facts;
}

TEST(FragmentationGradient, FallsByWhatIsTakenFromWhatIsWastedAnyway) {
    const ClusterFacts facts = two_sizes();
    const Ground ground(facts);
    // /large fits nowhere, so that a quarter of the work wastes all, of which /small takes a part.
    constexpr double taken = 0.25 * (1.0 / 24 + 1'024.0 / 98'304);
    EXPECT_NEAR(gradient(ground.space, 0, 0), -taken, 1e-9);
    EXPECT_NEAR(gradient(ground.space, 0, 2), -taken, 1e-9);
}

TEST(FragmentationGradient, RisesByWhatCannotBeUsedAnyMore) {
    const ClusterFacts facts = two_sizes();
    const Ground ground(facts);
    // The last cpu: nothing can use the memory beside it then.
    constexpr double before = 0.25 * (1.0 / 24 + 24'576.0 / 98'304);
    EXPECT_NEAR(gradient(ground.space, 0, 1), 23'552.0 / 98'304 - before, 1e-9);
}

TEST(FragmentationGradient, KnowsWhatIsTakenAfterItWasTold) {
    const ClusterFacts facts = two_sizes();
    Ground ground(facts);
    FragmentationGradient gradient_of(ground.space, {});
    const std::int64_t first = gradient_of.of(0, 2);
    ground.space.take(0, 2);
    gradient_of.forget(2);
    EXPECT_EQ(gradient_of.of(0, 2), first) << "the second of three";
    ground.space.take(0, 2);
    gradient_of.forget(2);
    EXPECT_GT(gradient_of.of(0, 2), 0) << "the third leaves memory without a cpu";
    ground.space.give_back(0, 2);
    ground.space.give_back(0, 2);
    gradient_of.forget(2);
    EXPECT_EQ(gradient_of.of(0, 2), first);
}

TEST(FragmentationGradient, CountsGpusForWorkThatNeedsThem) {
    ClusterFacts facts = cluster_of({{.gpus = 4}});
    facts.workload.apps = {app_of("/web", 1, 1), app_of("/train", 2, 1), app_of("/huge", 1, 1)};
    facts.workload.apps[1].gpus = 1'000;
    facts.workload.apps[2].gpus = 9'000;
    run_times(facts, "/web", 1);
    constexpr double taken = 2.0 / 8 + 1.0 / 100'000;
    // Where GPUs are free there is no place for /web, but to it they are no loss.
    EXPECT_NEAR(gradient(Ground(facts).space, 1, 0), -taken, 1e-9);
    run_times(facts, "/huge", 1);
    EXPECT_NEAR(gradient(Ground(facts).space, 1, 0), -taken - 0.5 * 0.25, 1e-9);
}

TEST(FragmentationGradient, SeesPortsThatAreGone) {
    ClusterFacts facts = cluster_of({{.ports = "[31000-31001]"}});
    facts.workload.apps = {app_of("/one", 1, 1), app_of("/two", 1, 1)};
    facts.workload.apps[0].dynamic_ports = 1;
    facts.workload.apps[1].static_ports.add(31'000, 31'001);
    run_times(facts, "/two", 1);
    constexpr double left = 7.0 / 8 + 99'999.0 / 100'000;
    EXPECT_NEAR(gradient(Ground(facts).space, 0, 0), left, 1e-9) << "all that is left then";
}

TEST(FragmentationGradient, LooksAtThePlanWhereNothingRuns) {
    ClusterFacts facts = cluster_of({{.used = 4}});
    facts.workload.apps = {app_of("/one", 1, 1), app_of("/four", 4, 1)};
    const Ground ground(facts);
    EXPECT_EQ(FragmentationGradient(ground.space, {}).of(0, 0), 0) << "nothing can be wasted";
    const std::vector<WantedApp> wanted{{0, 1}, {1, 1}};
    EXPECT_GT(FragmentationGradient(ground.space, wanted).of(0, 0), 0);
}

TEST(FragmentationGradient, LeavesOutTheRarestOfManyKinds) {
    ClusterFacts facts = cluster_of({{.cpus = 100, .mem = 1'000'000}});
    for (int i = 0; i < 64; ++i) {
        facts.workload.apps.push_back(app_with_mem(fmt::format("/usual-{}", i), 1, 1 + i));
        run_times(facts, facts.workload.apps.back().id, 2);
    }
    facts.workload.apps.push_back(app_of("/rare", 100, 1));
    run_times(facts, "/rare", 1);
    EXPECT_EQ(gradient(Ground(facts).space, 0, 0), 0);
    run_times(facts, "/rare", 2);
    EXPECT_GT(gradient(Ground(facts).space, 0, 0), 0) << "one more than others";
}

/// An app of few cpus and much memory or the other way round.
MarathonApp drawn_app(Draw& draw, const std::string& id) {
    return app_with_mem(id, 1 + draw.below(4), 1'000 * (1 + draw.below(12)));
}

/// Each instance goes where the waste grows the least of all agents with room for it: the formula
/// once more, over cpus and memory alone and in floating point.
TEST(PlacingByGradient, TakesTheLeastWasteAtEachStep) {
    Draw draw(17);
    int steps = 0;
    int choices = 0;
    for (int round = 0; round < 500; ++round) {
        std::vector<SmallAgent> agents(1 + static_cast<std::size_t>(draw.below(4)));
        for (SmallAgent& agent : agents) {
            agent = {.used = draw.below(9), .mem = 32'000, .used_mem = 1'000 * draw.below(32)};
        }
        ClusterFacts facts = cluster_of(agents);
        const std::vector<int> weights{1, 2, 1};
        for (std::size_t i = 0; i < weights.size(); ++i) {
            facts.workload.apps.push_back(drawn_app(draw, fmt::format("/app-{}", i)));
            run_times(facts, facts.workload.apps.back().id, weights[i]);
        }
        const auto& apps = facts.workload.apps;

        struct Free {
            double cpus = 0;
            double mem = 0;
        };

        std::vector<Free> free;
        for (const SmallAgent& agent : agents) {
            free.push_back({1e3 * (agent.cpus - agent.used), 1e3 * (agent.mem - agent.used_mem)});
        }
        const auto fits = [](const Free& left, const MarathonApp& app) {
            return left.cpus >= static_cast<double>(app.cpus) &&
                   left.mem >= static_cast<double>(app.mem);
        };
        const auto less = [](const Free& left, const MarathonApp& app) {
            return Free{left.cpus - static_cast<double>(app.cpus),
                        left.mem - static_cast<double>(app.mem)};
        };
        const auto waste = [&](const Free& left) {
            double part = 0;
            for (std::size_t i = 0; i < apps.size(); ++i) {
                part += fits(left, apps[i]) ? 0 : weights[i] / 4.0;
            }
            const auto count = static_cast<double>(agents.size());
            return part * (left.cpus / (8e3 * count) + left.mem / (32e6 * count));
        };
        Ground ground(facts);
        const std::vector<WantedApp> wanted{{0, 1 + draw.below(3)}, {1, 2}, {2, 1}};
        for (const PlacedInstance& placed : place_by(ground.space, wanted, PlacingPolicy::fgd)) {
            const MarathonApp& app = apps[placed.app];
            const auto growth = [&](const Free& left) {
                return waste(less(left, app)) - waste(left);
            };
            ASSERT_TRUE(fits(free[placed.agent], app));
            for (const Free& other : free) {
                if (fits(other, app)) {
                    ASSERT_LE(growth(free[placed.agent]), growth(other) + 1e-9) << round;
                    choices += growth(free[placed.agent]) < growth(other) - 1e-9 ? 1 : 0;
                }
            }
            free[placed.agent] = less(free[placed.agent], app);
            ++steps;
        }
    }
    EXPECT_GT(steps, 1'000);
    EXPECT_GT(choices, 300) << "where it matters";
}

}  // namespace
}  // namespace caretaker
