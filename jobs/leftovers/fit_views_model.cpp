// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_views_model.hpp"

#include <algorithm>

namespace caretaker {

const JudgedView& FitViews::view(const RoleChoice& choice) {
    const auto [known, is_new] = views_.try_emplace({choice.role, choice.accepted});
    JudgedView& made = known->second;
    if (is_new) {
        made.view = view_by_role(facts_.cluster, facts_.flags, choice);
        for (std::size_t i = 0; i < facts_.cluster.agents.size(); ++i) {
            made.refusals.push_back(refusal_of(made.view, i));
        }
    }
    return made;
}

Refusal FitViews::refusal_of(const RoleView& view, std::size_t agent) const {
    const AgentState state = facts_.cluster.agents[agent].state;
    if (state != AgentState::placeable && state != AgentState::maintenance) {
        return Refusal::unavailable;
    }
    if (view.is_dust[agent]) {
        return Refusal::dust;
    }
    const bool has_any =
        view.ports[agent] > 0 ||
        std::ranges::any_of(view.free, [&](const auto& amounts) { return amounts[agent] > 0; });
    return has_any ? Refusal::none : Refusal::role;
}

}  // namespace caretaker
