// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/loss_ground_model.hpp"

#include "jobs/leftovers/division_model.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_candidates = 64;
constexpr std::size_t most_values = 16;  // of a grouping, to have candidates for each
constexpr WideMilli million = 1'000'000;

/// What is free on an agent as a share of what it has, over cpus, mem and disk; smaller is fuller.
std::int64_t emptiness(std::span<const Milli> free, std::span<const Milli> total) {
    std::int64_t sum = 0;
    for (std::size_t r = 0; r < free.size(); ++r) {
        if (total[r] > 0) {
            sum += static_cast<std::int64_t>(free[r] * million / total[r]);
        }
    }
    return sum;
}

bool has_ports(const AppPlan& app, const RoleView& view, std::uint32_t agent, const Taken* taken) {
    if (app.needs.dynamic_ports == 0 && app.needs.static_ports.is_empty()) {
        return true;
    }
    if (taken == nullptr) {
        return fit_ports(view, app.needs, agent) > 0;
    }
    for (const PortRange& range : app.needs.static_ports.ranges()) {
        for (std::uint32_t port = range.begin; port <= range.end; ++port) {
            if (contains_port(taken->static_ports.ranges(), static_cast<std::uint16_t>(port))) {
                return false;
            }
        }
    }
    return fit_ports(view, app.needs, agent) > 0 &&
           view.ports[agent] - taken->ports >=
               app.needs.static_ports.count() + app.needs.dynamic_ports;
}

/// Left on an agent of what is reserved for the role of a view alone.
Milli reserved_left(const RoleView& view,
                    const RoleView& open,
                    std::size_t resource,
                    std::uint32_t agent) {
    const Milli free = view.free.at(resource)[agent];
    return view.choice.accepted == AcceptedRoles::any ? free - open.free.at(resource)[agent] : free;
}

bool takes_reserved(const RoleView& view) {
    return view.choice.role != "*" && (view.choice.accepted == AcceptedRoles::any ||
                                       view.choice.accepted == AcceptedRoles::reserved);
}

}  // namespace

void Taken::change(const AppPlan& app, const Needs& needs, std::int64_t sign) {
    for (std::size_t r = 0; r < scalar_count; ++r) {
        scalars.at(r) += sign * needs.scalars.at(r);
    }
    if (sign > 0) {
        static_ports.add(needs.static_ports);
    } else {
        static_ports.remove(needs.static_ports);
    }
    const auto all = static_cast<std::int32_t>(needs.static_ports.count()) + needs.dynamic_ports;
    ports += static_cast<std::int32_t>(sign) * all;
    if (!app.meets_other_roles) {
        return;
    }
    auto share = std::ranges::find(shares, app.view, &Share::view);
    if (share == shares.end()) {
        share = shares.insert(share, Share{.view = app.view});
    }
    for (std::size_t r = 0; r < scalar_count; ++r) {
        share->scalars.at(r) += sign * needs.scalars.at(r);
    }
}

LossGround::LossGround(const ClusterFacts& the_facts,
                       const Workload& the_workload,
                       const std::vector<Instances>& placed)
    : facts(the_facts),
      workload(the_workload),
      columns(the_facts.cluster, groups_by_shares(the_workload.settings)),
      open(view_by_role(the_facts.cluster, the_facts.flags, {})),
      views_(the_facts) {
    const std::size_t count = facts.cluster.agents.size();
    totals = totals_of_agents();
    is_dead.resize(count);
    is_filled.resize(count);
    order_by_emptiness();
    plan(placed);
    load(placed);
}

void LossGround::order_by_emptiness() {
    const std::size_t count = facts.cluster.agents.size();
    const Taken nothing;
    order.resize(count);
    std::iota(order.begin(), order.end(), 0U);
    emptiness_of.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
        const Taken* const taken = kept(i);
        emptiness_of.push_back(emptiness_with(i, taken == nullptr ? nothing : *taken));
    }
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return emptiness_of[i]; });
}

void LossGround::keep(std::vector<std::pair<std::uint32_t, Taken>> taken,
                      const std::vector<Instances>& placed) {
    kept_of_.assign(facts.cluster.agents.size(), 0);
    kept_.clear();
    for (auto& [agent, amounts] : taken) {
        kept_.push_back(std::move(amounts));
        kept_of_[agent] = static_cast<std::uint32_t>(kept_.size());
    }
    order_by_emptiness();
    load(placed);
    find_candidates();
}

void LossGround::load(const std::vector<Instances>& placed) {
    const std::size_t agents = facts.cluster.agents.size();
    residents.assign(agents, 0);
    std::vector<std::uint32_t> moving;
    std::vector<std::uint32_t> constrained;
    for (std::uint32_t app = 0; app < workload.apps.size(); ++app) {
        if (workload.apps[app].is_resident) {
            for (const auto& [agent, number] : placed[app].everywhere) {
                residents[agent] += number;
            }
            continue;
        }
        moving.push_back(app);
        if (!workload.apps[app].constraints.empty()) {
            constrained.push_back(app);
        }
    }
    std::ranges::sort(moving, [&](std::uint32_t a, std::uint32_t b) { return comes_first(a, b); });
    movable = AgentLoads(agents, moving, [&](std::uint32_t app) -> const InstancesByAgent& {
        return placed[app].everywhere;
    });
    counted = AgentLoads(agents, constrained, [&](std::uint32_t app) -> const InstancesByAgent& {
        return placed[app].counted;
    });
}

std::vector<std::array<Milli, 3>> LossGround::totals_of_agents() {
    std::vector<std::array<Milli, 3>> sums(facts.cluster.agents.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
        for (const Pool& pool : facts.cluster.pools_of(facts.cluster.agents[i])) {
            if (pool.resource < 3 && pool.is_plain()) {
                sums[i].at(pool.resource) += pool.total;
            }
        }
        if (facts.cluster.agents[i].state == AgentState::placeable) {
            for (std::size_t r = 0; r < 3; ++r) {
                cluster_totals.at(r) += sums[i].at(r);
            }
            ++placeable;
        }
    }
    return sums;
}

void LossGround::plan(const std::vector<Instances>& placed) {
    plans.resize(workload.apps.size());
    for (const auto& [key, apps] : group_alike(workload)) {
        const MarathonApp& first = workload.apps[apps.front()];
        const JudgedView& view = views_.view(role_of(first, workload.settings));
        const CompiledConstraints& constraints =
            constraints_.emplace_back(compile_constraints(first.constraints, columns));
        for (const std::uint32_t app : apps) {
            plans[app] = plan(workload.apps[app], view, constraints, placed[app].counted);
        }
    }
    const bool is_mixed = std::ranges::any_of(
        plans, [&](const AppPlan& plan) { return plan.view != plans.front().view; });
    for (AppPlan& plan : plans) {
        plan.meets_other_roles = is_mixed;
    }
}

void LossGround::find_candidates() {
    for (const auto& [key, apps] : group_alike(workload)) {
        const AppPlan& first = plans[apps.front()];
        const JudgedView& view = views_.view(role_of(*first.app, workload.settings));
        const FitGround ground = lay_ground(facts.cluster, view, *first.constraints, order);
        for (const std::uint32_t app : apps) {
            find_candidates(ground, plans[app]);
        }
    }
}

AppPlan LossGround::plan(const MarathonApp& app,
                         const JudgedView& view,
                         const CompiledConstraints& constraints,
                         const InstancesByAgent& instances) const {
    AppPlan made{
        .app = &app, .needs = needs_of(app), .view = &view.view, .constraints = &constraints};
    for (const Grouping& grouping : constraints.groupings) {
        made.counts.emplace_back(*grouping.column, instances);
        made.is_on_every_agent =
            made.is_on_every_agent || (grouping.kind == GroupingKind::unique &&
                                       grouping.column->is_unique && app.instances >= placeable);
    }
    for (std::size_t r = 0; r < 3; ++r) {
        if (cluster_totals.at(r) > 0) {
            made.size = std::max(
                made.size,
                static_cast<std::int64_t>(static_cast<WideMilli>(made.needs.scalars.at(r)) *
                                          million * million / cluster_totals.at(r)));
        }
    }
    return made;
}

void LossGround::find_candidates(const FitGround& ground, AppPlan& app) const {
    const auto& groupings = app.constraints->groupings;
    const FieldColumn* column = nullptr;
    for (std::size_t g = 0; g < groupings.size() && column == nullptr; ++g) {
        if (groupings[g].column->names.size() <= most_values) {
            app.spread = g;
            column = groupings[g].column;
        }
    }
    std::vector<std::size_t> found(column == nullptr ? 1 : column->names.size());
    app.candidates.clear();
    app.has_more.assign(found.size(), 0);
    std::size_t unfilled = found.size();
    for_each_with_room(ground.columns, app.needs, [&](std::size_t place) {
        const std::uint32_t agent = ground.agents[place];
        const std::size_t value = column == nullptr ? 0 : column->values[agent];
        if (app.has_more[value] == 0 && has_room(app, agent, nullptr)) {
            if (found[value] == most_candidates) {
                app.has_more[value] = 1;
                --unfilled;
            } else {
                ++found[value];
                app.candidates.push_back(agent);
            }
        }
        return unfilled > 0;
    });
}

bool LossGround::may_find_more(const AppPlan& app) {
    if (!app.spread) {
        return app.has_more[0] != 0;
    }
    const Grouping& grouping = app.constraints->groupings[*app.spread];
    const ValueCounts& counts = app.counts[*app.spread];
    const GroupTally tally = counts.tally();
    for (std::uint32_t value = 0; value < app.has_more.size(); ++value) {
        if (app.has_more[value] != 0 && accepts_now(grouping, value, counts.at(value), tally)) {
            return true;
        }
    }
    return false;
}

bool LossGround::has_room(const AppPlan& app, std::uint32_t agent, const Taken* taken) const {
    const RoleView& view = *app.view;
    const CompiledConstraints& constraints = *app.constraints;
    if (taken == nullptr) {
        taken = kept(agent);
    }
    const bool shares_roles = taken != nullptr && app.meets_other_roles;
    for (std::size_t r = 0; r < scalar_count; ++r) {
        const Milli gone = taken == nullptr || shares_roles ? 0 : taken->scalars.at(r);
        if (view.free.at(r)[agent] - gone < app.needs.scalars.at(r) ||
            (shares_roles && !has_amount(app, agent, *taken, r))) {
            return false;
        }
    }
    if (facts.cluster.agents[agent].state != AgentState::placeable || view.is_dust[agent] ||
        !constraints.unsupported.empty() || app.app->has_disk_volumes ||
        app.app->wants_impossible_port ||
        (!constraints.accepts.empty() && constraints.accepts[agent] == 0)) {
        return false;
    }
    if (leaves_gpus_alone(*app.app, app.needs) && view.offered_gpus[agent] > 0) {
        return false;
    }
    return has_ports(app, view, agent, taken);
}

/// Apps draw on what is reserved for their role first, and together on what is unreserved.
bool LossGround::has_amount(const AppPlan& app,
                            std::uint32_t agent,
                            const Taken& taken,
                            std::size_t resource) const {
    const Milli need = app.needs.scalars.at(resource);
    if (need == 0) {
        return true;
    }

    /// Of one role: by apps that take nothing else, and by apps that take both.
    struct Draw {
        Milli only = 0;
        Milli both = 0;
    };

    const auto draw_of = [&](const RoleView& role) {
        Draw draw;
        const auto count = [&](const RoleView& view, Milli amount) {
            if (takes_reserved(view) && view.choice.role == role.choice.role) {
                (view.choice.accepted == AcceptedRoles::any ? draw.both : draw.only) += amount;
            }
        };
        for (const Taken::Share& share : taken.shares) {
            count(*share.view, share.scalars.at(resource));
        }
        count(*app.view, need);
        return draw;
    };
    Milli unreserved = 0;
    std::size_t index = 0;
    const auto add = [&](const RoleView& view, Milli amount) {
        if (!takes_reserved(view)) {
            unreserved += amount;
            return true;
        }
        const auto is_same_role = [&](const Taken::Share& share) {
            return takes_reserved(*share.view) && share.view->choice.role == view.choice.role;
        };
        const auto before = taken.shares.begin() + static_cast<std::ptrdiff_t>(index);
        if (std::any_of(taken.shares.begin(), before, is_same_role)) {
            return true;  // counted with that one
        }
        const Draw draw = draw_of(view);
        const Milli left = reserved_left(view, open, resource, agent) - draw.only;
        unreserved += std::max<Milli>(0, draw.both - std::max<Milli>(0, left));
        return draw.only == 0 || left >= 0;
    };
    for (; index < taken.shares.size(); ++index) {
        if (!add(*taken.shares[index].view, taken.shares[index].scalars.at(resource))) {
            return false;
        }
    }
    return add(*app.view, need) && (unreserved == 0 || unreserved <= open.free.at(resource)[agent]);
}

bool LossGround::is_accepted(const AppPlan& app, std::uint32_t agent) {
    for (std::size_t g = 0; g < app.counts.size(); ++g) {
        const Grouping& grouping = app.constraints->groupings[g];
        const bool needs_tally =
            grouping.kind == GroupingKind::group_by || grouping.kind == GroupingKind::cluster;
        const std::uint32_t value = grouping.column->values[agent];
        const GroupTally tally = needs_tally ? app.counts[g].tally() : GroupTally{};
        if (!accepts_now(grouping, value, app.counts[g].at(value), tally)) {
            return false;
        }
    }
    return true;
}

std::int64_t LossGround::emptiness_with(std::uint32_t agent, const Taken& taken) const {
    std::array<Milli, 3> free{};
    for (std::size_t r = 0; r < free.size(); ++r) {
        free.at(r) = open.free.at(r)[agent] - taken.scalars.at(r);
    }
    return emptiness(free, totals[agent]);
}

}  // namespace caretaker
