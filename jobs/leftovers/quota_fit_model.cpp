// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/quota_fit_model.hpp"

namespace caretaker {

namespace {

/// Even if all of them drew on unreserved resources alone; as a rule it is so.
bool allows_all(const QuotaBudget& budget, const Needs& needs, std::int64_t instances) {
    for (std::size_t r = 0; r < scalar_count; ++r) {
        const auto& left = budget.at(r);
        if (left && WideMilli{needs.scalars.at(r)} * instances > *left) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<BudgetedFit> QuotaFit::fit(const RoleChoice& choice,
                                         const Needs& needs,
                                         const RoleView& view,
                                         const FitGround& ground,
                                         std::span<const std::int32_t> room,
                                         std::int64_t most) {
    if (facts_.quotas.empty() || choice.accepted == AcceptedRoles::reserved) {
        return std::nullopt;
    }
    sum_unreserved();
    const QuotaBudget budget = quota_budget(facts_.quotas, choice.role, sums_);
    if (allows_all(budget, needs, most)) {
        return std::nullopt;
    }
    std::vector<std::int32_t> by_agent(facts_.cluster.agents.size());
    for (std::size_t place = 0; place < ground.agents.size(); ++place) {
        by_agent[ground.agents[place]] = room[place];
    }
    return fit_budget(budget, needs.scalars, by_agent, view.free, unreserved_);
}

void QuotaFit::sum_unreserved() {
    if (is_summed_) {
        return;
    }
    is_summed_ = true;
    unreserved_ = unreserved_left(facts_.cluster);
    for (std::size_t i = 0; i < facts_.cluster.agents.size(); ++i) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            const bool counts = facts_.cluster.agents[i].state == AgentState::placeable;
            sums_.at(r) += counts ? unreserved_.at(r)[i] : 0;
        }
    }
}

}  // namespace caretaker
