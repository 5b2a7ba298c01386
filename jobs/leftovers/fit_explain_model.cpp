// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_explain_model.hpp"

#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/quota_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

std::string words_of(const MarathonConstraint& constraint) {
    return fmt::format("{} {}{}",
                       constraint.field,
                       constraint.op,
                       constraint.value ? " " + *constraint.value : std::string());
}

/// What all agents share, computed once for an app.
class Explainer {
 public:
    Explainer(const ClusterFacts& facts, const Workload& workload, std::uint32_t index)
        : facts_(facts),
          app_(workload.apps[index]),
          needs_(needs_of(app_)),
          view_(view_by_role(facts.cluster, facts.flags, role_of(app_, workload.settings))),
          columns_(facts.cluster, groups_by_shares(workload.settings)),
          instances_(collect_instances(facts.cluster, workload)[index].counted),
          has_colliding_ports_(can_collide(workload, index)) {
        open_ = unreserved_left(facts.cluster);
        std::array<Milli, scalar_count> sums{};
        for (std::size_t i = 0; i < facts.cluster.agents.size(); ++i) {
            for (std::size_t r = 0; r < scalar_count; ++r) {
                const bool counts = facts.cluster.agents[i].state == AgentState::placeable;
                sums.at(r) += counts ? open_.at(r)[i] : 0;
            }
        }
        budget_ = quota_budget(facts.quotas, view_.choice.role, sums);
        for (const MarathonConstraint& constraint : app_.constraints) {
            compiled_.push_back(compile_constraint(constraint, columns_));
        }
    }

    AgentExplanation explain(std::uint32_t agent) {
        result_ = {.agent = agent};
        const AgentRow& row = facts_.cluster.agents[agent];
        const bool is_available =
            row.state == AgentState::placeable || row.state == AgentState::maintenance;
        add(Refusal::unavailable, std::string(to_string(row.state)), "placeable", is_available);
        add(Refusal::dust,
            view_.is_dust[agent] ? "too little for an offer" : "enough for an offer",
            "an offer",
            !view_.is_dust[agent]);
        add_quota(agent);
        add_role(agent);
        for (std::size_t i = 0; i < compiled_.size(); ++i) {
            add_constraint(app_.constraints[i], compiled_[i], agent);
        }
        add_region(row);
        add(Refusal::maintenance,
            row.state == AgentState::maintenance ? "in a window" : "no window",
            "no window",
            row.state != AgentState::maintenance);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            add_amount(r, agent);
        }
        add_ports(agent);
        if (leaves_gpus_alone(app_, needs_)) {
            const Milli offered = view_.offered_gpus[agent];
            add(Refusal::scarce,
                format_milli(offered) + " gpus on offer",
                "no gpus on offer",
                offered == 0);
        }
        if (app_.has_disk_volumes) {
            add(Refusal::disk, "not judged", "volumes on path or mount disks", false);
            result_.checks.back().is_judged = false;
        }
        return std::move(result_);
    }

 private:
    void add(Refusal check, std::string has, std::string wants, bool is_met) {
        result_.failed += is_met ? 0 : 1;
        result_.checks.push_back({check, std::move(has), std::move(wants), is_met});
    }

    /// Another app may draw a port by lot that this one names, or the other way round.
    static bool can_collide(const Workload& workload, std::uint32_t index) {
        const MarathonApp& app = workload.apps[index];
        return !app.static_ports.is_empty() &&
               std::ranges::any_of(workload.apps, [](const MarathonApp& other) {
                   return other.dynamic_ports > 0 && other.instances > 0;
               });
    }

    /// What one instance would draw on unreserved resources against what its role may.
    void add_quota(std::uint32_t agent) {
        if (view_.choice.accepted == AcceptedRoles::reserved) {
            return;
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            const Milli need = needs_.scalars.at(r);
            if (!budget_.at(r) || need == 0) {
                continue;
            }
            const Milli reserved = std::max<Milli>(0, view_.free.at(r)[agent] - open_.at(r)[agent]);
            const Milli draw = std::max<Milli>(0, need - reserved);
            add(Refusal::quota,
                fmt::format("{} {} left for role {}",
                            format_milli(*budget_.at(r)),
                            resource_names.at(r),
                            top_role(view_.choice.role)),
                format_milli(draw) + " unreserved",
                draw <= *budget_.at(r));
        }
    }

    void add_role(std::uint32_t agent) {
        const bool has_any =
            view_.ports[agent] > 0 ||
            std::ranges::any_of(view_.free, [&](const auto& free) { return free[agent] > 0; });
        std::string accepted = view_.choice.role;
        switch (view_.choice.accepted) {
            case AcceptedRoles::any:
                accepted += accepted == "*" ? "" : " or *";
                break;
            case AcceptedRoles::unreserved:
                accepted = "*";
                break;
            case AcceptedRoles::none:
                accepted = "none that the app's role is offered";
                break;
            case AcceptedRoles::reserved:
                break;
        }
        add(Refusal::role,
            has_any ? "something left for it" : "nothing left for it",
            "role " + accepted,
            has_any);
    }

    void add_region(const AgentRow& row) {
        const Cluster& cluster = facts_.cluster;
        if (cluster.is_remote(row) && !may_be_remote(app_.constraints)) {
            add(Refusal::constraint,
                "region " + cluster.attribute_values.name(row.region),
                fmt::format("region {}, or a constraint on @region or @zone",
                            cluster.attribute_values.name(cluster.home_region)),
                false);
        }
    }

    void add_constraint(const MarathonConstraint& constraint,
                        const CompiledConstraints& compiled,
                        std::uint32_t agent) {
        const FieldColumn& column = columns_.column(constraint.field);
        const std::uint32_t value = column.values[agent];
        std::string has = value == FieldColumn::missing
                              ? fmt::format("no {}", constraint.field)
                              : fmt::format("{}={}", constraint.field, column.names.name(value));
        bool is_met = compiled.unsupported.empty() &&
                      (compiled.accepts.empty() || compiled.accepts[agent] != 0);
        for (const Grouping& grouping : compiled.groupings) {
            const auto counts = count_by_value(column, instances_);
            is_met = is_met && accepts_now(grouping, value, counts, tally_groups(counts));
            if (value != FieldColumn::missing) {
                has += fmt::format(" with {} there", counts[value]);
                has += words_of_others(grouping, counts);
            }
        }
        add(Refusal::constraint, std::move(has), words_of(constraint), is_met);
    }

    /// Of GROUP_BY: which values have to get one more first.
    static std::string words_of_others(const Grouping& grouping,
                                       const std::vector<std::int64_t>& counts) {
        const GroupTally tally = tally_groups(counts);
        if (grouping.kind != GroupingKind::group_by || tally.groups == 0) {
            return {};
        }
        if (tally.groups < grouping.number) {
            return fmt::format(", {} of {} values in use", tally.groups, grouping.number);
        }
        std::string fewest;
        for (std::uint32_t value = 0; value < grouping.column->names.size(); ++value) {
            if (counts[value] == tally.smallest) {
                fewest += (fewest.empty() ? "" : " ") + grouping.column->names.name(value);
            }
        }
        return fmt::format(", fewest {} on {}", tally.smallest, fewest);
    }

    void add_amount(std::size_t resource, std::uint32_t agent) {
        const Milli need = needs_.scalars.at(resource);
        if (need == 0) {
            return;
        }
        const Milli free = view_.free.at(resource)[agent];
        if (free < need) {
            const auto missing = static_cast<WideMilli>(need - free) * 1000 / need;
            result_.missing_permille =
                std::max(result_.missing_permille, static_cast<std::int64_t>(missing));
        }
        // Marathon subtracts doubles, so that of exactly what is needed a crumb may be missing.
        const Milli open = std::min(free, open_.at(resource)[agent]);
        const bool is_risky = free == need && open > 0 && open < free;
        add(static_cast<Refusal>(static_cast<std::size_t>(Refusal::cpus) + resource),
            format_milli(free) + (is_risky ? " (marathon_rounding_risk)" : ""),
            format_milli(need),
            free >= need);
    }

    /// Whether all ports that the app names are among those from which others are drawn.
    [[nodiscard]] bool fit_named_ports(std::uint32_t agent) const {
        return fit_ports(view_, {.static_ports = needs_.static_ports}, agent) > 0;
    }

    void add_ports(std::uint32_t agent) {
        const bool wants_ports = needs_.dynamic_ports > 0 || !needs_.static_ports.is_empty();
        if (!wants_ports && !app_.wants_impossible_port) {
            return;
        }
        std::string wants =
            needs_.dynamic_ports > 0 ? fmt::format("any {}", needs_.dynamic_ports) : std::string();
        if (!needs_.static_ports.is_empty()) {
            wants += (wants.empty() ? "" : " and ") + needs_.static_ports.text();
        }
        if (app_.wants_impossible_port) {
            wants = "port 0 with requirePorts, which no agent has";
        }
        add(Refusal::ports,
            fmt::format("{} free{}",
                        view_.ports[agent],
                        has_colliding_ports_ && fit_named_ports(agent)
                            ? " (dynamic_port_collision_possible)"
                            : ""),
            std::move(wants),
            !app_.wants_impossible_port && fit_ports(view_, needs_, agent) > 0);
    }

    const ClusterFacts& facts_;
    const MarathonApp& app_;
    Needs needs_;
    RoleView view_;
    FieldColumns columns_;
    std::vector<CompiledConstraints> compiled_{};
    InstancesByAgent instances_;
    bool has_colliding_ports_;
    QuotaBudget budget_{};
    std::array<std::vector<Milli>, scalar_count> open_{};  // unreserved, by agent
    AgentExplanation result_{};
};

}  // namespace

AgentExplanation explain_agent(const ClusterFacts& facts,
                               const Workload& workload,
                               std::uint32_t app,
                               std::uint32_t agent) {
    return Explainer(facts, workload, app).explain(agent);
}

std::vector<AgentExplanation> explain_closest(const ClusterFacts& facts,
                                              const Workload& workload,
                                              std::uint32_t app,
                                              std::size_t most) {
    Explainer explainer(facts, workload, app);
    std::vector<AgentExplanation> closest;
    for (std::uint32_t i = 0; i < facts.cluster.agents.size(); ++i) {
        closest.push_back(explainer.explain(i));
        const auto rank = [](const AgentExplanation& a) {
            return std::tuple(a.failed, a.missing_permille, a.agent);
        };
        std::ranges::sort(closest, {}, rank);
        if (closest.size() > most) {
            closest.pop_back();
        }
    }
    return closest;
}

}  // namespace caretaker
