// SPDX-License-Identifier: Apache-2.0
// Small clusters and plans for tests, by hand and drawn by lot.
#pragma once

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/plan_scene_model.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <fmt/format.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

struct SmallAgent {
    int cpus = 8;
    int used = 0;
    int mem = 100'000;
    int used_mem = 0;
    int gpus = 0;
    std::string rack{"r0"};
    std::string ports{"[31000-31003]"};
};

/// Agents S0, S1, … on hosts h0, h1, ….
inline ClusterFacts cluster_of(const std::vector<SmallAgent>& agents) {
    std::string text = R"({"slaves":[)";
    for (std::size_t i = 0; i < agents.size(); ++i) {
        text += fmt::format(R"({}{{"id":"S{}","hostname":"h{}","attributes":{{"rack":"{}"}},)"
                            R"("resources":{{"cpus":{},"mem":{},"gpus":{},"ports":"{}"}},)"
                            R"("used_resources":{{"cpus":{},"mem":{}}}}})",
                            i == 0 ? "" : ",",
                            i,
                            i,
                            agents[i].rack,
                            agents[i].cpus,
                            agents[i].mem,
                            agents[i].gpus,
                            agents[i].ports,
                            agents[i].used,
                            agents[i].used_mem);
    }
    ClusterFacts facts = read_facts({text + "]}"});
    facts.workload.is_known = true;
    judge_agents(facts, {});
    return facts;
}

inline MarathonApp app_of(std::string id, int cpus, std::int64_t instances) {
    return {.id = std::move(id), .instances = instances, .cpus = cpus * 1000, .mem = 1000};
}

inline void run_on(ClusterFacts& facts, const std::string& app, int agent) {
    facts.workload.tasks.push_back({.id = fmt::format("t{}", facts.workload.tasks.size()),
                                    .app = app,
                                    .agent = fmt::format("S{}", agent),
                                    .state = "TASK_RUNNING"});
}

inline WhatIfPlan plan_of(std::vector<MarathonApp> apps) {
    WhatIfPlan plan;
    for (MarathonApp& app : apps) {
        plan.apps.push_back({.app = std::move(app)});
    }
    return plan;
}

class Draw {
 public:
    explicit Draw(unsigned seed) : random_(seed) {}

    int below(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }

    std::vector<MarathonConstraint> constraints() {
        static const std::vector<MarathonConstraint> all{{"hostname", "UNIQUE", {}},
                                                         {"rack", "UNIQUE", {}},
                                                         {"hostname", "MAX_PER", "2"},
                                                         {"rack", "MAX_PER", "2"},
                                                         {"rack", "CLUSTER", {}},
                                                         {"rack", "CLUSTER", "r1"},
                                                         {"rack", "GROUP_BY", {}},
                                                         {"rack", "GROUP_BY", "3"},
                                                         {"rack", "LIKE", "r[01]"},
                                                         {"rack", "UNLIKE", "r1"},
                                                         {"rack", "IS", "r0"}};
        std::vector<MarathonConstraint> drawn;
        for (int i = below(3); i > 0; --i) {
            drawn.push_back(all[static_cast<std::size_t>(below(static_cast<int>(all.size())))]);
        }
        return drawn;
    }

    ClusterFacts cluster() {
        std::vector<SmallAgent> agents(1 + static_cast<std::size_t>(below(4)));
        for (SmallAgent& agent : agents) {
            agent.used = below(9);
            agent.rack = fmt::format("r{}", below(3));
            agent.ports = below(3) == 0 ? "[31001-31003]" : "[31000-31003]";
        }
        return cluster_of(agents);
    }

    MarathonApp app(const std::string& id, int most) {
        MarathonApp made = app_of(id, 1 + below(4), 1 + below(most));
        made.constraints = constraints();
        if (below(4) == 0) {
            made.static_ports.add(31'000, 31'000);
        }
        return made;
    }

    /// Up to three agents with unreserved resources, reservations of `web` and GPUs, under a limit
    /// of `web` or a guarantee of `logs`.
    ClusterFacts cluster_with_roles() {
        const auto scalar = [](std::string_view name, int value, std::string_view role) {
            return fmt::format(
                R"({{"name":"{}","scalar":{{"value":{}}},"role":"{}"}})", name, value, role);
        };
        std::string text = R"({"slaves":[)";
        int reserved = 0;
        const int count = 1 + below(3);
        for (int i = 0; i < count; ++i) {
            const int own = below(4);
            reserved += own;
            text += fmt::format(
                R"({}{{"id":"S{}","hostname":"h{}","attributes":{{"rack":"r{}"}},)"
                R"("unreserved_resources_full":[{},{},{},{{"name":"ports","role":"*",)"
                R"("ranges":{{"range":[{{"begin":31000,"end":31003}}]}}}}],)"
                R"("reserved_resources_full":{{"web":[{},{}]}},"used_resources_full":[]}})",
                i == 0 ? "" : ",",
                i,
                i,
                below(2),
                scalar("cpus", 2 + below(7), "*"),
                scalar("mem", 1'000, "*"),
                scalar("gpus", below(3) == 0 ? 1 : 0, "*"),
                scalar("cpus", own, "web"),
                scalar("mem", 1'000, "web"));
        }
        ClusterFacts facts = read_facts({text + "]}"});
        facts.workload.is_known = true;
        judge_agents(facts, {});
        const auto cpus = [](int amount) {
            return MesosSums{.scalars = {{"cpus", amount * 1000}}};
        };
        if (below(2) == 0) {
            facts.quotas.push_back(
                {.role = "web", .limit = cpus(reserved + below(6)), .consumed = cpus(reserved)});
        }
        if (below(3) == 0) {
            facts.quotas.insert(facts.quotas.begin(),
                                {.role = "logs", .guarantee = cpus(below(4))});
        }
        return facts;
    }

    MarathonApp app_with_role(const std::string& id, int most) {
        static const std::vector<std::string> roles{"*", "web", "logs"};
        MarathonApp made = app(id, most);
        made.role = roles[static_cast<std::size_t>(below(3))];
        made.gpus = below(4) == 0 ? 1'000 : 0;
        if (below(4) == 0) {
            made.accepted_roles = {*made.role};
        }
        return made;
    }

 private:
    std::mt19937 random_;
};

}  // namespace caretaker::testing
