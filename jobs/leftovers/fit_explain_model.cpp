// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_explain_model.hpp"

#include "jobs/leftovers/instance_model.hpp"

#include <fmt/format.h>

#include <algorithm>
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
          columns_(facts.cluster),
          instances_(collect_instances(facts.cluster, workload)[index].counted) {
        for (const MarathonConstraint& constraint : app_.constraints) {
            compiled_.push_back(compile_constraints({&constraint, 1}, columns_));
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
        for (std::size_t i = 0; i < compiled_.size(); ++i) {
            add_constraint(app_.constraints[i], compiled_[i], agent);
        }
        add(Refusal::maintenance,
            row.state == AgentState::maintenance ? "in a window" : "no window",
            "no window",
            row.state != AgentState::maintenance);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            add_amount(r, agent);
        }
        add_ports(agent);
        if (leaves_gpus_alone(app_, needs_)) {
            const Milli free = view_.free[Resource::gpus][agent];
            add(Refusal::scarce, format_milli(free) + " gpus free", "no gpus free", free == 0);
        }
        return std::move(result_);
    }

 private:
    void add(Refusal check, std::string has, std::string wants, bool is_met) {
        result_.failed += is_met ? 0 : 1;
        result_.checks.push_back({check, std::move(has), std::move(wants), is_met});
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
            }
        }
        add(Refusal::constraint, std::move(has), words_of(constraint), is_met);
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
        add(static_cast<Refusal>(static_cast<std::size_t>(Refusal::cpus) + resource),
            format_milli(free),
            format_milli(need),
            free >= need);
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
            fmt::format("{} free", view_.ports[agent]),
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
