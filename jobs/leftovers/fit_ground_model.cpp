// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_ground_model.hpp"

#include "jobs/leftovers/app_needs_model.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

void add_agent(const RoleView& view, std::uint32_t agent, FitGround& ground) {
    const auto place = static_cast<std::uint32_t>(ground.agents.size());
    ground.place_of[agent] = place;
    ground.agents.push_back(agent);
    for (std::size_t r = 0; r < scalar_count; ++r) {
        ground.columns.free.at(r).push_back(static_cast<double>(view.free.at(r)[agent]));
        ground.sums.scalars.at(r) += view.free.at(r)[agent];
    }
    ground.columns.ports.push_back(view.ports[agent]);
    ground.sums.ports += view.ports[agent];
    if (view.offered_gpus[agent] > 0) {
        ground.with_gpus.push_back(place);
    }
}

}  // namespace

std::map<std::string, std::vector<std::uint32_t>> group_alike(const Workload& workload) {
    std::map<std::string, std::vector<std::uint32_t>> groups;
    for (std::uint32_t i = 0; i < workload.apps.size(); ++i) {
        const MarathonApp& app = workload.apps[i];
        const RoleChoice choice = role_of(app, workload.settings);
        std::string key = fmt::format("{}\n{}", choice.role, static_cast<int>(choice.accepted));
        for (const MarathonConstraint& constraint : app.constraints) {
            key += fmt::format("\n{}\t{}", constraint.field, constraint.op);
            key += constraint.value ? '\t' + *constraint.value : std::string();
        }
        groups[key].push_back(i);
    }
    return groups;
}

FitGround lay_ground(const Cluster& cluster,
                     const JudgedView& view,
                     const CompiledConstraints& constraints,
                     std::span<const std::uint32_t> order) {
    FitGround ground;
    ground.place_of.assign(cluster.agents.size(), FitGround::nowhere);
    for (const std::uint32_t agent : order) {
        if (view.refusals[agent] != Refusal::none) {
            ++ground.refusals.at(static_cast<std::size_t>(view.refusals[agent]));
        } else if (!constraints.accepts.empty() && constraints.accepts[agent] == 0) {
            ++ground.refusals.at(static_cast<std::size_t>(Refusal::constraint));
        } else if (cluster.agents[agent].state == AgentState::maintenance) {
            ground.in_maintenance.push_back(agent);
        } else {
            add_agent(view.view, agent, ground);
        }
    }
    return ground;
}

}  // namespace caretaker
