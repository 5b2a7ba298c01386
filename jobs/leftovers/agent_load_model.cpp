// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/agent_load_model.hpp"

namespace caretaker {

AgentLoads::AgentLoads(
    std::size_t agents,
    std::span<const std::uint32_t> apps,
    const std::function<const InstancesByAgent&(std::uint32_t app)>& instances_of)
    : first_(agents), count_(agents) {
    for (const std::uint32_t app : apps) {
        for (const auto& [agent, number] : instances_of(app)) {
            ++count_[agent];
        }
    }
    std::size_t all = 0;
    for (std::size_t agent = 0; agent < agents; ++agent) {
        first_[agent] = all;
        all += count_[agent];
        count_[agent] = 0;
    }
    loads_.resize(all);
    for (const std::uint32_t app : apps) {
        for (const auto& [agent, number] : instances_of(app)) {
            AppLoad* const loads = loads_.data() + first_[agent];
            std::uint32_t& count = count_[agent];
            if (count > 0 && loads[count - 1].app == app) {
                loads[count - 1].number += number;
            } else {
                loads[count++] = {.app = app, .number = number};
            }
        }
    }
}

}  // namespace caretaker
