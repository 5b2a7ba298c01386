// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/explain_table.hpp"

#include "common/base/error.hpp"
#include "common/base/table_columns.hpp"
#include "jobs/leftovers/fit_explain_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t closest_agents = 10;

std::uint32_t find_app(const ClusterFacts& facts, const std::string& id) {
    const auto& apps = facts.workload.apps;
    const auto found = std::ranges::find(apps, id, &MarathonApp::id);
    if (found == apps.end()) {
        throw UsageError(fmt::format("--explain: Marathon has no app {}; write its whole id", id));
    }
    return static_cast<std::uint32_t>(std::distance(apps.begin(), found));
}

std::vector<AgentExplanation> explain(const ClusterFacts& facts,
                                      std::uint32_t app,
                                      const std::string& host) {
    if (host.empty()) {
        return explain_closest(facts, facts.workload, app, closest_agents);
    }
    std::vector<AgentExplanation> explanations;
    for (std::uint32_t i = 0; i < facts.cluster.agents.size(); ++i) {
        if (facts.cluster.agents[i].hostname == host) {
            explanations.push_back(explain_agent(facts, facts.workload, app, i));
        }
    }
    if (explanations.empty()) {
        throw UsageError(fmt::format("--explain: the master has no agent on {}", host));
    }
    return explanations;
}

}  // namespace

Table make_explain_table(const ClusterFacts& facts,
                         const std::string& app,
                         const std::string& host) {
    Table table{
        .title = fmt::format("{} on {}", app, host.empty() ? "the agents that come closest" : host),
        .columns = {text_column("host", "HOST"),
                    text_column("verdict", "VERDICT"),
                    text_column("check", "CHECK"),
                    text_column("has", "HAS"),
                    text_column("wants", "WANTS")}};
    for (const AgentExplanation& agent : explain(facts, find_app(facts, app), host)) {
        const std::string& name = facts.cluster.agents[agent.agent].hostname;
        bool is_shown = false;
        for (const FitCheck& check : agent.checks) {
            if (host.empty() && check.is_met) {
                continue;
            }
            is_shown = true;
            table.rows.push_back({name,
                                  std::string(!check.is_judged ? "not judged"
                                              : check.is_met   ? "ok"
                                                               : "refused"),
                                  std::string(to_string(check.check)),
                                  check.has,
                                  check.wants});
        }
        if (!is_shown) {
            table.rows.push_back({name, std::string("fits"), Cell(), Cell(), Cell()});
        }
    }
    return table;
}

}  // namespace caretaker
