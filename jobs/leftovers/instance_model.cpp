// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/instance_model.hpp"

#include <optional>
#include <string_view>
#include <unordered_map>

namespace caretaker {

namespace {

/// The agents of instances, by id and by host name.
class AgentIndex {
 public:
    explicit AgentIndex(const Cluster& cluster) {
        for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
            ids_.emplace(cluster.agents[i].id, i);
            hosts_.emplace(cluster.agents[i].hostname, i);
        }
    }

    [[nodiscard]] std::optional<std::uint32_t> find(const MarathonTask& task) const {
        if (const auto by_id = ids_.find(task.agent); by_id != ids_.end()) {
            return by_id->second;
        }
        const auto by_host = hosts_.find(task.host);
        return by_host == hosts_.end() ? std::nullopt : std::optional(by_host->second);
    }

 private:
    std::unordered_map<std::string_view, std::uint32_t> ids_{};
    std::unordered_map<std::string_view, std::uint32_t> hosts_{};
};

}  // namespace

std::vector<Instances> collect_instances(const Cluster& cluster, const Workload& workload) {
    std::vector<Instances> placed(workload.apps.size());
    std::unordered_map<std::string_view, std::uint32_t> apps;
    for (std::uint32_t i = 0; i < workload.apps.size(); ++i) {
        apps.emplace(workload.apps[i].id, i);
    }
    const AgentIndex agents(cluster);
    auto app = apps.end();
    for (const MarathonTask& task : workload.tasks) {
        // Marathon tells those of an app together.
        if (app == apps.end() || app->first != task.app) {
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
