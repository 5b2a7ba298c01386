// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/instance_model.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace caretaker {

namespace {

/// The agents of instances, by id and by host name.
class AgentIndex {
 public:
    explicit AgentIndex(const Cluster& cluster)
        : recent_(std::bit_ceil(4 * cluster.agents.size() + 1)) {
        for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
            ids_.emplace(cluster.agents[i].id, i);
            hosts_.emplace(cluster.agents[i].hostname, i);
        }
    }

    [[nodiscard]] std::optional<std::uint32_t> find(const MarathonTask& task) {
        Recent& recent = recent_[slot_of(task.agent.identity())];
        if (!task.agent.empty() && recent.id == task.agent.identity()) {
            return recent.agent;
        }
        if (const auto by_id = ids_.find(task.agent); by_id != ids_.end()) {
            recent = {.id = task.agent.identity(), .agent = by_id->second};
            return by_id->second;
        }
        const auto by_host = hosts_.find(task.host);
        return by_host == hosts_.end() ? std::nullopt : std::optional(by_host->second);
    }

 private:
    /// Found by an id. Tasks of one agent share its text, which is so found without being compared.
    struct Recent {
        const void* id = nullptr;
        std::uint32_t agent = 0;
    };

    [[nodiscard]] std::size_t slot_of(const void* id) const {
        constexpr std::size_t step = alignof(std::max_align_t);  // between addresses
        return std::bit_cast<std::uintptr_t>(id) / step % recent_.size();
    }

    std::unordered_map<std::string_view, std::uint32_t> ids_{};
    std::unordered_map<std::string_view, std::uint32_t> hosts_{};
    std::vector<Recent> recent_;
};

}  // namespace

std::vector<Instances> collect_instances(const Cluster& cluster, const Workload& workload) {
    std::vector<Instances> placed(workload.apps.size());
    std::unordered_map<std::string_view, std::uint32_t> apps;
    for (std::uint32_t i = 0; i < workload.apps.size(); ++i) {
        apps.emplace(workload.apps[i].id, i);
    }
    AgentIndex agents(cluster);
    auto app = apps.end();
    for (const MarathonTask& task : workload.tasks) {
        // Marathon tells those of an app together.
        if (app == apps.end() || task.app != app->first) {
            app = apps.find(task.app);
        }
        if (app == apps.end() || !is_placed_state(task.state)) {
            continue;
        }
        Instances& instances = placed[app->second];
        ++instances.running;
        const auto agent = agents.find(task);
        const auto& changed = workload.apps[app->second].config_changed;
        const bool is_outdated = changed && task.version && *task.version < *changed;
        if (!agent) {
            continue;
        }
        instances.everywhere.emplace_back(*agent, 1);
        if (!is_outdated) {
            instances.counted.emplace_back(*agent, 1);
        }
    }
    return placed;
}

}  // namespace caretaker
