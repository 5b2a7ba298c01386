// SPDX-License-Identifier: Apache-2.0
// Of which apps each agent runs instances, in flat arrays: some 10 bytes an instance. Pure.
#pragma once

#include "jobs/leftovers/constraint_model.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace caretaker {

/// Instances of one app on one agent.
struct AppLoad {
    std::uint32_t app = 0;  // in Workload::apps
    std::int32_t number = 0;
};

class AgentLoads {
 public:
    AgentLoads() = default;

    /// On so many agents, each app once on an agent; those of an agent in the order of `apps`.
    AgentLoads(std::size_t agents,
               std::span<const std::uint32_t> apps,
               const std::function<const InstancesByAgent&(std::uint32_t app)>& instances_of);

    [[nodiscard]] std::span<const AppLoad> on(std::uint32_t agent) const {
        return std::span(loads_).subspan(first_[agent], count_[agent]);
    }

 private:
    std::vector<std::size_t> first_{};  // by agent
    std::vector<std::uint32_t> count_{};
    std::vector<AppLoad> loads_{};
};

}  // namespace caretaker
