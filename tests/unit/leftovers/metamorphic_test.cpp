// SPDX-License-Identifier: Apache-2.0
// Clusters drawn by lot, changed in ways of which the effect is known.
#include "jobs/leftovers/cluster_change_model.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/loss_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::app_of;
using testing::Draw;
using testing::run_on;

constexpr int rounds = 400;

/// A cluster with three apps; what they run is in use, as far as there is room.
ClusterFacts draw_case(Draw& draw, bool groups) {
    std::vector<testing::SmallAgent> agents(2 + static_cast<std::size_t>(draw.below(4)));
    std::vector<std::pair<std::string, int>> on;
    std::array<int, 3> cpus{};
    for (int& need : cpus) {
        need = 1 + draw.below(4);
    }
    for (std::size_t i = 0; i < agents.size(); ++i) {
        agents[i].rack = fmt::format("r{}", draw.below(3));
        for (std::size_t app = 0; app < cpus.size(); ++app) {
            if (draw.below(2) == 0 && agents[i].used + cpus.at(app) <= agents[i].cpus) {
                agents[i].used += cpus.at(app);
                agents[i].used_mem += 1;
                on.emplace_back(fmt::format("/{}", app), static_cast<int>(i));
            }
        }
    }
    ClusterFacts facts = testing::cluster_of(agents);
    facts.flags.min_allocatable.clear();
    for (std::size_t app = 0; app < cpus.size(); ++app) {
        MarathonApp made = app_of(fmt::format("/{}", app), cpus.at(app), 0);
        made.constraints = draw.constraints();
        std::erase_if(made.constraints, [&](const MarathonConstraint& constraint) {
            return !groups && constraint.op != "LIKE" && constraint.op != "UNLIKE" &&
                   constraint.op != "IS";
        });
        facts.workload.apps.push_back(std::move(made));
    }
    for (const auto& [app, agent] : on) {
        run_on(facts, app, agent);
        ++std::ranges::find(facts.workload.apps, app, &MarathonApp::id)->instances;
    }
    return facts;
}

std::vector<std::int64_t> fits_of(const ClusterFacts& facts) {
    std::vector<std::int64_t> fits;
    for (const AppFit& fit : compute_fits(facts, facts.workload).apps) {
        fits.push_back(fit.fits);
    }
    return fits;
}

/// Lost beyond what is expected, by the agent that goes.
std::map<std::string, std::int64_t> losses_of(const ClusterFacts& facts) {
    std::map<std::string, std::int64_t> lost;
    for (const LossCase& loss : LossModel(facts, facts.workload).lose_each_agent()) {
        lost[loss.name] = loss.lost - loss.expected;
    }
    return lost;
}

TEST(Leftovers, AreTheSameWhenNeedsAndAgentsAreTwiceAsLarge) {
    Draw draw(31);
    for (int round = 0; round < rounds; ++round) {
        const ClusterFacts facts = draw_case(draw, true);
        ClusterFacts twice = facts;
        for (Pool& pool : twice.cluster.pools) {
            for (Milli Pool::*amount : {&Pool::total, &Pool::used, &Pool::left}) {
                pool.*amount *= pool.resource < scalar_count ? 2 : 1;
            }
        }
        for (MarathonApp& app : twice.workload.apps) {
            app.cpus *= 2;
            app.mem *= 2;
        }
        const Fits before = compute_fits(facts, facts.workload);
        const Fits after = compute_fits(twice, twice.workload);
        ASSERT_EQ(before.index_millionths, after.index_millionths) << round;
        for (std::size_t i = 0; i < before.apps.size(); ++i) {
            ASSERT_EQ(before.apps[i].fits, after.apps[i].fits) << round;
            ASSERT_EQ(before.apps[i].fits_most, after.apps[i].fits_most) << round;
            ASSERT_EQ(before.apps[i].pooled, after.apps[i].pooled) << round;
            ASSERT_EQ(before.apps[i].refusals, after.apps[i].refusals) << round;
            ASSERT_EQ(before.apps[i].bindings, after.apps[i].bindings) << round;
        }
        ASSERT_EQ(losses_of(facts), losses_of(twice)) << round;
    }
}

TEST(Leftovers, AreNoLessWithOneMoreAgent) {
    Draw draw(37);
    for (int round = 0; round < rounds; ++round) {
        const ClusterFacts facts = draw_case(draw, false);
        ClusterFacts more = facts;
        AgentTemplate agent{.amounts = {Milli{1000} * draw.below(9), 1'000'000},
                            .attributes = {{"rack", fmt::format("r{}", draw.below(3))}}};
        agent.ports.add(31'000, 31'003);
        add_agents(more, agent);
        const auto before = fits_of(facts);
        const auto after = fits_of(more);
        for (std::size_t i = 0; i < before.size(); ++i) {
            ASSERT_LE(before[i], after[i]) << round;
        }
    }
}

TEST(Leftovers, AreNoLessWithOneTaskLess) {
    Draw draw(41);
    for (int round = 0; round < rounds; ++round) {
        const ClusterFacts facts = draw_case(draw, false);
        WhatIfPlan plan;
        for (const MarathonApp& app : facts.workload.apps) {
            if (app.instances > 0) {
                plan.scale = {{app.id, app.instances - 1}};
            }
        }
        const auto before = fits_of(facts);
        const auto after = fits_of(apply_plan(facts, plan).facts);
        for (std::size_t i = 0; i < before.size(); ++i) {
            ASSERT_LE(before[i], after[i]) << round;
        }
    }
}

/// All agents are of one size, so that one that runs nothing is the last that anything is put on.
TEST(Leftovers, AreNoSaferWithoutAnAgentThatRunsNothing) {
    Draw draw(43);
    int judged = 0;
    for (int round = 0; round < rounds; ++round) {
        const ClusterFacts facts = draw_case(draw, false);
        ClusterFacts fewer = facts;
        const auto idle = std::ranges::find_if(fewer.cluster.agents, [&](const AgentRow& agent) {
            return std::ranges::none_of(facts.workload.tasks, [&](const MarathonTask& task) {
                return task.agent == agent.id;
            });
        });
        if (idle == fewer.cluster.agents.end()) {
            continue;
        }
        ++judged;
        idle->state = AgentState::deactivated;
        const auto before = losses_of(facts);
        const auto after = losses_of(fewer);
        for (const auto& [agent, lost] : before) {
            ASSERT_LE(lost, after.at(agent)) << round;
        }
    }
    EXPECT_GT(judged, 50);
}

}  // namespace
}  // namespace caretaker
