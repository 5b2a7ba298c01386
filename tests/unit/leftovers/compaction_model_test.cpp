// SPDX-License-Identifier: Apache-2.0
// How few agents would do: by hand, and what holds of every cluster.
#include "jobs/leftovers/compaction_model.hpp"

#include "jobs/leftovers/agent_state_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace caretaker {
namespace {

struct SampleApp {
    std::string id{};
    int cpus = 1;
    std::vector<int> agents{};  // one instance each; may repeat
    std::vector<MarathonConstraint> constraints{};
    bool is_resident = false;
};

/// Agents of 8 cpus, on which others use `foreign`.
ClusterFacts cluster_of(const std::vector<int>& foreign, const std::vector<SampleApp>& apps) {
    std::vector<int> used = foreign;
    for (const SampleApp& app : apps) {
        for (const int agent : app.agents) {
            used[static_cast<std::size_t>(agent)] += app.cpus;
        }
    }
    std::string text = R"({"slaves":[)";
    for (std::size_t i = 0; i < used.size(); ++i) {
        text += fmt::format(
            R"({}{{"id":"S{}","hostname":"h{}","resources":{{"cpus":8,"mem":99999}},"used_resources":{{"cpus":{}}}}})",
            i == 0 ? "" : ",",
            i,
            i,
            used[i]);
    }
    ClusterFacts facts = testing::read_facts({text + "]}"});
    judge_agents(facts, {});
    facts.workload.is_known = true;
    for (const SampleApp& app : apps) {
        facts.workload.apps.push_back({.id = app.id,
                                       .instances = std::ssize(app.agents),
                                       .cpus = 1000 * app.cpus,
                                       .mem = 0,
                                       .constraints = app.constraints});
        facts.workload.apps.back().is_resident = app.is_resident;
        for (const int agent : app.agents) {
            facts.workload.tasks.push_back({.id = fmt::format("t{}", facts.workload.tasks.size()),
                                            .app = app.id,
                                            .agent = fmt::format("S{}", agent),
                                            .state = "TASK_RUNNING"});
        }
    }
    return facts;
}

Compaction compact_all(const ClusterFacts& facts, std::int64_t trials = 11) {
    return compact(facts, trials, 1, [] {});
}

TEST(Compaction, PacksWhatIsSpread) {
    const Compaction found = compact_all(cluster_of({0, 0, 0, 0}, {{"/web", 2, {0, 1, 2, 3}}}));
    EXPECT_EQ(found.agents, 4);
    EXPECT_EQ(found.instances, 4);
    EXPECT_EQ(found.allowed_out, 0);
    EXPECT_EQ(found.trials, 11);
    EXPECT_EQ(found.needed, std::vector<std::int64_t>(11, 1));
    EXPECT_EQ(found.percentile_90(), 1);
}

TEST(Compaction, HeedsConstraints) {
    const Compaction found = compact_all(
        cluster_of({0, 0, 0, 0}, {{"/es", 1, {0, 1, 2}, {{"hostname", "UNIQUE", {}}}}}));
    EXPECT_EQ(found.percentile_90(), 3);
}

TEST(Compaction, LeavesWhatOthersUseAndWhatCannotMoveWhereItIs) {
    // 8 cpus of /web beside 4 of others and 4 of a resident app on each agent but the last.
    const Compaction found = compact_all(
        cluster_of({4, 4, 4, 8}, {{"/db", 2, {0, 1, 2}, {}, true}, {"/web", 2, {0, 1, 2}}}));
    EXPECT_EQ(found.instances, 3) << "/db is not counted";
    EXPECT_EQ(found.needed.front(), 3);
    EXPECT_EQ(found.needed.back(), 4) << "where the full agent comes before one of the others";
}

TEST(Compaction, LetsTwoOfAThousandOut) {
    std::vector<int> agents(1000);
    for (std::size_t i = 0; i < agents.size(); ++i) {
        agents[i] = static_cast<int>(i / 8);
    }
    const Compaction found =
        compact_all(cluster_of(std::vector<int>(125), {{"/web", 1, agents}}), 1);
    EXPECT_EQ(found.allowed_out, 2);
    EXPECT_EQ(found.needed, std::vector<std::int64_t>{125}) << "124 agents hold 992";
    agents.resize(994);
    EXPECT_EQ(compact_all(cluster_of(std::vector<int>(125), {{"/web", 1, agents}}), 1).needed,
              std::vector<std::int64_t>{125})
        << "one of 994 may be left out, and there are two more than 992";
    agents.resize(993);
    EXPECT_EQ(compact_all(cluster_of(std::vector<int>(125), {{"/web", 1, agents}}), 1).needed,
              std::vector<std::int64_t>{124});
}

TEST(Compaction, NamesAnAppThatAllAgentsDoNotHold) {
    ClusterFacts facts = cluster_of({0, 0}, {{"/wide", 1, {0, 0}}, {"/web", 1, {1}}});
    facts.workload.apps[0].cpus = 7'000;  // by its present definition
    const Compaction found = compact_all(facts, 3);
    EXPECT_EQ(found.needed, (std::vector<std::int64_t>{2, 2, 2}));
    facts.workload.apps[0].cpus = 9'000;
    const Compaction none = compact_all(facts, 3);
    EXPECT_TRUE(none.needed.empty());
    EXPECT_EQ(none.left_out, "/wide");
}

TEST(Compaction, OfNothingIsNothing) {
    const Compaction found = compact_all(cluster_of({0, 0}, {}));
    EXPECT_EQ(found.trials, 0);
    EXPECT_EQ(found.percentile_90(), std::nullopt);
}

TEST(Compaction, HasNoPercentileWhereTrialsCameToNone) {
    EXPECT_EQ((Compaction{.trials = 11, .needed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}).percentile_90(),
              10);
    EXPECT_EQ((Compaction{.trials = 11, .needed = {1, 2, 3, 4, 5, 6, 7, 8, 9}}).percentile_90(),
              std::nullopt);
    EXPECT_EQ((Compaction{.trials = 1, .needed = {7}}).percentile_90(), 7);
}

TEST(Compaction, CanBeEnded) {
    const ClusterFacts facts = cluster_of({0, 0, 0, 0}, {{"/web", 2, {0, 1, 2, 3}}});
    int calls = 0;
    const auto end = [&] {
        if (++calls == 3) {
            throw calls;
        }
    };
    EXPECT_THROW(compact(facts, 11, 1, end), int);
}

TEST(Compaction, IsTheSameForTheSameSeedAndNeverMoreThanThereAre) {
    std::mt19937 random(3);
    for (int round = 0; round < 60; ++round) {
        const std::size_t agents = 1 + random() % 9;
        std::vector<SampleApp> apps{{"/a", 1, {}}, {"/b", 3, {}, {{"hostname", "MAX_PER", "2"}}}};
        std::vector<int> free(agents, 8);
        for (SampleApp& app : apps) {
            for (unsigned i = random() % 8; i > 0; --i) {
                const auto agent = random() % agents;
                if (free[agent] >= app.cpus) {
                    free[agent] -= app.cpus;
                    app.agents.push_back(static_cast<int>(agent));
                }
            }
        }
        const ClusterFacts facts = cluster_of(std::vector<int>(agents), apps);
        const Compaction found = compact_all(facts, 3);
        EXPECT_EQ(found.needed, compact_all(facts, 3).needed);
        for (const std::int64_t needed : found.needed) {
            EXPECT_GE(needed, 1);
            EXPECT_LE(needed, std::ssize(facts.cluster.agents));
        }
    }
}

}  // namespace
}  // namespace caretaker
