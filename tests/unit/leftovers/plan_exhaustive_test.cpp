// SPDX-License-Identifier: Apache-2.0
// Verdicts about small plans against every way to place them.
#include "jobs/leftovers/plan_check_model.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"
#include "tests/unit/leftovers/plan_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::Draw;
using testing::plan_of;
using testing::run_on;

/// Every placing that is allowed, in every order within an app.
bool can_be_placed(const PlanScene& scene, const std::vector<WantedApp>& order) {
    std::vector<std::uint32_t> apps;
    for (const WantedApp& wanted : order) {
        apps.insert(apps.end(), static_cast<std::size_t>(wanted.instances), wanted.app);
    }
    std::vector<PlacedInstance> placed;
    const std::function<bool()> go_on = [&] {
        if (placed.size() == apps.size()) {
            return check_placing(scene.facts, scene.wanted, placed) == std::nullopt;
        }
        const std::uint32_t app = apps[placed.size()];
        for (std::uint32_t agent = 0; agent < scene.facts.cluster.agents.size(); ++agent) {
            placed.push_back({app, agent, scene.facts.workload.apps[app].static_ports});
            if (go_on()) {
                return true;
            }
            placed.pop_back();
        }
        return false;
    };
    return go_on();
}

bool can_be_placed(const PlanScene& scene) {
    return can_be_placed(scene, scene.wanted);
}

std::string words_of(const MarathonApp& app) {
    std::string words;
    for (const MarathonConstraint& constraint : app.constraints) {
        words += fmt::format(
            " {} {} {}", constraint.field, constraint.op, constraint.value.value_or(""));
    }
    return words;
}

/// No `feasible` without a witness that the checker accepts, no `infeasible` without proof: what
/// is called one or the other is so when every way is tried.
TEST(PlanVerdict, IsWhatTryingEveryWayShows) {
    Draw draw(7);
    std::array<int, 3> verdicts{};
    for (int round = 0; round < 1'500; ++round) {
        ClusterFacts facts = draw.cluster();
        const MarathonApp known = draw.app("/a", 3);
        facts.workload.apps.push_back(known);
        for (int i = draw.below(3); i > 0; --i) {
            run_on(facts, "/a", draw.below(static_cast<int>(facts.cluster.agents.size())));
        }
        WhatIfPlan plan = plan_of({draw.app("/b", 3)});
        plan.scale = {{"/a", draw.below(4)}};
        const PlanScene scene = apply_plan(facts, plan);
        const PlanResult result = judge_plan(scene, {});
        ++verdicts.at(static_cast<std::size_t>(result.verdict));
        const bool can_be = can_be_placed(scene);
        if (result.verdict == PlanVerdict::unknown) {
            // Which of several racks CLUSTER takes where /a runs on several is not known.
            EXPECT_NE(words_of(known).find("rack CLUSTER"), std::string::npos) << round;
            continue;
        }
        ASSERT_EQ(result.verdict, can_be ? PlanVerdict::feasible : PlanVerdict::infeasible)
            << round << ' ' << result.proof << ' ' << result.reason << words_of(known);
        if (can_be) {
            EXPECT_EQ(check_placing(scene.facts, scene.wanted, result.placed), std::nullopt);
            EXPECT_EQ(std::ssize(result.placed), result.wanted);
        } else {
            EXPECT_FALSE(result.proof.empty());
        }
    }
    EXPECT_GT(verdicts[0], 100);
    EXPECT_GT(verdicts[1], 100);
}

/// The same where roles, reservations, quota and GPUs meet. The checker, and so every way, takes
/// nothing for the quota out of a reservation, so that some plans are unknown.
TEST(PlanVerdict, IsWhatTryingEveryWayShowsWithRolesAndQuota) {
    Draw draw(29);
    std::array<int, 3> verdicts{};
    std::array<int, 2> quota_proofs{};
    for (int round = 0; round < 1'000; ++round) {
        const ClusterFacts facts = draw.cluster_with_roles();
        const PlanScene scene =
            apply_plan(facts, plan_of({draw.app_with_role("/a", 2), draw.app_with_role("/b", 2)}));
        const PlanResult result = judge_plan(scene, {});
        ++verdicts.at(static_cast<std::size_t>(result.verdict));
        const bool is_by_quota = result.reason.find("the quota leaves") != std::string::npos;
        quota_proofs.at(is_by_quota ? 1 : 0) += 1;
        if (result.verdict == PlanVerdict::feasible) {
            ASSERT_EQ(check_placing(scene.facts, scene.wanted, result.placed), std::nullopt);
            ASSERT_EQ(std::ssize(result.placed), result.wanted);
        } else {
            // An app that stays away from GPUs may have to wait until another one has them.
            std::vector<WantedApp> turned(scene.wanted.rbegin(), scene.wanted.rend());
            const bool can_be = can_be_placed(scene, scene.wanted) || can_be_placed(scene, turned);
            ASSERT_FALSE(result.verdict == PlanVerdict::infeasible && can_be)
                << round << ' ' << result.proof << ' ' << result.reason;
        }
    }
    EXPECT_GT(verdicts[0], 100);
    EXPECT_GT(verdicts[1], 150);
    EXPECT_LT(verdicts[2], 200);
    EXPECT_GT(quota_proofs[1], 10);
}

/// What a policy places in full stands before the checker, whatever the policy.
TEST(PlanVerdict, RestsOnPoliciesOfWhichEachPlacesByTheRules) {
    Draw draw(13);
    std::array<int, all_plan_policies.size()> complete{};
    for (int round = 0; round < 600; ++round) {
        ClusterFacts facts = draw.cluster();
        facts.workload.apps.push_back(draw.app("/a", 3));
        for (int i = draw.below(4); i > 0; --i) {
            run_on(facts, "/a", draw.below(static_cast<int>(facts.cluster.agents.size())));
        }
        WhatIfPlan plan = plan_of({draw.app("/b", 3), draw.app("/c", 2)});
        plan.scale = {{"/a", draw.below(4)}};
        const PlanScene scene = apply_plan(facts, plan);
        LossGround ground(scene.facts,
                          scene.facts.workload,
                          collect_instances(scene.facts.cluster, scene.facts.workload));
        PlanSpace space(ground);
        std::int64_t wanted = 0;
        for (const WantedApp& app : scene.wanted) {
            wanted += app.instances;
        }
        for (std::size_t i = 0; i < all_plan_policies.size(); ++i) {
            auto placed = place_by(space, scene.wanted, all_plan_policies.at(i));
            give_all_back(space, placed);
            if (std::ssize(placed) == wanted) {
                ++complete.at(i);
                assign_ports(space, scene, placed);
                ASSERT_EQ(check_placing(scene.facts, scene.wanted, placed), std::nullopt)
                    << round << ' ' << to_string(all_plan_policies.at(i));
            }
        }
    }
    for (const int count : complete) {
        EXPECT_GT(count, 100);
    }
}

/// Fewer instances of an app without constraints are no harder to place.
TEST(PlanVerdict, StaysFeasibleWithOneInstanceLess) {
    Draw draw(11);
    for (int round = 0; round < 300; ++round) {
        const ClusterFacts facts = draw.cluster();
        MarathonApp app = draw.app("/a", 4);
        app.constraints.clear();
        const auto judge = [&] {
            return judge_plan(apply_plan(facts, plan_of({app})), {}).verdict;
        };
        if (judge() == PlanVerdict::feasible) {
            --app.instances;
            EXPECT_EQ(judge(), PlanVerdict::feasible) << round;
        }
    }
}

}  // namespace
}  // namespace caretaker
