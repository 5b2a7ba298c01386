// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_proof_model.hpp"

#include "jobs/leftovers/fit_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// Agents that may ever take an instance of an app, however little room they have.
using Eligible = std::vector<bool>;

/// Where instances of an app with CLUSTER are spread already, Marathon's choice is not known.
bool is_spread_cluster(const AppPlan& plan) {
    for (std::size_t g = 0; g < plan.counts.size(); ++g) {
        if (plan.constraints->groupings[g].kind == GroupingKind::cluster &&
            plan.counts[g].tally().groups > 1) {
            return true;
        }
    }
    return false;
}

/// Whether anything is left of the reservations that an app may take.
bool takes_reserved(PlanSpace& space, std::uint32_t app) {
    const Cluster& cluster = space.ground().facts.cluster;
    const RoleView& view = *space.plan(app).view;
    return std::ranges::any_of(cluster.pools, [&](const Pool& pool) {
        return pool.stack != 0 && pool.left > 0 && view.takes_stack[pool.stack];
    });
}

class Prover {
 public:
    Prover(PlanSpace& space, std::span<const WantedApp> wanted)
        : space_(space), facts_(space.ground().facts), wanted_(wanted) {
        for (const WantedApp& app : wanted) {
            const AppPlan& plan = space_.plan(app.app);
            wants_gpus_ = wants_gpus_ || plan.needs.scalars[gpus] > 0;
        }
    }

    std::optional<PlanProof> prove() {
        if (auto proof = prove_by_sums()) {
            return proof;
        }
        if (auto proof = prove_by_quota()) {
            return proof;
        }
        return prove_by_app();
    }

 private:
    [[nodiscard]] Eligible eligible_agents(const AppPlan& plan) const {
        const RoleView& view = *plan.view;
        // GPUs in the way may be taken by another app of the plan.
        const bool spares_gpus = leaves_gpus_alone(*plan.app, plan.needs) && !wants_gpus_;
        Eligible eligible(facts_.cluster.agents.size());
        for (std::size_t i = 0; i < eligible.size(); ++i) {
            eligible[i] =
                facts_.cluster.agents[i].state == AgentState::placeable && !view.is_dust[i] &&
                (plan.constraints->accepts.empty() || plan.constraints->accepts[i] != 0) &&
                !(spares_gpus && view.offered_gpus[i] > 0);
        }
        return eligible;
    }

    /// Of each set of agents that some apps are restricted to, and of all apps together.
    std::optional<PlanProof> prove_by_sums() {
        std::map<Eligible, std::vector<WantedApp>> by_agents;
        Eligible anywhere(facts_.cluster.agents.size());
        for (const WantedApp& app : wanted_) {
            const Eligible eligible = eligible_agents(space_.plan(app.app));
            for (std::size_t i = 0; i < eligible.size(); ++i) {
                anywhere[i] = anywhere[i] || eligible[i];
            }
            by_agents[eligible].push_back(app);
        }
        for (const auto& [agents, apps] : by_agents) {
            if (auto proof = compare_sums(agents, apps, apps.size() == wanted_.size())) {
                return proof;
            }
        }
        return by_agents.size() > 1 ? compare_sums(anywhere, wanted_, true) : std::nullopt;
    }

    std::optional<PlanProof> compare_sums(const Eligible& agents,
                                          std::span<const WantedApp> apps,
                                          bool are_all) {
        std::array<WideMilli, scalar_count + 1> needed{};
        std::vector<bool> takes(facts_.cluster.stacks.size());
        for (const WantedApp& app : apps) {
            const AppPlan& plan = space_.plan(app.app);
            for (std::size_t r = 0; r < scalar_count; ++r) {
                needed.at(r) += static_cast<WideMilli>(plan.needs.scalars.at(r)) * app.instances;
            }
            needed[ports] +=
                static_cast<WideMilli>(plan.needs.static_ports.count() + plan.needs.dynamic_ports) *
                1000 * app.instances;
            const RoleView& view = *plan.view;
            for (std::size_t s = 0; s < takes.size(); ++s) {
                takes[s] = takes[s] || view.takes_stack[s];
            }
        }
        const auto free = sum_free(agents, takes);
        for (std::size_t r = 0; r < needed.size(); ++r) {
            if (needed.at(r) > free.at(r)) {
                return PlanProof{
                    "sum",
                    fmt::format(
                        "{} {} of {}, and {} of it are free on the agents that they may use",
                        describe(apps, are_all),
                        format_milli(static_cast<Milli>(needed.at(r))),
                        resource_names.at(r),
                        format_milli(static_cast<Milli>(free.at(r))))};
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::array<WideMilli, scalar_count + 1> sum_free(
        const Eligible& agents, const std::vector<bool>& takes) const {
        std::array<WideMilli, scalar_count + 1> free{};
        for (std::size_t i = 0; i < agents.size(); ++i) {
            if (!agents[i]) {
                continue;
            }
            for (const Pool& pool : facts_.cluster.pools_of(facts_.cluster.agents[i])) {
                if (pool.is_plain() && takes[pool.stack] && pool.resource < free.size()) {
                    free.at(pool.resource) += pool.left + pool.slack;
                }
            }
        }
        return free;
    }

    /// Of each role that quota binds: what its apps need beyond its reservations comes out of it.
    std::optional<PlanProof> prove_by_quota() {
        if (!are_exact()) {
            return std::nullopt;
        }
        std::map<const QuotaBudget*, std::vector<WantedApp>> by_budget;
        std::vector<const QuotaBudget*> order;
        for (const WantedApp& app : wanted_) {
            if (const QuotaBudget* budget = space_.budget_of(app.app)) {
                if (by_budget[budget].empty()) {
                    order.push_back(budget);
                }
                by_budget[budget].push_back(app);
            }
        }
        for (const QuotaBudget* budget : order) {
            if (auto proof = compare_budget(*budget, by_budget[budget])) {
                return proof;
            }
        }
        return std::nullopt;
    }

    std::optional<PlanProof> compare_budget(const QuotaBudget& budget,
                                            std::span<const WantedApp> apps) {
        std::array<WideMilli, scalar_count> needed{};
        Eligible agents(facts_.cluster.agents.size());
        std::vector<bool> reserved(facts_.cluster.stacks.size());
        for (const WantedApp& app : apps) {
            const AppPlan& plan = space_.plan(app.app);
            const Eligible eligible = eligible_agents(plan);
            for (std::size_t i = 0; i < agents.size(); ++i) {
                agents[i] = agents[i] || eligible[i];
            }
            for (std::size_t s = 1; s < reserved.size(); ++s) {
                reserved[s] = reserved[s] || plan.view->takes_stack[s];
            }
            for (std::size_t r = 0; r < scalar_count; ++r) {
                needed.at(r) += static_cast<WideMilli>(plan.needs.scalars.at(r)) * app.instances;
            }
        }
        const auto free = sum_free(agents, reserved);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (budget.at(r) && needed.at(r) > free.at(r) + *budget.at(r)) {
                const MarathonApp& first = *space_.plan(apps[0].app).app;
                return PlanProof{
                    "sum",
                    fmt::format("{} {} of {}, and the quota leaves {} of it to the role {}{}",
                                describe(apps, apps.size() == wanted_.size()),
                                format_milli(static_cast<Milli>(needed.at(r))),
                                resource_names.at(r),
                                format_milli(*budget.at(r)),
                                top_role(first.role.value_or(facts_.workload.settings.role)),
                                free.at(r) == 0
                                    ? std::string()
                                    : fmt::format(", beside {} that are reserved",
                                                  format_milli(static_cast<Milli>(free.at(r)))))};
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool are_exact() const {
        return std::ranges::all_of(facts_.cluster.agents, &AgentRow::is_exact);
    }

    [[nodiscard]] std::string describe(std::span<const WantedApp> apps, bool are_all) const {
        if (apps.size() == 1) {
            const bool is_one = apps[0].instances == 1;
            return fmt::format("{} instance{} of {} need{}",
                               apps[0].instances,
                               is_one ? "" : "s",
                               facts_.workload.apps[apps[0].app].id,
                               is_one ? "s" : "");
        }
        return are_all
                   ? "all apps of the plan together need"
                   : fmt::format(
                         "{} apps with {} need", apps.size(), facts_.workload.apps[apps[0].app].id);
    }

    /// What fits of one app by itself is the most that can of it beside others.
    std::optional<PlanProof> prove_by_app() {
        if (!are_exact()) {
            return std::nullopt;
        }
        Workload workload{.is_known = true, .settings = facts_.workload.settings};
        std::map<std::string, std::int64_t, std::less<>> instances;
        for (const WantedApp& app : wanted_) {
            const MarathonApp& wanted = facts_.workload.apps[app.app];
            const AppPlan& plan = space_.plan(app.app);
            if (is_spread_cluster(plan) || (wants_gpus_ && leaves_gpus_alone(wanted, plan.needs))) {
                continue;
            }
            workload.apps.push_back(wanted);
            instances[wanted.id] = app.instances;
        }
        for (const MarathonTask& task : facts_.workload.tasks) {
            if (instances.contains(task.app)) {
                workload.tasks.push_back(task);
            }
        }
        for (const AppFit& fit : compute_fits(facts_, workload).apps) {
            const std::string& id = workload.apps[fit.app].id;
            if (fit.unsupported.empty() && instances[id] > fit.fits_most) {
                return PlanProof{"single_app",
                                 fmt::format("of {} {} more are wanted, and {} fit even "
                                             "without the rest of the plan",
                                             id,
                                             instances[id],
                                             fit.fits_most)};
            }
        }
        return std::nullopt;
    }

    PlanSpace& space_;
    const ClusterFacts& facts_;
    std::span<const WantedApp> wanted_;
    bool wants_gpus_ = false;
};

}  // namespace

std::optional<PlanProof> prove_infeasible(PlanSpace& space, std::span<const WantedApp> wanted) {
    return Prover(space, wanted).prove();
}

std::string find_unjudged(PlanSpace& space, std::span<const WantedApp> wanted) {
    for (const WantedApp& app : wanted) {
        const AppPlan& plan = space.plan(app.app);
        if (!plan.constraints->unsupported.empty()) {
            return fmt::format("{}: {}", plan.app->id, plan.constraints->unsupported);
        }
        if (plan.app->has_disk_volumes) {
            return fmt::format("{}: persistent volumes on path or mount disks", plan.app->id);
        }
    }
    return {};
}

bool is_searchable(PlanSpace& space, std::span<const WantedApp> wanted) {
    const ClusterFacts& facts = space.ground().facts;
    if (wanted.empty() || (!facts.quotas.empty() && takes_reserved(space, wanted[0].app))) {
        return false;
    }
    bool wants_gpus = false;
    bool leaves_gpus = false;
    for (const WantedApp& app : wanted) {
        const AppPlan& plan = space.plan(app.app);
        wants_gpus = wants_gpus || plan.needs.scalars[gpus] > 0;
        leaves_gpus = leaves_gpus || leaves_gpus_alone(*plan.app, plan.needs);
        if (plan.view != space.plan(wanted[0].app).view || is_spread_cluster(plan)) {
            return false;
        }
    }
    return !(wants_gpus && leaves_gpus) &&
           std::ranges::all_of(facts.cluster.agents,
                               [](const AgentRow& agent) { return agent.is_exact; });
}

}  // namespace caretaker
