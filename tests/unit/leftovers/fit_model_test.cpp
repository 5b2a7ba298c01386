// SPDX-License-Identifier: Apache-2.0
// How many more fit: by hand, and against search over every order in which offers may come.
#include "jobs/leftovers/fit_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/apps_table.hpp"
#include "jobs/leftovers/grouping_fit_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using testing::read_facts;

struct SampleAgent {
    std::string rack{};  // empty: none
    int cpus = 0;
    std::string extra{};  // more resources, as sums
    std::string zone{"z0"};
};

ClusterFacts cluster_of(const std::vector<SampleAgent>& agents) {
    std::string text = R"({"slaves":[)";
    for (std::size_t i = 0; i < agents.size(); ++i) {
        text += fmt::format(
            R"({}{{"id":"S{}","hostname":"h{}","attributes":{{{}}},"resources":{{"cpus":{},"mem":99999{}}},"used_resources":{{}}}})",
            i == 0 ? "" : ",",
            i,
            i,
            (agents[i].rack.empty() ? "" : fmt::format(R"("rack":"{}",)", agents[i].rack)) +
                fmt::format(R"("zone":"{}")", agents[i].zone),
            agents[i].cpus,
            agents[i].extra);
    }
    ClusterFacts facts = read_facts({text + "]}"});
    judge_agents(facts, {});
    return facts;
}

/// Five agents that take 5, 1, 3, 2 and 4 instances, in three racks and none.
ClusterFacts five_agents() {
    return cluster_of({{"A", 5}, {"A", 1}, {"B", 3}, {"C", 2}, {"", 4}});
}

Workload workload_of(std::vector<MarathonConstraint> constraints,
                     const std::vector<int>& instances_on = {}) {
    MarathonApp app{.id = "/a",
                    .instances = std::ssize(instances_on),
                    .mem = 0,
                    .constraints = std::move(constraints)};
    Workload workload{.is_known = true, .apps = {std::move(app)}};
    for (std::size_t i = 0; i < instances_on.size(); ++i) {
        workload.tasks.push_back({.id = fmt::format("t{}", i),
                                  .app = "/a",
                                  .agent = fmt::format("S{}", instances_on[i]),
                                  .state = "TASK_RUNNING"});
    }
    return workload;
}

AppFit fit_of(const ClusterFacts& facts, const Workload& workload) {
    return compute_fits(facts, workload).apps.at(0);
}

struct FitCase {
    std::vector<MarathonConstraint> constraints{};
    int fits = 0;
    int with_one_counted = 0;  // on the first agent
};

class FiveAgents : public ::testing::TestWithParam<FitCase> {};

TEST_P(FiveAgents, TakeWhatTheConstraintsAllow) {
    const ClusterFacts facts = five_agents();
    EXPECT_EQ(fit_of(facts, workload_of(GetParam().constraints)).fits, GetParam().fits);
    EXPECT_EQ(fit_of(facts, workload_of(GetParam().constraints, {0})).fits,
              GetParam().with_one_counted);
}

INSTANTIATE_TEST_SUITE_P(
    Constraints,
    FiveAgents,
    ::testing::Values(FitCase{{}, 15, 15},
                      FitCase{{{"hostname", "UNIQUE", {}}}, 5, 4},
                      FitCase{{{"rack", "UNIQUE", {}}}, 3, 2},
                      FitCase{{{"hostname", "MAX_PER", "2"}}, 9, 8},
                      FitCase{{{"rack", "MAX_PER", "2"}}, 6, 5},
                      FitCase{{{"rack", "UNLIKE", "A"}}, 9, 9},
                      FitCase{{{"rack", "CLUSTER", {}}}, 6, 6},
                      FitCase{{{"rack", "GROUP_BY", {}}}, 8, 7},
                      FitCase{{{"rack", "GROUP_BY", "3"}}, 8, 7},
                      FitCase{{{"rack", "GROUP_BY", "4"}}, 3, 2},
                      FitCase{{{"hostname", "UNIQUE", {}}, {"rack", "GROUP_BY", "3"}}, 4, 3}));

TEST(Fits, KnowWhereTheOrderOfOffersMatters) {
    const ClusterFacts facts = five_agents();
    const AppFit free_groups = fit_of(facts, workload_of({{"rack", "GROUP_BY", {}}}));
    EXPECT_EQ(free_groups.fits_most, 11);
    EXPECT_TRUE(free_groups.is_order_dependent);
    EXPECT_FALSE(fit_of(facts, workload_of({{"rack", "GROUP_BY", "3"}})).is_order_dependent);
    EXPECT_TRUE(fit_of(facts, workload_of({{"rack", "CLUSTER", {}}})).is_order_dependent);
    EXPECT_FALSE(fit_of(facts, workload_of({{"rack", "CLUSTER", {}}}, {0})).is_order_dependent);
}

TEST(Fits, AreRoundedAsMesosRounds) {
    const ClusterFacts facts =
        read_facts({R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1,"mem":100},)"
                    R"("used_resources":{"cpus":0.8}}]})"});
    Workload workload = workload_of({});
    workload.apps[0].cpus = 200;
    EXPECT_EQ(fit_of(facts, workload).fits, 1);
}

TEST(Fits, CountTheFirstReasonOfEachAgent) {
    ClusterFacts facts = cluster_of({{"A", 4}, {"A", 4}, {"B", 0}, {"B", 1}, {"B", 8}});
    facts.cluster.agents[0].state = AgentState::draining;
    facts.cluster.agents[1].state = AgentState::maintenance;
    Workload workload = workload_of({{"rack", "UNLIKE", "C"}});
    workload.apps[0].cpus = 2'000;
    const AppFit fit = fit_of(facts, workload);
    EXPECT_EQ(fit.fits, 4);
    EXPECT_EQ(describe_refusals(fit), "InsufficientCpus 2, Unavailable 1, AgentMaintenance 1");
    workload.apps[0].constraints = {{"rack", "IS", "B"}};
    EXPECT_EQ(describe_refusals(fit_of(facts, workload)),
              "InsufficientCpus 2, Unavailable 1, UnfulfilledConstraint 1");
}

TEST(Fits, NeedFreePortsOnTheHost) {
    const ClusterFacts facts = cluster_of({{"", 9, R"(,"ports":"[31000-31004]")"},
                                           {"", 9, R"(,"ports":"[80-80, 31000-31001]")"},
                                           {"", 9, ""}});
    Workload workload = workload_of({});
    workload.apps[0].dynamic_ports = 2;
    AppFit fit = fit_of(facts, workload);
    EXPECT_EQ(fit.fits, 3);
    EXPECT_EQ(fit.pooled, 4);
    EXPECT_EQ(describe_refusals(fit), "InsufficientPorts 1");
    EXPECT_EQ(fit.bindings.at(static_cast<std::size_t>(Binding::ports)), 2);
    workload.apps[0].static_ports.add(80, 80);
    EXPECT_EQ(fit_of(facts, workload).fits, 1);
    workload.apps[0].dynamic_ports = 3;
    EXPECT_EQ(fit_of(facts, workload).fits, 0);
    workload.apps[0].dynamic_ports = 0;
    EXPECT_EQ(fit_of(facts, workload).fits, 1) << "a port is there once";
    workload.apps[0].wants_impossible_port = true;
    EXPECT_EQ(fit_of(facts, workload).fits, 0);
}

TEST(Fits, LeaveAgentsWithFreeGpusToThoseThatNeedThem) {
    const ClusterFacts facts = cluster_of({{"", 9, R"(,"gpus":2)"}, {"", 3, ""}});
    Workload workload = workload_of({});
    EXPECT_EQ(fit_of(facts, workload).fits, 3);
    EXPECT_EQ(describe_refusals(fit_of(facts, workload)), "DeclinedScarceResources 1");
    workload.apps[0].gpu_behavior = "unrestricted";
    EXPECT_EQ(fit_of(facts, workload).fits, 12);
    workload.apps[0].gpus = 1'000;
    EXPECT_EQ(fit_of(facts, workload).fits, 2);
}

TEST(Fits, DoNotCountInstancesOfAnOlderDefinitionOrWithoutAPlace) {
    const ClusterFacts facts = five_agents();
    Workload workload = workload_of({{"hostname", "UNIQUE", {}}}, {0, 1, 2});
    const WallTime changed{std::chrono::seconds{100}};
    workload.apps[0].config_changed = changed;
    workload.tasks[0].version = changed;
    workload.tasks[1].version = changed - std::chrono::milliseconds(1);
    workload.tasks[2].state = "TASK_UNREACHABLE";
    const AppFit fit = fit_of(facts, workload);
    EXPECT_EQ(fit.fits, 4);
    EXPECT_EQ(fit.running, 2);
}

TEST(Fits, AreUnknownForWhatCannotBeJudged) {
    const ClusterFacts facts = five_agents();
    EXPECT_NE(fit_of(facts, workload_of({{"rack", "LIKE", "("}})).unsupported, "");
    EXPECT_NE(fit_of(facts, workload_of({{"rack", "NEAR", "x"}})).unsupported, "");
    EXPECT_NE(fit_of(facts, workload_of({{"rack", "MAX_PER", "x"}})).unsupported, "");
}

TEST(Fragmentation, IsWhatTheSumsWouldTakeAndThePiecesDoNot) {
    const ClusterFacts facts = read_facts(
        {R"({"slaves":[)"
         R"({"id":"S0","hostname":"a","resources":{"cpus":6,"mem":4096},"used_resources":{}},)"
         R"({"id":"S1","hostname":"b","resources":{"cpus":1,"mem":24576},"used_resources":{}},)"
         R"({"id":"S2","hostname":"c","resources":{"cpus":3,"mem":9216},"used_resources":{}}]})"});
    Workload workload{.is_known = true};
    workload.apps = {{.id = "/l", .cpus = 4'000, .mem = 8'192'000},
                     {.id = "/s", .cpus = 1'000, .mem = 1'024'000}};
    for (const char* id : {"t1", "t2", "t3"}) {
        workload.tasks.push_back({.id = id, .app = "/s", .agent = "S0"});
    }
    workload.tasks.push_back({.id = "t4", .app = "/l", .agent = "S0"});
    const Fits fits = compute_fits(facts, workload);
    EXPECT_EQ(fits.apps[0].fits, 0);
    EXPECT_EQ(fits.apps[0].pooled, 2);
    EXPECT_EQ(fits.apps[1].fits, 8);
    EXPECT_EQ(fits.apps[1].pooled, 10);
    EXPECT_EQ(fits.index_millionths, 400'000);
    EXPECT_EQ(fits.fits_any, (std::vector<bool>{true, true, true}));
    workload.tasks.clear();
    EXPECT_EQ(compute_fits(facts, workload).index_millionths, std::nullopt);
}

/// Fewest and most that any order of offers places.
class Search {
 public:
    explicit Search(const std::vector<Grouping>& groupings) : groupings_(groupings) {}

    std::pair<int, int> run(std::vector<std::int32_t> rest, std::vector<std::int32_t> instances) {
        if (const auto known = known_.find(rest); known != known_.end()) {
            return known->second;
        }
        std::pair<int, int> best{1'000, -1};
        for (std::size_t i = 0; i < rest.size(); ++i) {
            if (rest[i] == 0 || !is_accepted(i, instances)) {
                continue;
            }
            --rest[i];
            ++instances[i];
            const auto [fewest, most] = run(rest, instances);
            best = {std::min(best.first, fewest + 1), std::max(best.second, most + 1)};
            ++rest[i];
            --instances[i];
        }
        if (best.second < 0) {
            best = {0, 0};
        }
        known_[rest] = best;
        return best;
    }

 private:
    [[nodiscard]] bool is_accepted(std::size_t agent,
                                   const std::vector<std::int32_t>& instances) const {
        return std::ranges::all_of(groupings_, [&](const Grouping& grouping) {
            InstancesByAgent by_agent;
            for (std::uint32_t i = 0; i < instances.size(); ++i) {
                by_agent.emplace_back(i, instances[i]);
            }
            const auto counts = count_by_value(*grouping.column, by_agent);
            return accepts_now(
                grouping, grouping.column->values[agent], counts, tally_groups(counts));
        });
    }

    const std::vector<Grouping>& groupings_;
    std::map<std::vector<std::int32_t>, std::pair<int, int>> known_{};
};

TEST(Fits, AreWhatSearchOverAllOrdersFinds) {
    std::mt19937 random(11);
    const auto draw = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
    const std::vector<std::vector<MarathonConstraint>> choices{
        {{"rack", "UNIQUE", {}}},
        {{"rack", "MAX_PER", "2"}},
        {{"rack", "CLUSTER", {}}},
        {{"rack", "GROUP_BY", {}}},
        {{"rack", "GROUP_BY", "2"}},
        {{"rack", "GROUP_BY", "3"}},
        {{"hostname", "UNIQUE", {}}},
        {{"hostname", "MAX_PER", "2"}},
        {{"hostname", "GROUP_BY", {}}},
        {{"hostname", "UNIQUE", {}}, {"rack", "GROUP_BY", "2"}},
        {{"rack", "UNIQUE", {}}, {"zone", "UNIQUE", {}}},
        {{"rack", "MAX_PER", "2"}, {"zone", "MAX_PER", "1"}},
        {{"rack", "MAX_PER", "3"}, {"hostname", "GROUP_BY", {}}}};
    for (int round = 0; round < 600; ++round) {
        std::vector<SampleAgent> agents(1 + draw(4));
        std::vector<std::int32_t> capacities;
        for (SampleAgent& agent : agents) {
            agent.rack = std::vector<std::string>{"A", "B", "C", ""}[draw(4)];
            agent.zone = std::vector<std::string>{"y", "z"}[draw(2)];
            agent.cpus = static_cast<int>(draw(4));
            capacities.push_back(agent.cpus);
        }
        std::vector<int> running;
        std::vector<std::int32_t> instances(agents.size());
        for (std::size_t i = draw(4); i > 0; --i) {
            running.push_back(static_cast<int>(draw(agents.size())));
            ++instances[static_cast<std::size_t>(running.back())];
        }
        const std::vector<MarathonConstraint>& constraints = choices[draw(choices.size())];
        const ClusterFacts facts = cluster_of(agents);
        const AppFit fit = fit_of(facts, workload_of(constraints, running));
        FieldColumns columns(facts.cluster);
        const CompiledConstraints compiled = compile_constraints(constraints, columns);
        const auto [fewest, most] = Search(compiled.groupings).run(capacities, instances);
        EXPECT_LE(fewest, fit.fits) << round;
        EXPECT_LE(fit.fits, most) << round;
        EXPECT_GE(fit.fits_most, most) << round;
        if (!fit.is_order_dependent) {
            EXPECT_EQ(fewest, fit.fits) << round << ' ' << constraints[0].op;
            EXPECT_EQ(most, fit.fits) << round << ' ' << constraints[0].op;
        }
    }
}

/// Marathon 1.11 has another GROUP_BY, which divides by zero without a number.
TEST(Fits, AreNotJudgedByTheGroupsOfOlderMarathons) {
    const auto fit = [](std::string version, std::optional<std::string> groups) {
        Workload workload = workload_of({{"rack", "GROUP_BY", std::move(groups)}});
        workload.settings.version = std::move(version);
        return fit_of(five_agents(), workload);
    };
    for (const char* const version : {"", "1.4.7", "1.10.26", "0.15.3", "1", "latest"}) {
        EXPECT_EQ(fit(version, "3").fits, 8) << version;
        EXPECT_EQ(fit(version, "3").unsupported, "") << version;
    }
    for (const char* const version : {"1.11.24", "1.12.0-SNAPSHOT", "2.0.85"}) {
        EXPECT_EQ(fit(version, "3").unsupported,
                  "rack GROUP_BY 3: the rule of Marathon 1.11 for this operator is not known")
            << version;
        const AppFit never = fit(version, std::nullopt);
        EXPECT_EQ(never.unsupported, "") << version;
        EXPECT_EQ(never.fits_most, 0) << version;
    }
}

TEST(Fits, OfTwoCappedFieldsAreTheLargestFlow) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[)"
         R"({"id":"S0","hostname":"a","attributes":{"r":"1","z":"1"},"resources":{"cpus":1,"mem":9}},)"
         R"({"id":"S1","hostname":"b","attributes":{"r":"1","z":"2"},"resources":{"cpus":1,"mem":9}},)"
         R"({"id":"S2","hostname":"c","attributes":{"r":"2","z":"1"},"resources":{"cpus":1,"mem":9}}]})"});
    judge_agents(facts, {});
    const AppFit fit = fit_of(facts, workload_of({{"r", "UNIQUE", {}}, {"z", "UNIQUE", {}}}));
    EXPECT_EQ(fit.fits, 2) << "on b and c; one on a leaves room for no other";
    EXPECT_EQ(fit.fits_most, 2);
    EXPECT_TRUE(fit.is_order_dependent);
}

TEST(Fits, AreNoneWhereTheAcceptedRolesAreOthers) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"a","unreserved_resources_full":[)"
         R"({"name":"cpus","scalar":{"value":8}},{"name":"mem","scalar":{"value":99}}],)"
         R"("reserved_resources_full":{"web":[{"name":"cpus","role":"web","scalar":{"value":2}}]},)"
         R"("used_resources_full":[]}]})"});
    judge_agents(facts, {});
    Workload workload = workload_of({});
    MarathonApp& app = workload.apps[0];
    app.cpus = 1'000;
    const auto fits = [&] { return fit_of(facts, workload).fits; };
    app.accepted_roles = {"slave_public"};
    EXPECT_EQ(fits(), 0);
    EXPECT_EQ(fit_of(facts, workload).refusals.at(static_cast<std::size_t>(Refusal::role)), 1);
    app.role = "web";
    EXPECT_EQ(fits(), 0);
    app.accepted_roles = {"web", "slave_public"};
    EXPECT_EQ(fits(), 2);
    app.accepted_roles = {};
    app.accepted_roles.reset();
    EXPECT_EQ(fits(), 10);
    workload.settings.accepted = AcceptedRoles::unreserved;
    EXPECT_EQ(fits(), 8);
    workload.settings.accepted = AcceptedRoles::reserved;
    EXPECT_EQ(fits(), 2);
    app.role = "*";
    EXPECT_EQ(fits(), 8);
}

TEST(Fits, LeaveGpusAloneThatAreOnOfferToTheRole) {
    ClusterFacts facts = read_facts(
        {R"({"slaves":[{"id":"S0","hostname":"a","unreserved_resources_full":[)"
         R"({"name":"cpus","scalar":{"value":8}},{"name":"mem","scalar":{"value":99}}],)"
         R"("reserved_resources_full":{"ml":[{"name":"gpus","role":"ml","scalar":{"value":1}}]},)"
         R"("used_resources_full":[]}]})"});
    judge_agents(facts, {});
    Workload workload = workload_of({});
    workload.apps[0].cpus = 1'000;
    workload.apps[0].accepted_roles = {"*"};
    EXPECT_EQ(fit_of(facts, workload).fits, 8) << "they are not offered to *";
    workload.apps[0].role = "ml";
    EXPECT_EQ(fit_of(facts, workload).fits, 0);
    EXPECT_EQ(fit_of(facts, workload).refusals.at(static_cast<std::size_t>(Refusal::scarce)), 1);
    workload.apps[0].gpu_behavior = "unrestricted";
    EXPECT_EQ(fit_of(facts, workload).fits, 8);
}

TEST(Fits, NameTheValueThatGroupByWaitsFor) {
    const ClusterFacts facts = cluster_of({{"A", 0}, {"B", 7}});
    const AppFit fit = fit_of(facts, workload_of({{"rack", "GROUP_BY", "2"}}, {0, 1, 1}));
    EXPECT_EQ(fit.fits, 0);
    EXPECT_EQ(fit.blocked_by, "rack=A");
    EXPECT_EQ(fit_of(facts, workload_of({{"rack", "GROUP_BY", "2"}}, {0})).blocked_by, "");
}

/// Twice as much of everything needed and free changes nothing, an empty agent more takes nothing
/// away from apps without groups, and neither does a task that ends.
TEST(Fits, ChangeAsTheClusterDoes) {
    std::mt19937 random(21);
    const auto draw = [&](std::size_t most) { return static_cast<std::size_t>(random() % most); };
    const std::vector<std::vector<MarathonConstraint>> choices{
        {}, {{"hostname", "UNIQUE", {}}}, {{"rack", "MAX_PER", "2"}}, {{"rack", "UNLIKE", "B"}}};
    for (int round = 0; round < 200; ++round) {
        std::vector<SampleAgent> agents(1 + draw(5));
        for (SampleAgent& agent : agents) {
            agent.rack = std::vector<std::string>{"A", "B", "C"}[draw(3)];
            agent.cpus = static_cast<int>(draw(9));
        }
        std::vector<int> running(draw(4));
        for (int& agent : running) {
            agent = static_cast<int>(draw(agents.size()));
        }
        Workload workload = workload_of(choices[draw(choices.size())], running);
        workload.apps[0].cpus = 1'000 + 500 * static_cast<Milli>(draw(4));
        const std::int64_t fits = fit_of(cluster_of(agents), workload).fits;
        std::vector<SampleAgent> doubled = agents;
        for (SampleAgent& agent : doubled) {
            agent.cpus *= 2;
        }
        Workload needs_double = workload;
        needs_double.apps[0].cpus *= 2;
        EXPECT_EQ(fit_of(cluster_of(doubled), needs_double).fits, fits) << round;
        std::vector<SampleAgent> more = agents;
        more.push_back({"D", 4});
        EXPECT_GE(fit_of(cluster_of(more), workload).fits, fits) << round;
        if (!running.empty()) {
            Workload fewer = workload;
            fewer.tasks.pop_back();
            EXPECT_GE(fit_of(cluster_of(agents), fewer).fits, fits) << round;
        }
    }
}

TEST(Fits, DoNotDependOnTheOrderOfTheInput) {
    const ClusterFacts facts = cluster_of({{"A", 5}, {"B", 3}});
    const ClusterFacts turned =
        read_facts({R"({"slaves":[{"used_resources":{},"resources":{"mem":99999,"cpus":3},)"
                    R"("attributes":{"rack":"B"},"hostname":"h1","id":"S1"},)"
                    R"({"used_resources":{},"resources":{"mem":99999,"cpus":5},)"
                    R"("attributes":{"rack":"A"},"hostname":"h0","id":"S0"}]})"});
    const Workload workload = workload_of({{"rack", "GROUP_BY", {}}}, {1});
    EXPECT_EQ(fit_of(facts, workload).fits, fit_of(turned, workload).fits);
}

}  // namespace
}  // namespace caretaker
