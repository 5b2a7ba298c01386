// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_scene_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/cluster_change_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/plan_overlay_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace caretaker {

namespace {

bool is_same_definition(const MarathonApp& a, const MarathonApp& b) {
    const auto key = [](const MarathonApp& app) {
        return std::tie(app.cpus,
                        app.mem,
                        app.disk,
                        app.gpus,
                        app.role,
                        app.accepted_roles,
                        app.static_ports,
                        app.dynamic_ports,
                        app.gpu_behavior);
    };
    const auto is_same_constraint = [](const MarathonConstraint& x, const MarathonConstraint& y) {
        return std::tie(x.field, x.op, x.value) == std::tie(y.field, y.op, y.value);
    };
    return key(a) == key(b) && std::ranges::equal(a.constraints, b.constraints, is_same_constraint);
}

class SceneMaker {
 public:
    SceneMaker(const ClusterFacts& facts, const WhatIfPlan& plan) : plan_(plan) {
        scene_.facts = ClusterFacts(facts);
        const Cluster& cluster = scene_.facts.cluster;
        for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
            agents_by_id_.emplace(cluster.agents[i].id, i);
            agents_by_host_.emplace(cluster.agents[i].hostname, i);
        }
        const Workload& workload = scene_.facts.workload;
        for (std::uint32_t i = 0; i < workload.apps.size(); ++i) {
            apps_.emplace(workload.apps[i].id, i);
        }
        for (std::size_t i = 0; i < workload.tasks.size(); ++i) {
            if (is_placed_state(workload.tasks[i].state)) {
                tasks_[std::string(workload.tasks[i].app.view())].push_back(i);
            }
        }
    }

    PlanScene make() {
        for (const std::string& app : plan_.remove) {
            find_app(app, "remove");
            end_tasks(app, std::numeric_limits<std::size_t>::max());
        }
        for (const auto& [app, instances] : plan_.scale) {
            scale(find_app(app, "scale"), instances);
        }
        for (const PlannedApp& planned : plan_.apps) {
            plan_app(planned);
        }
        for (const std::string& host : plan_.drain) {
            drain(host);
        }
        for (const auto& [attribute, value] : plan_.lose) {
            lose(attribute, value);
        }
        displace();
        stop_old();
        drop_ended();
        for (const AgentTemplate& agents : plan_.agents) {
            add_agents(scene_.facts, agents);
        }
        return std::move(scene_);
    }

 private:
    Workload& workload() { return scene_.facts.workload; }

    std::uint32_t find_app(const std::string& id, std::string_view where) {
        const auto known = apps_.find(id);
        if (known == apps_.end()) {
            throw UsageError(
                fmt::format("--plan: {}: Marathon has no app {}; write its whole id", where, id));
        }
        return known->second;
    }

    /// Beyond what is wanted of it already.
    void want(std::uint32_t app, std::int64_t instances) {
        if (instances <= 0) {
            return;
        }
        const auto known = std::ranges::find(scene_.wanted, app, &WantedApp::app);
        if (known == scene_.wanted.end()) {
            scene_.wanted.push_back({app, instances});
        } else {
            known->instances += instances;
        }
    }

    std::int64_t running(const std::string& app) { return std::ssize(tasks_[app]); }

    void forget_wanted(std::uint32_t app) {
        std::erase_if(scene_.wanted, [&](const WantedApp& wanted) { return wanted.app == app; });
    }

    void scale(std::uint32_t app, std::int64_t instances) {
        forget_wanted(app);  // a plan may scale an app that it changes, too
        const std::string id = workload().apps[app].id;
        const std::int64_t more = instances - running(id);
        workload().apps[app].instances = instances;
        if (more < 0) {
            end_tasks(id, static_cast<std::size_t>(-more));
        }
        want(app, more);
    }

    void plan_app(const PlannedApp& planned) {
        const auto known = apps_.find(planned.app.id);
        if (known == apps_.end()) {
            const auto index = static_cast<std::uint32_t>(workload().apps.size());
            apps_.emplace(planned.app.id, index);
            workload().apps.push_back(planned.app);
            want(index, planned.app.instances);
            return;
        }
        MarathonApp& app = workload().apps[known->second];
        MarathonApp changed = overlay_app(planned, app);
        if (is_same_definition(app, changed)) {
            scale(known->second, changed.instances);
            if (may_restart(planned) && !planned.stops_first) {
                scene_.restarted_alike.push_back(known->second);
            }
            return;
        }
        if (planned.stops_first || app.is_resident || changed.is_resident) {
            end_tasks(app.id, std::numeric_limits<std::size_t>::max());
        } else if (!tasks_[app.id].empty()) {
            restarts_.emplace(known->second, app);
        }
        app = std::move(changed);
        forget_wanted(known->second);
        want(known->second, app.instances);
    }

    /// The first that Marathon ends, which give back what they use.
    void end_tasks(const std::string& app, std::size_t most) {
        std::vector<std::size_t>& tasks = tasks_[app];
        const MarathonApp& definition = workload().apps[apps_.at(app)];
        std::ranges::stable_sort(tasks, [&](std::size_t a, std::size_t b) {
            const auto started = [&](std::size_t task) { return workload().tasks[task].started; };
            return definition.kills_oldest_first ? started(a) > started(b)
                                                 : started(a) < started(b);
        });
        for (; most > 0 && !tasks.empty(); --most) {
            const MarathonTask& task = workload().tasks[tasks.back()];
            if (const auto agent = agent_of(task)) {
                release_task(scene_.facts, *agent, task, definition);
            }
            end_task(tasks.back());
            tasks.pop_back();
        }
    }

    void end_task(std::size_t task) {
        ended_.push_back(task);
        ++scene_.removed;
    }

    /// Old instances of apps that are restarted, but for those that agents took with them.
    void stop_old() {
        for (const auto& [app, old] : restarts_) {
            const auto roles = [&](const MarathonApp& one) {
                const RoleChoice choice = role_of(one, workload().settings);
                return std::pair(choice.role, choice.accepted);
            };
            PlannedRestart restart{.app = app,
                                   .keeps_roles = roles(old) == roles(workload().apps[app])};
            for (const std::size_t index : tasks_[old.id]) {
                const MarathonTask& task = workload().tasks[index];
                const auto agent = agent_of(task);
                end_task(index);
                if (agent && !gone_.contains(*agent)) {
                    const Released released = release_task(scene_.facts, *agent, task, old);
                    restart.instances.push_back({*agent, released.scalars, released.ports});
                }
            }
            if (!restart.instances.empty()) {
                scene_.restarts.push_back(std::move(restart));
            }
        }
    }

    [[nodiscard]] std::optional<std::uint32_t> agent_of(const MarathonTask& task) const {
        if (const auto by_id = agents_by_id_.find(std::string(task.agent.view()));
            by_id != agents_by_id_.end()) {
            return by_id->second;
        }
        const auto by_host = agents_by_host_.find(std::string(task.host.view()));
        return by_host == agents_by_host_.end() ? std::nullopt : std::optional(by_host->second);
    }

    void drain(const std::string& host) {
        bool is_found = false;
        for (std::uint32_t i = 0; i < scene_.facts.cluster.agents.size(); ++i) {
            if (scene_.facts.cluster.agents[i].hostname == host) {
                is_found = true;
                take_away(i);
            }
        }
        if (!is_found) {
            throw UsageError(fmt::format("--plan: drain: there is no agent {}", host));
        }
    }

    void lose(const std::string& attribute, const std::string& value) {
        bool is_found = false;
        const Cluster& cluster = scene_.facts.cluster;
        for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
            if (group_value(cluster, cluster.agents[i], attribute) == value) {
                is_found = true;
                if (!gone_.contains(i)) {
                    forget_reservations(scene_.facts, i);
                }
                take_away(i);
            }
        }
        if (!is_found) {
            throw UsageError(
                fmt::format("--plan: lose: there is no agent with {}={}", attribute, value));
        }
    }

    void take_away(std::uint32_t agent) {
        AgentState& state = scene_.facts.cluster.agents[agent].state;
        if (state != AgentState::down) {
            state = AgentState::down;
            gone_.insert(agent);
        }
    }

    /// What runs on agents that go has to be placed elsewhere, but for resident instances.
    void displace() {
        for (std::uint32_t app = 0; app < workload().apps.size() && !gone_.empty(); ++app) {
            if (restarts_.contains(app)) {
                continue;  // all of its new instances are wanted anyway
            }
            std::int64_t displaced = 0;
            for (const std::size_t index : tasks_[workload().apps[app].id]) {
                const MarathonTask& task = workload().tasks[index];
                const auto agent = agent_of(task);
                if (agent && gone_.contains(*agent)) {
                    release_task(scene_.facts, *agent, task, workload().apps[app]);
                    ended_.push_back(index);
                    ++displaced;
                }
            }
            if (workload().apps[app].is_resident) {
                scene_.bound += displaced;
            } else {
                scene_.displaced += displaced;
                want(app, displaced);
            }
        }
    }

    void drop_ended() {
        for (const std::size_t task : ended_) {
            workload().tasks[task].app.clear();
        }
        std::erase_if(workload().tasks, [](const MarathonTask& task) { return task.app.empty(); });
    }

    const WhatIfPlan& plan_;
    PlanScene scene_{};
    std::unordered_map<std::string, std::uint32_t> agents_by_id_{};
    std::unordered_map<std::string, std::uint32_t> agents_by_host_{};
    std::unordered_map<std::string, std::uint32_t> apps_{};
    std::unordered_map<std::string, std::vector<std::size_t>> tasks_{};  // by app, placed ones
    std::vector<std::size_t> ended_{};
    std::set<std::uint32_t> gone_{};                   // agents
    std::map<std::uint32_t, MarathonApp> restarts_{};  // the older definition, by app
};

}  // namespace

PlanScene apply_plan(const ClusterFacts& facts, const WhatIfPlan& plan) {
    return SceneMaker(facts, plan).make();
}

}  // namespace caretaker
