// SPDX-License-Identifier: Apache-2.0
// What is lost with an agent: by hand, and no placing without room for it.
#include "jobs/leftovers/loss_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
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

/// One after the other, looking at every agent each time: what the loss of `gone` leaves without a
/// place, by app, in an order of its own.
std::map<std::uint32_t, std::int64_t> lost_by_trying(const std::vector<int>& free_cpus,
                                                     const Workload& workload,
                                                     const std::set<std::uint32_t>& gone) {
    std::vector<Milli> free;
    for (const int cpus : free_cpus) {
        free.push_back(1'000 * cpus);
    }
    std::vector<std::map<std::uint32_t, std::int64_t>> on_agents(workload.apps.size());
    std::vector<std::int64_t> displaced(workload.apps.size());
    for (const MarathonTask& task : workload.tasks) {
        const auto app = std::ranges::find(workload.apps, task.app.view(), &MarathonApp::id);
        const auto index = static_cast<std::size_t>(app - workload.apps.begin());
        const auto agent =
            static_cast<std::uint32_t>(std::stoul(std::string(task.agent.view().substr(1))));
        if (gone.contains(agent)) {
            ++displaced[index];
        } else {
            ++on_agents[index][agent];
        }
    }
    const auto accepts = [&](std::size_t app, std::uint32_t agent) {
        if (workload.apps[app].constraints.empty()) {
            return true;
        }
        if (workload.apps[app].constraints[0].op == "UNIQUE") {
            return on_agents[app][agent] == 0;
        }
        std::map<std::uint32_t, std::int64_t> racks;  // GROUP_BY rack
        for (const auto& [other, number] : on_agents[app]) {
            racks[other / 2] += number;
        }
        std::erase_if(racks, [](const auto& rack) { return rack.second == 0; });
        const auto here = racks.find(agent / 2);
        return here == racks.end() || std::ranges::all_of(racks, [&](const auto& rack) {
                   return here->second <= rack.second;
               });
    };
    std::vector<std::uint32_t> order(workload.apps.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(
        order, std::greater{}, [&](std::uint32_t app) { return workload.apps[app].cpus; });
    std::map<std::uint32_t, std::int64_t> lost;
    for (const std::uint32_t app : order) {
        for (; displaced[app] > 0; --displaced[app]) {
            std::optional<std::uint32_t> best;
            for (std::uint32_t agent = 0; agent < free.size(); ++agent) {
                if (!gone.contains(agent) && free[agent] >= workload.apps[app].cpus &&
                    accepts(app, agent) && (!best || free[agent] < free[*best])) {
                    best = agent;
                }
            }
            if (!best) {
                lost[app] = displaced[app];
                break;
            }
            free[*best] -= workload.apps[app].cpus;
            ++on_agents[app][*best];
        }
    }
    return lost;
}

TEST(Losses, AreThoseOfTryingEveryAgentForEachInstance) {
    std::mt19937 random(5);
    const auto draw = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    std::int64_t all_lost = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<int> free(2 + static_cast<std::size_t>(draw(9)));
        for (int& cpus : free) {
            cpus = draw(6);
        }
        Workload workload{.is_known = true};
        const int apps = 1 + draw(6);
        for (int i = 0; i < apps; ++i) {
            std::vector<int> agents;
            for (int n = draw(8); n > 0; --n) {
                agents.push_back(draw(static_cast<int>(free.size())));
            }
            MarathonApp app{.id = fmt::format("/a{}", i), .cpus = 500 * (1 + draw(6))};
            if (i % 3 == 1) {
                app.constraints = {{"hostname", "UNIQUE", {}}};
            } else if (i % 3 == 2) {
                app.constraints = {{"rack", "GROUP_BY", {}}};
            }
            add_app(workload, app, agents);
        }
        const ClusterFacts facts = cluster_of(free);
        LossModel model(facts, workload);
        std::vector<LossCase> least = model.lose_each_agent();
        const std::vector<LossCase> least_of_racks = model.lose_each_value("rack");
        least.insert(least.end(), least_of_racks.begin(), least_of_racks.end());
        model.limit_search(0);
        std::vector<LossCase> losses = model.lose_each_agent();
        const std::vector<LossCase> racks = model.lose_each_value("rack");
        losses.insert(losses.end(), racks.begin(), racks.end());
        for (std::size_t i = 0; i < losses.size(); ++i) {
            const LossCase& loss = losses[i];
            EXPECT_LE(least[i].lost, loss.lost) << round;
            EXPECT_TRUE(!loss.is_least || least[i].lost == loss.lost) << round;
            const auto expected =
                lost_by_trying(free, workload, {loss.agents.begin(), loss.agents.end()});
            const std::map<std::uint32_t, std::int64_t> lost(loss.lost_by_app.begin(),
                                                             loss.lost_by_app.end());
            EXPECT_EQ(lost, expected) << "round " << round << ", " << loss.name;
            all_lost += loss.lost;
        }
    }
    EXPECT_GT(all_lost, 1'000) << "else nothing was tried";
}

TEST(Losses, AreNoneWhereAnotherOrderPlacesAll) {
    // The fullest agent takes the large one and so has 2 left, where 4 + 3 and 3 + 3 would fit.
    const ClusterFacts facts = cluster_of({7, 6, 0});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/large", .cpus = 4'000}, {2});
    add_app(workload, {.id = "/small", .cpus = 3'000}, {2, 2, 2});
    LossModel model(facts, workload);
    model.limit_search(0);
    EXPECT_EQ(model.lose_each_agent().at(0).lost, 1);
    EXPECT_FALSE(model.lose_each_agent().at(0).is_least);
    model.limit_search(100'000);
    EXPECT_EQ(model.lose_each_agent().at(0).lost, 0);
    EXPECT_TRUE(model.lose_each_agent().at(0).is_least);
    EXPECT_TRUE(model.lose_each_agent().at(0).lost_by_app.empty());
}

/// Every way to put instances of the given sizes on agents with so much free.
std::int64_t least_lost(std::vector<int>& free, const std::vector<int>& sizes, std::size_t from) {
    if (from == sizes.size()) {
        return 0;
    }
    std::int64_t least = 1 + least_lost(free, sizes, from + 1);
    for (int& cpus : free) {
        if (cpus >= sizes[from]) {
            cpus -= sizes[from];
            least = std::min(least, least_lost(free, sizes, from + 1));
            cpus += sizes[from];
        }
    }
    return least;
}

TEST(Losses, AreTheLeastOfAllWays) {
    std::mt19937 random(9);
    const auto draw = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    std::int64_t better = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<int> free{draw(9), draw(9), draw(9), 0};
        Workload workload{.is_known = true};
        std::vector<int> sizes;
        for (int app = 0; app < 3; ++app) {
            const int size = 1 + draw(5);
            const int count = draw(3);
            add_app(workload,
                    {.id = fmt::format("/a{}", app), .cpus = 1'000 * size},
                    std::vector<int>(static_cast<std::size_t>(count), 3));
            sizes.insert(sizes.end(), static_cast<std::size_t>(count), size);
        }
        const ClusterFacts facts = cluster_of(free);
        LossModel model(facts, workload);
        LossCase loss{.agents = {3}};
        model.judge(loss);
        free.pop_back();
        EXPECT_EQ(loss.lost, least_lost(free, sizes, 0)) << round;
        EXPECT_TRUE(loss.is_least);
        model.limit_search(0);
        LossCase greedy{.agents = {3}};
        model.judge(greedy);
        better += greedy.lost - loss.lost;
    }
    EXPECT_GT(better, 0) << "else nothing was searched";
}

TEST(Losses, CountWhatDrainingAgentsHaveToGiveUpInEveryCase) {
    ClusterFacts facts = cluster_of({0, 0, 4});
    facts.cluster.agents[0].state = AgentState::draining;
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/w", .cpus = 1'000}, {0, 0, 0, 0, 1, 1, 1, 1});
    LossModel model(facts, workload);
    EXPECT_EQ(model.now().displaced, 4);
    EXPECT_EQ(model.now().lost, 0);
    const std::vector<LossCase> losses = model.lose_each_agent();
    ASSERT_EQ(losses.size(), 2U) << "h1, and h2 where those of h0 go";
    EXPECT_EQ(losses[0].name, "h1");
    EXPECT_EQ(losses[0].lost, 4);
    EXPECT_EQ(losses[1].name, "h2");
    EXPECT_EQ(losses[1].displaced, 4);
    EXPECT_EQ(losses[1].lost, 4);
}

TEST(Losses, SayWhatOfDrainingAgentsFindsNoPlaceNow) {
    ClusterFacts facts = cluster_of({0, 3});
    facts.cluster.agents[0].state = AgentState::draining;
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/w", .cpus = 1'000}, {0, 0, 0, 0});
    LossModel model(facts, workload);
    EXPECT_EQ(model.now().displaced, 4);
    EXPECT_EQ(model.now().lost, 1);
    EXPECT_TRUE(model.now().is_least);
    ClusterFacts calm = cluster_of({0, 3});
    EXPECT_TRUE(LossModel(calm, workload).now().agents.empty());
}

TEST(Losses, NameAppsBelowTheirHealthAndWithoutAnyInstance) {
    const ClusterFacts facts = cluster_of({0, 0});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/half", .cpus = 1'000, .min_health = 500}, {0, 1});
    add_app(workload, {.id = "/all", .cpus = 1'000}, {0, 1});
    add_app(workload, {.id = "/one", .cpus = 1'000}, {0});
    const LossCase loss = LossModel(facts, workload).lose_each_agent().at(0);
    EXPECT_EQ(loss.lost, 3);
    EXPECT_EQ(loss.below_health, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(loss.without_any, (std::vector<std::uint32_t>{2}));
}

/// Of `host`, 0.1 cpus for all, and 2 for each of two roles, which are used or not.
std::string agent_of_two_roles(const std::string& host, int used) {
    const auto entry = [](const std::string& role, double cpus) {
        return fmt::format(R"({{"name":"cpus","role":"{}","scalar":{{"value":{}}}}})", role, cpus);
    };
    return fmt::format(R"({{"id":"{}","hostname":"{}","unreserved_resources_full":[{}],)"
                       R"("reserved_resources_full":{{"web":[{}],"logs":[{}]}},)"
                       R"("used_resources_full":[{},{}]}})",
                       host,
                       host,
                       entry("*", 0.1),
                       entry("web", 2),
                       entry("logs", 2),
                       entry("web", used),
                       entry("logs", used));
}

TEST(Losses, KeepReservationsOfRolesApart) {
    ClusterFacts facts = testing::read_facts({R"({"slaves":[)" + agent_of_two_roles("S0", 0) + "," +
                                              agent_of_two_roles("S1", 2) + "]}"});
    judge_agents(facts, {});
    Workload workload{.is_known = true};
    add_app(workload, {.id = "/a", .cpus = 2'000, .role = "web"}, {1});
    add_app(workload, {.id = "/b", .cpus = 2'000, .role = "logs"}, {1});
    EXPECT_EQ(LossModel(facts, workload).lose_each_agent().at(0).lost, 0);
    add_app(workload, {.id = "/c", .cpus = 100, .role = "logs"}, {1});
    add_app(workload, {.id = "/d", .cpus = 100}, {1});
    const LossCase loss = LossModel(facts, workload).lose_each_agent().at(0);
    EXPECT_EQ(loss.lost, 1) << "/c and /d both need the 0.1 cpus that are nobody's";
}

}  // namespace
}  // namespace caretaker
