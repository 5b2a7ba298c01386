// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_space_model.hpp"

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::int64_t million = 1'000'000;

}  // namespace

PlanSpace::PlanSpace(LossGround& ground)
    : ground_(ground),
      taken_(ground.facts.cluster.agents.size()),
      is_touched_(ground.facts.cluster.agents.size()) {
    const ClusterFacts& facts = ground_.facts;
    if (facts.quotas.empty()) {
        return;
    }
    std::array<Milli, scalar_count> sums{};
    const auto left = unreserved_left(facts.cluster);
    for (std::size_t i = 0; i < facts.cluster.agents.size(); ++i) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (facts.cluster.agents[i].state == AgentState::placeable) {
                sums.at(r) += left.at(r)[i];
            }
        }
    }
    for (const MarathonApp& app : facts.workload.apps) {
        const std::string role(top_role(app.role.value_or(facts.workload.settings.role)));
        const auto [known, is_new] = draws_.try_emplace(role);
        if (is_new) {
            known->second.own = quota_budget(facts.quotas, role, sums);
            for (std::size_t r = 0; r < scalar_count; ++r) {
                known->second.common.at(r) =
                    sums.at(r) - held_back(facts.quotas, role, resource_names.at(r));
            }
        }
    }
}

bool PlanSpace::draws(std::uint32_t app) const {
    const MarathonApp& planned = ground_.workload.apps[app];
    return !draws_.empty() && caretaker::role_of(planned, ground_.workload.settings).accepted !=
                                  AcceptedRoles::reserved;
}

bool PlanSpace::has_budget(std::uint32_t app) const {
    if (!draws(app)) {
        return true;
    }
    const Draw& draw = draws_.find(top_role(role_of(app)))->second;
    const Needs& needs = ground_.plans[app].needs;
    for (std::size_t r = 0; r < scalar_count; ++r) {
        const Milli need = needs.scalars.at(r);
        if (need > 0 && ((draw.own.at(r) && draw.drawn.at(r) + need > *draw.own.at(r)) ||
                         (draw.common.at(r) && drawn_.at(r) + need > *draw.common.at(r)))) {
            return false;
        }
    }
    return true;
}

const QuotaBudget* PlanSpace::budget_of(std::uint32_t app) const {
    return draws(app) ? &draws_.find(top_role(role_of(app)))->second.own : nullptr;
}

const std::string& PlanSpace::role_of(std::uint32_t app) const {
    const auto& role = ground_.workload.apps[app].role;
    return role ? *role : ground_.workload.settings.role;
}

void PlanSpace::change(std::uint32_t app, std::uint32_t agent, std::int64_t sign) {
    AppPlan& plan = ground_.plans[app];
    change(app, agent, plan.needs, sign);
    for (std::size_t g = 0; g < plan.counts.size(); ++g) {
        plan.counts[g].add(plan.constraints->groupings[g].column->values[agent], sign);
    }
}

void PlanSpace::change(std::uint32_t app, const OldInstance& old, std::int64_t sign) {
    change(app, old.agent, {.scalars = old.scalars, .static_ports = old.ports}, sign);
}

void PlanSpace::change(std::uint32_t app,
                       std::uint32_t agent,
                       const Needs& needs,
                       std::int64_t sign) {
    Taken& taken = taken_[agent];
    is_touched_[agent] = 1;
    taken.change(plan(app), needs, sign);
    if (draws(app)) {
        Draw& draw = draws_.find(top_role(role_of(app)))->second;
        for (std::size_t r = 0; r < scalar_count; ++r) {
            draw.drawn.at(r) += sign * needs.scalars.at(r);
            drawn_.at(r) += sign * needs.scalars.at(r);
        }
    }
}

std::int64_t PlanSpace::residual(std::uint32_t app, std::uint32_t agent) const {
    const AppPlan& plan = ground_.plans[app];
    const RoleView& view = *plan.view;
    std::int64_t sum = 0;
    for (std::size_t r = 0; r < 3; ++r) {
        const Milli total = ground_.totals[agent].at(r);
        const bool counts = r == cpus || r == mem || plan.needs.scalars.at(r) > 0;
        if (total > 0 && counts) {
            const Milli rest =
                view.free.at(r)[agent] - taken_[agent].scalars.at(r) - plan.needs.scalars.at(r);
            sum += static_cast<std::int64_t>(static_cast<WideMilli>(rest) * million / total);
        }
    }
    return sum;
}

}  // namespace caretaker
