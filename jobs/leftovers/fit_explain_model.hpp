// SPDX-License-Identifier: Apache-2.0
// Why an app does or does not fit, agent by agent, with the numbers of both sides. Pure.
#pragma once

#include "jobs/leftovers/fit_model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// One check of an app on one agent.
struct FitCheck {
    Refusal check = Refusal::none;
    std::string has{};    // "1.5", "rack=r1", "2 of 3 ports"
    std::string wants{};  // "2", "rack UNIQUE"
    bool is_met = true;
    bool is_judged = true;  // false: this version cannot tell, and counts it as not met
};

struct AgentExplanation {
    std::uint32_t agent = 0;  // in Cluster::agents
    std::vector<FitCheck> checks{};
    std::int64_t failed = 0;            // checks
    std::int64_t missing_permille = 0;  // the largest share of a need that is missing
};

/// In the order of Marathon's checks, all of them, also behind the first that fails.
AgentExplanation explain_agent(const ClusterFacts& facts,
                               const Workload& workload,
                               std::uint32_t app,
                               std::uint32_t agent);

/// The agents that come closest first: by the fewest failed checks, then by what is missing least,
/// then in their order; `most` of them.
std::vector<AgentExplanation> explain_closest(const ClusterFacts& facts,
                                              const Workload& workload,
                                              std::uint32_t app,
                                              std::size_t most);

}  // namespace caretaker
