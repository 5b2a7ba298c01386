// SPDX-License-Identifier: Apache-2.0
// What is lost with an agent: by hand, and no placing without room for it.
#include "jobs/leftovers/loss_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace caretaker {
namespace {

/// Agents S0, S1, … on hosts h0, h1, … with so many cpus free, in racks r0, r0, r1, r1, ….
ClusterFacts cluster_of(const std::vector<int>& free_cpus) {
    std::string text = R"({"slaves":[)";
    for (std::size_t i = 0; i < free_cpus.size(); ++i) {
        text += fmt::format(
            R"({}{{"id":"S{}","hostname":"h{}","attributes":{{"rack":"r{}"}},"resources":{{"cpus":8,"mem":99999}},"used_resources":{{"cpus":{}}}}})",
            i == 0 ? "" : ",",
            i,
            i,
            i / 2,
            8 - free_cpus[i]);
    }
    ClusterFacts facts = testing::read_facts({text + "]}"});
    judge_agents(facts, {});
    return facts;
}

void add_app(Workload& workload, MarathonApp app, const std::vector<int>& agents) {
    app.mem = 0;
    app.instances = std::ssize(agents);
    for (const int agent : agents) {
        workload.tasks.push_back({.id = fmt::format("t{}", workload.tasks.size()),
                                  .app = app.id,
                                  .agent = fmt::format("S{}", agent)});
    }
    workload.apps.push_back(std::move(app));
}

/// /es, one of 2 cpus on each of three agents by its constraint, and /web of 1 cpu.
Workload three_agents_workload() {
    Workload workload{.is_known = true};
    add_app(workload,
            {.id = "/es", .cpus = 2'000, .constraints = {{"hostname", "UNIQUE", {}}}},
            {0, 1, 2});
    add_app(workload, {.id = "/web", .cpus = 1'000}, {0, 0, 0, 1, 1});
    return workload;
}

TEST(Losses, OfAnAppThatIsOnEveryAgentAreExpected) {
    const ClusterFacts facts = cluster_of({3, 4, 6});
    const Workload workload = three_agents_workload();
    const std::vector<LossCase> losses = LossModel(facts, workload).lose_each_agent();
    ASSERT_EQ(losses.size(), 3U);
    for (const LossCase& loss : losses) {
        EXPECT_EQ(loss.lost, 1) << loss.name;
        EXPECT_EQ(loss.expected, 1) << loss.name;
        EXPECT_TRUE(loss.is_safe());
    }
    EXPECT_EQ(losses[0].displaced, 4);
}

TEST(Losses, OfPairsAreThoseThatOneAgentAloneDoesNotShow) {
    const ClusterFacts facts = cluster_of({4, 4, 4, 0});  // h3 has no room and runs nothing
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/web", .cpus = 2'000}, {0, 0, 1, 1, 2, 2});
    LossModel model(facts, workload);
    for (const LossCase& loss : model.lose_each_agent()) {
        EXPECT_TRUE(loss.is_safe()) << loss.name;
    }
    const PairLosses pairs = model.lose_pairs({});
    EXPECT_EQ(pairs.all, 6);
    EXPECT_EQ(pairs.judged, 6);
    EXPECT_FALSE(pairs.is_sampled());
    ASSERT_EQ(pairs.unsafe.size(), 3U) << "two of the three that run something";
    EXPECT_EQ(pairs.unsafe[0].name, "h0, h1");
    EXPECT_EQ(pairs.unsafe[0].displaced, 4);
    EXPECT_EQ(pairs.unsafe[0].lost, 2) << "two fit on h2";
    EXPECT_EQ(pairs.worst_lost, 2);
}

TEST(Losses, OfPairsLeaveOutThoseThatRunNothing) {
    const ClusterFacts facts = cluster_of({8, 8, 6});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/web", .cpus = 2'000}, {2});
    const PairLosses pairs = LossModel(facts, workload).lose_pairs({});
    EXPECT_EQ(pairs.all, 2) << "with h2, which alone runs something";
    EXPECT_EQ(pairs.judged, 2);
    EXPECT_TRUE(pairs.unsafe.empty());
    Workload nothing{.is_known = true};
    EXPECT_EQ(LossModel(facts, nothing).lose_pairs({}).all, 0);
    EXPECT_EQ(LossModel(facts, nothing).lose_pairs({.most_agents = 0}).judged, 0);
}

TEST(Losses, OfManyPairsAreASampleThatIsTheSameForTheSameSeed) {
    std::vector<int> free(20, 1);
    const ClusterFacts facts = cluster_of(free);
    Workload workload{.is_known = true};
    std::vector<int> agents;
    for (int i = 0; i < 20; ++i) {
        agents.push_back(i);
    }
    add_app(workload, {.id = "/web", .cpus = 7'000}, agents);
    LossModel model(facts, workload);
    const auto names = [&](const PairChoice& choice) {
        std::vector<std::string> found;
        for (const LossCase& loss : model.lose_pairs(choice).unsafe) {
            found.push_back(loss.name);
        }
        return found;
    };
    const PairLosses whole = model.lose_pairs({.most_agents = 20});
    EXPECT_EQ(whole.judged, 190) << "exactly so many agents: all pairs";
    const PairLosses sample =
        model.lose_pairs({.most_agents = 19, .sample = 30, .busiest = 5, .seed = 7});
    EXPECT_EQ(sample.judged, 30);
    EXPECT_EQ(sample.all, 190);
    EXPECT_TRUE(sample.is_sampled());
    const PairChoice choice{.most_agents = 0, .sample = 30, .busiest = 5, .seed = 7};
    EXPECT_EQ(names(choice), names(choice));
    EXPECT_NE(names(choice), names({.most_agents = 0, .sample = 30, .busiest = 5, .seed = 8}));
    EXPECT_EQ(names({.most_agents = 0, .sample = 3, .busiest = 3}),
              (std::vector<std::string>{"h0, h1", "h0, h10", "h1, h10"}))
        << "those of the busiest first, of equally busy ones in the order of host names";
}

TEST(Losses, AreNoneWithAnEmptyAgentMore) {
    const ClusterFacts facts = cluster_of({3, 4, 6, 8});
    const Workload workload = three_agents_workload();
    for (const LossCase& loss : LossModel(facts, workload).lose_each_agent()) {
        EXPECT_EQ(loss.lost, 0) << loss.name;
    }
}

TEST(Losses, AreToldByAppWhereThereIsNoRoom) {
    const ClusterFacts facts = cluster_of({1, 1});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/big", .cpus = 2'000}, {0});
    add_app(workload, {.id = "/small", .cpus = 1'000}, {0, 0});
    LossModel model(facts, workload);
    const std::vector<LossCase> losses = model.lose_each_agent();
    ASSERT_EQ(losses.size(), 1U) << "the other agent runs nothing";
    EXPECT_EQ(losses[0].lost, 2);
    EXPECT_FALSE(losses[0].is_safe());
    const std::vector<std::pair<std::uint32_t, std::int64_t>> wanted{{0U, 1}, {1U, 1}};
    EXPECT_EQ(losses[0].lost_by_app, wanted);
}

TEST(Losses, LeaveResidentInstancesWithTheirAgent) {
    const ClusterFacts facts = cluster_of({8, 8});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/db", .is_resident = true}, {0, 0});
    const std::vector<LossCase> losses = LossModel(facts, workload).lose_each_agent();
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses[0].bound, 2);
    EXPECT_EQ(losses[0].displaced, 0);
}

TEST(Losses, AreJudgedForEachValueOfAnAttribute) {
    const ClusterFacts facts = cluster_of({2, 2, 1, 0});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/a", .cpus = 1'000}, {0, 1, 2, 3, 3});
    const std::vector<LossCase> losses = LossModel(facts, workload).lose_each_value("rack");
    ASSERT_EQ(losses.size(), 2U);
    EXPECT_EQ(losses[0].name, "r0");
    EXPECT_EQ(losses[0].displaced, 2);
    EXPECT_EQ(losses[0].lost, 1);
    EXPECT_EQ(losses[1].lost, 0);
}

TEST(Losses, LeaveNoTraceOfOneCaseInTheNext) {
    const ClusterFacts facts = cluster_of({3, 4, 6, 8});
    const Workload workload = three_agents_workload();
    LossModel model(facts, workload);
    const std::vector<LossCase> first = model.lose_each_agent();
    const std::vector<LossCase> again = model.lose_each_agent();
    ASSERT_EQ(first.size(), again.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].lost, again[i].lost);
        EXPECT_EQ(first[i].lost_by_app, again[i].lost_by_app);
    }
}

/// With instances of one size and no constraints the most that can move is the sum of the places.
TEST(Losses, OfInstancesOfOneSizeAreWhatTheSumOfPlacesLeaves) {
    std::mt19937 random(3);
    const auto draw = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<int> free(2 + static_cast<std::size_t>(draw(5)));
        std::vector<int> agents;
        for (std::size_t i = 0; i < free.size(); ++i) {
            free[i] = draw(5);
            agents.insert(agents.end(), static_cast<std::size_t>(draw(5)), static_cast<int>(i));
        }
        const ClusterFacts facts = cluster_of(free);
        Workload workload{.is_known = true};
        add_app(workload, {.id = "/a", .cpus = 2'000}, agents);
        for (const LossCase& loss : LossModel(facts, workload).lose_each_agent()) {
            std::int64_t places = 0;
            for (std::size_t i = 0; i < free.size(); ++i) {
                places += i == loss.agents[0] ? 0 : free[i] / 2;
            }
            EXPECT_EQ(loss.lost, std::max<std::int64_t>(0, loss.displaced - places)) << round;
        }
    }
}

}  // namespace
}  // namespace caretaker
