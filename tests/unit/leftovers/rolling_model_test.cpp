// SPDX-License-Identifier: Apache-2.0
// Restarts by Marathon's own limits, and where they stand still.
#include "jobs/leftovers/rolling_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

struct Limits {
    std::int64_t instances = 0;
    std::optional<Milli> health{};
    std::optional<Milli> over{};
    std::int64_t healthy = 0;
    std::int64_t keep = 0;
    std::int64_t ceiling = 0;
    std::int64_t stop_first = 0;
    bool is_resident = false;
};

TEST(RollingLimits, AreMarathons) {
    for (const Limits& wanted :
         std::vector<Limits>{{4, {}, {}, 4, 4, 8, 0},
                             {4, 500, 0, 4, 2, 4, 2},
                             {3, 500, 500, 3, 2, 4, 1},  // rounded up, and down
                             {4, 1'000, 0, 4, 4, 5, 0},  // one more, or nothing would move
                             {4, 1'000, 0, 3, 4, 4, 0},  // one is missing anyway
                             {1, {}, {}, 1, 1, 1, 1, true},
                             {4, {}, {}, 4, 2, 4, 2, true},
                             {4, 0, {}, 4, 0, 8, 4}}) {
        const RollingRestart limits = rolling_limits({.id = "/a",
                                                      .instances = wanted.instances,
                                                      .is_resident = wanted.is_resident,
                                                      .min_health = wanted.health,
                                                      .over_capacity = wanted.over},
                                                     wanted.healthy);
        EXPECT_EQ(limits.keep, wanted.keep) << wanted.instances;
        EXPECT_EQ(limits.ceiling, wanted.ceiling) << wanted.instances;
        EXPECT_EQ(limits.stop_first, wanted.stop_first) << wanted.instances;
    }
}

class Rolling : public ::testing::Test {
 protected:
    /// Of the app, which runs on both agents.
    RollingRestart judge(MarathonApp app) {
        app.id = "/a";
        app.mem = 1'000;
        app.instances = 2;
        facts.workload.is_known = true;
        facts.workload.apps = {app};
        facts.workload.tasks = {{.id = "t0", .app = "/a", .agent = "S0", .state = "TASK_RUNNING"},
                                {.id = "t1", .app = "/a", .agent = "S1", .state = "TASK_RUNNING"}};
        judge_agents(facts, {});
        const auto restarts = judge_rolling(facts,
                                            facts.workload,
                                            collect_instances(facts.cluster, facts.workload),
                                            compute_fits(facts, facts.workload));
        EXPECT_EQ(restarts.size(), 1U);
        return restarts.at(0);
    }

    ClusterFacts facts = testing::read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"h0","resources":{"cpus":4,"mem":1000,"ports":"[80-81]"},)"
         R"("used_resources":{"cpus":2,"mem":10,"ports":"[80-80]"}},)"
         R"({"id":"S1","hostname":"h1","resources":{"cpus":4,"mem":1000,"ports":"[80-81]"},)"
         R"("used_resources":{"cpus":2,"mem":10,"ports":"[80-80]"}}]})"});
};

TEST_F(Rolling, HasRoomBesideTheOldOnes) {
    const RollingRestart restart = judge({.cpus = 2'000});
    EXPECT_EQ(restart.room, 2);
    EXPECT_EQ(restart.rounds, 1);
    EXPECT_FALSE(restart.is_blocked());
}

TEST_F(Rolling, DoesNotCountOldOnesForConstraints) {
    EXPECT_EQ(judge({.cpus = 2'000, .constraints = {{"hostname", "UNIQUE", {}}}}).room, 2);
}

TEST_F(Rolling, StandsStillOnAPortThatTheOldOnesHold) {
    MarathonApp app{.cpus = 1'000};
    app.static_ports.add(80, 80);
    EXPECT_TRUE(judge(app).is_blocked());
    app.min_health = 500;
    const RollingRestart restart = judge(app);
    EXPECT_FALSE(restart.is_blocked()) << "one may stop first";
    EXPECT_EQ(restart.stop_first, 1);
    EXPECT_EQ(restart.rounds, 2);
}

TEST_F(Rolling, StandsStillWhereNothingIsLeft) {
    EXPECT_TRUE(judge({.cpus = 3'000}).is_blocked());
}

}  // namespace
}  // namespace caretaker
