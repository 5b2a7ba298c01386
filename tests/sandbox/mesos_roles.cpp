// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_roles.hpp"

#include "tests/sandbox/mesos_resource_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t unit = 1'000;

std::int64_t amount_of(const FakeResource& resource) {
    std::int64_t ports = 0;
    for (const FakeRange& range : resource.ranges) {
        ports += range.end - range.begin + 1;
    }
    return resource.is_scalar() ? resource.milli : ports * unit;
}

/// The role and those above it: "eng/ml" and "eng".
std::vector<std::string> with_parents(const std::string& role) {
    std::vector<std::string> roles{role};
    for (std::size_t slash = role.rfind('/'); slash != std::string::npos && slash > 0;
         slash = role.rfind('/', slash - 1)) {
        roles.push_back(role.substr(0, slash));
    }
    return roles;
}

class RoleGatherer {
 public:
    explicit RoleGatherer(const PlatformState& state) : state_(state) {}

    std::map<std::string, RoleFacts> gather() {
        for (const FakeFramework& framework : state_.frameworks) {
            for (const std::string& role : framework.roles) {
                if (!framework.is_completed) {
                    facts_of(role).frameworks.push_back(framework.id);
                }
            }
        }
        const PlatformIndex index(state_);
        for (std::size_t i = 0; i < state_.agents.size(); ++i) {
            if (state_.agents[i].is_listed()) {
                add_agent(state_.agents[i], index.used_on(i), index.offered_on(i));
            }
        }
        for (const auto& [role, quota] : state_.mesos.quotas) {
            facts_of(role).quota = &quota;
        }
        for (const auto& [role, weight] : state_.mesos.weights) {
            facts_of(role).weight = weight;
        }
        return std::move(roles_);
    }

 private:
    RoleFacts& facts_of(const std::string& role) {
        for (const std::string& name : with_parents(role)) {
            roles_[name];
        }
        return roles_[role];
    }

    void add_agent(const FakeAgent& agent,
                   const std::vector<FakeResource>& used,
                   const std::vector<FakeResource>& offered) {
        for (const FakeResource& resource : agent.total) {
            add(resource, std::string(resource.role()), &RoleFacts::reserved, true);
            add(resource, std::string(resource.role()), &RoleFacts::consumed, true);
        }
        for (const FakeResource& resource : used) {
            add(resource, resource.allocated_to, &RoleFacts::allocated, false);
            if (resource.reservations.empty()) {
                add(resource, resource.allocated_to, &RoleFacts::consumed, false);
            }
        }
        for (const FakeResource& resource : offered) {
            add(resource, resource.allocated_to, &RoleFacts::offered, false);
        }
    }

    void add(const FakeResource& resource,
             const std::string& role,
             RoleAmounts RoleFacts::*where,
             bool is_reservation) {
        if (is_reservation && resource.reservations.empty()) {
            return;
        }
        facts_of(role);
        for (const std::string& name : with_parents(role)) {
            (roles_[name].*where)[resource.name] += amount_of(resource);
        }
    }

    const PlatformState& state_;
    std::map<std::string, RoleFacts> roles_{};
};

void write_amounts(Json& json, std::string_view name, const RoleAmounts& amounts) {
    json.begin_object(name);
    for (const auto& [resource, milli] : amounts) {
        if (milli != 0) {
            json.number(resource, to_seconds(milli));
        }
    }
    json.end_object();
}

RoleAmounts add_up(RoleAmounts sum, const RoleAmounts& added) {
    for (const auto& [name, milli] : added) {
        sum[name] += milli;
    }
    return sum;
}

bool is_hidden(const PlatformState& state, const std::string& role) {
    return std::ranges::find(state.mesos.hidden_roles, role) != state.mesos.hidden_roles.end();
}

void write_role_quota(Json& json, const std::string& role, const RoleFacts& facts) {
    json.begin_object("quota").text("role", role);
    write_amounts(
        json, "guarantee", facts.quota != nullptr ? facts.quota->guarantee : RoleAmounts());
    write_amounts(json, "limit", facts.quota != nullptr ? facts.quota->limit : RoleAmounts());
    write_amounts(json, "consumed", facts.consumed);
    json.end_object();
}

}  // namespace

std::map<std::string, RoleFacts> gather_roles(const PlatformState& state) {
    return RoleGatherer(state).gather();
}

void write_roles(Json& json, const MesosScene& scene) {
    json.begin_object().begin_array("roles");
    for (const auto& [role, facts] : gather_roles(*scene.state)) {
        if (!scene.leads() || is_hidden(*scene.state, role)) {
            continue;
        }
        json.begin_object().text("name", role).number("weight", facts.weight);
        const bool is_detailed = scene.version().since(1, 9);
        if (is_detailed) {
            write_role_quota(json, role, facts);
        }
        write_amounts(json, "resources", add_up(facts.allocated, facts.offered));
        if (is_detailed) {
            write_amounts(json, "allocated", facts.allocated);
            write_amounts(json, "offered", facts.offered);
            write_amounts(json, "reserved", facts.reserved);
        }
        json.begin_array("frameworks");
        for (const std::string& id : facts.frameworks) {
            json.text(id);
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
}

void write_v1_roles(Json& json, const MesosScene& scene) {
    json.begin_object().begin_array("roles");
    for (const auto& [role, facts] : gather_roles(*scene.state)) {
        json.begin_object().text("name", role).number("weight", facts.weight);
        if (!facts.frameworks.empty()) {
            json.begin_array("frameworks");
            for (const std::string& id : facts.frameworks) {
                json.begin_object().text("value", id).end_object();
            }
            json.end_array();
        }
        const RoleAmounts sum = add_up(facts.allocated, facts.offered);
        if (!sum.empty()) {
            json.begin_array("resources");
            for (const auto& [name, milli] : sum) {
                write_typed(json, make_scalar(name, milli), ReservationForm::stack_only);
            }
            json.end_array();
        }
        json.end_object();
    }
    json.end_array().end_object();
}

namespace {

void add_resource_metrics(std::map<std::string, double>& metrics, const PlatformState& state) {
    const PlatformIndex index(state);
    std::map<std::string, std::int64_t> total;
    std::map<std::string, std::int64_t> used;
    for (std::size_t i = 0; i < state.agents.size(); ++i) {
        if (!state.agents[i].is_listed()) {
            continue;
        }
        for (const FakeResource& resource : state.agents[i].total) {
            total[resource.name + (resource.is_revocable ? "_revocable" : "")] += resource.milli;
        }
        for (const FakeResource& resource : index.used_on(i)) {
            used[resource.name] += resource.milli;
        }
    }
    for (const std::string name : {"cpus", "mem", "disk", "gpus"}) {
        for (const std::string& kind : {name, name + "_revocable"}) {
            const double all = to_seconds(total[kind]);
            const double taken = to_seconds(used[kind]);
            metrics[fmt::format("master/{}_total", kind)] = all;
            metrics[fmt::format("master/{}_used", kind)] = taken;
            metrics[fmt::format("master/{}_percent", kind)] = all > 0 ? taken / all : 0;
        }
    }
}

void add_state_metrics(std::map<std::string, double>& metrics, const PlatformState& state) {
    const auto agents = [&](auto wanted) {
        return static_cast<double>(std::ranges::count_if(state.agents, wanted));
    };
    const auto is = [](AgentState wanted) {
        return [wanted](const FakeAgent& agent) { return agent.state == wanted; };
    };
    metrics["master/slaves_active"] = agents(is(AgentState::active));
    metrics["master/slaves_disconnected"] = agents(is(AgentState::disconnected));
    metrics["master/slaves_connected"] = agents([](const FakeAgent& agent) {
        return agent.is_listed() && agent.state != AgentState::disconnected;
    });
    metrics["master/slaves_inactive"] = agents([](const FakeAgent& agent) {
        return agent.is_listed() && agent.state != AgentState::active;
    });
    metrics["master/slaves_unreachable"] = agents(is(AgentState::unreachable));
    for (const FakeFramework& framework : state.frameworks) {
        if (!framework.is_completed) {
            ++metrics[framework.is_active ? "master/frameworks_active"
                                          : "master/frameworks_inactive"];
            ++metrics[framework.is_connected ? "master/frameworks_connected"
                                             : "master/frameworks_disconnected"];
        }
    }
    for (const auto& [name, count] : count_task_states(state)) {
        std::string key = "master/tasks_" + name.substr(std::string_view("TASK_").size());
        std::ranges::transform(
            key, key.begin(), [](unsigned char letter) { return std::tolower(letter); });
        metrics[key] = static_cast<double>(count);
    }
    metrics["master/outstanding_offers"] = static_cast<double>(state.offers.size());
}

}  // namespace

std::map<std::string, double> master_metrics(const MesosScene& scene) {
    const PlatformState& state = *scene.state;
    std::map<std::string, double> metrics;
    for (const char* const name :
         {"slaves_active",       "slaves_connected",     "slaves_disconnected",
          "slaves_inactive",     "slaves_unreachable",   "frameworks_active",
          "frameworks_inactive", "frameworks_connected", "frameworks_disconnected",
          "tasks_staging",       "tasks_starting",       "tasks_running",
          "tasks_killing",       "tasks_finished",       "tasks_failed",
          "tasks_killed",        "tasks_lost",           "tasks_error",
          "tasks_unreachable",   "outstanding_offers",   "event_queue_messages"}) {
        metrics[fmt::format("master/{}", name)] = 0;
    }
    add_resource_metrics(metrics, scene.leads() ? state : PlatformState());
    if (scene.leads()) {
        add_state_metrics(metrics, state);
    }
    metrics["master/elected"] = scene.leads() ? 1 : 0;
    metrics["master/uptime_secs"] = to_seconds(state.now_ms - state.mesos.started_ms);
    return metrics;
}

}  // namespace caretaker::sandbox
