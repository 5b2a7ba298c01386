// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_model.hpp"

#include "jobs/leftovers/fit_views_model.hpp"
#include "jobs/leftovers/grouping_fit_model.hpp"
#include "jobs/leftovers/instance_model.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int32_t most_on_agent = 1'000'000;
constexpr std::int64_t million = 1'000'000;

class Fitter {
 public:
    Fitter(const ClusterFacts& facts, const Workload& workload)
        : facts_(facts),
          workload_(workload),
          views_(facts),
          columns_(facts.cluster),
          count_(facts.cluster.agents.size()),
          capacities_(count_),
          instances_(count_) {}

    Fits run() {
        placed_ = collect_instances(facts_.cluster, workload_);
        result_.fits_any.assign(count_, false);
        for (std::uint32_t i = 0; i < workload_.apps.size(); ++i) {
            result_.apps.push_back(fit(i));
        }
        result_.index_millionths = index();
        result_.has_mix = std::ranges::any_of(result_.apps, [](const AppFit& fit) {
            return fit.running > 0 && fit.unsupported.empty();
        });
        return std::move(result_);
    }

 private:
    AppFit fit(std::uint32_t index) {
        const MarathonApp& app = workload_.apps[index];
        const auto waiting = workload_.waiting.find(app.id);
        AppFit fit{.app = index,
                   .running = placed_[index].running,
                   .waiting = waiting == workload_.waiting.end() ? 0 : waiting->second};
        const CompiledConstraints constraints = compile_constraints(app.constraints, columns_);
        fit.unsupported = constraints.unsupported;
        if (fit.unsupported.empty() && app.has_disk_volumes) {
            fit.unsupported = "persistent volumes on path or mount disks";
        }
        if (!fit.unsupported.empty()) {
            return fit;
        }
        const DividableView& view = views_.view(role_of(app, workload_.settings));
        const Needs needs = needs_of(app);
        measure(view, constraints, app, needs);
        sum_local(view, constraints, app, needs, fit);
        for (const auto& [agent, count] : placed_[index].counted) {
            instances_[agent] += count;
        }
        fit_constraints(constraints, fit);
        fit_quota(view, role_of(app, workload_.settings), needs, fit);
        count_refusals(view, constraints, app, needs, fit);
        for (const auto& [agent, count] : placed_[index].counted) {
            instances_[agent] = 0;
        }
        if (fit.fits == 0 && fit.is_limited_by_quota) {
            std::swap(fit.refusals.at(static_cast<std::size_t>(Refusal::none)),
                      fit.refusals.at(static_cast<std::size_t>(Refusal::quota)));
        }
        return fit;
    }

    /// Draws on unreserved resources of all agents together may not pass what the role has left.
    void fit_quota(const DividableView& view,
                   const RoleChoice& choice,
                   const Needs& needs,
                   AppFit& fit) {
        if (facts_.quotas.empty() || choice.accepted == AcceptedRoles::reserved) {
            return;
        }
        if (!has_unreserved_) {
            has_unreserved_ = true;
            unreserved_ = unreserved_left(facts_.cluster);
            for (std::size_t r = 0; r < scalar_count; ++r) {
                for (std::size_t i = 0; i < count_; ++i) {
                    unreserved_sums_.at(r) +=
                        facts_.cluster.agents[i].state == AgentState::placeable
                            ? unreserved_.at(r)[i]
                            : 0;
                }
            }
        }
        const QuotaBudget budget = quota_budget(facts_.quotas, choice.role, unreserved_sums_);
        if (allows_all(budget, needs, fit.fits_most)) {
            return;
        }
        const BudgetedFit budgeted =
            fit_budget(budget, needs.scalars, capacities_, view.view.free, unreserved_);
        fit.is_limited_by_quota = budgeted.fits < fit.fits;
        fit.is_order_dependent =
            fit.is_order_dependent || (fit.is_limited_by_quota && budgeted.fits != budgeted.most);
        fit.fits = std::min(fit.fits, budgeted.fits);
        fit.fits_most = std::min(fit.fits_most, std::max(budgeted.most, fit.fits));
    }

    /// Even if all of them drew on unreserved resources alone; as a rule it is so.
    static bool allows_all(const QuotaBudget& budget, const Needs& needs, std::int64_t instances) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            const auto& left = budget.at(r);
            if (left && WideMilli{needs.scalars.at(r)} * instances > *left) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] static bool is_open(const DividableView& view,
                                      const CompiledConstraints& constraints,
                                      std::size_t agent) {
        return view.is_open[agent] != 0 &&
               (constraints.accepts.empty() || constraints.accepts[agent] != 0);
    }

    /// Fills capacities_: how many fit on each agent by what does not depend on instances.
    void measure(const DividableView& view,
                 const CompiledConstraints& constraints,
                 const MarathonApp& app,
                 const Needs& needs) {
        // One pass a resource, which the compiler turns into vector instructions.
        quotients_.assign(count_, most_on_agent);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) == 0) {
                continue;
            }
            const auto need = static_cast<double>(needs.scalars.at(r));
            const double* const free = view.free.at(r).data();
            double* const quotients = quotients_.data();
            for (std::size_t i = 0; i < count_; ++i) {
                const double quotient = free[i] / need;
                quotients[i] = quotient < quotients[i] ? quotient : quotients[i];
            }
        }
        for (std::size_t i = 0; i < count_; ++i) {
            capacities_[i] = static_cast<std::int32_t>(quotients_[i]);
        }
        for (std::size_t i = 0; i < count_; ++i) {
            capacities_[i] = view.is_open[i] != 0 ? capacities_[i] : 0;
        }
        if (!constraints.accepts.empty()) {
            for (std::size_t i = 0; i < count_; ++i) {
                capacities_[i] = constraints.accepts[i] != 0 ? capacities_[i] : 0;
            }
        }
        measure_ports(view, app, needs);
        if (leaves_gpus_alone(app, needs)) {
            for (std::size_t i = 0; i < count_; ++i) {
                capacities_[i] = view.view.free[Resource::gpus][i] > 0 ? 0 : capacities_[i];
            }
        }
    }

    void measure_ports(const DividableView& view, const MarathonApp& app, const Needs& needs) {
        if (app.wants_impossible_port) {
            std::ranges::fill(capacities_, 0);
            return;
        }
        if (needs.dynamic_ports == 0 && needs.static_ports.is_empty()) {
            return;
        }
        for (std::size_t i = 0; i < count_; ++i) {
            if (capacities_[i] > 0) {
                capacities_[i] = std::min(capacities_[i], fit_ports(view.view, needs, i));
            }
        }
    }

    void sum_local(const DividableView& view,
                   const CompiledConstraints& constraints,
                   const MarathonApp& app,
                   const Needs& needs,
                   AppFit& fit) {
        const bool spares_gpus = leaves_gpus_alone(app, needs);
        std::array<WideMilli, scalar_count> sums{};
        std::int64_t ports = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            fit.local_fits += capacities_[i];
            if (!is_open(view, constraints, i) ||
                (spares_gpus && view.view.free[Resource::gpus][i] > 0)) {
                continue;
            }
            for (std::size_t r = 0; r < scalar_count; ++r) {
                sums.at(r) += view.view.free.at(r)[i];
            }
            ports += view.view.ports[i];
            if (capacities_[i] > 0) {
                result_.fits_any[i] = result_.fits_any[i] || fit.running > 0;
                ++fit.bindings.at(static_cast<std::size_t>(binding(view.view, needs, i)));
            }
        }
        std::int64_t pooled = std::numeric_limits<std::int64_t>::max();
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) > 0) {
                pooled =
                    std::min(pooled, static_cast<std::int64_t>(sums.at(r) / needs.scalars.at(r)));
            }
        }
        if (needs.dynamic_ports > 0) {
            pooled = std::min(pooled, ports / needs.dynamic_ports);
        }
        fit.pooled = pooled == std::numeric_limits<std::int64_t>::max() ? 0 : pooled;
    }

    static Binding binding(const RoleView& view, const Needs& needs, std::size_t agent) {
        Binding tightest = Binding::cpus;
        std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) > 0 && view.free.at(r)[agent] / needs.scalars.at(r) < fewest) {
                fewest = view.free.at(r)[agent] / needs.scalars.at(r);
                tightest = static_cast<Binding>(r);
            }
        }
        if ((needs.dynamic_ports > 0 || !needs.static_ports.is_empty()) &&
            fit_ports(view, needs, agent) < fewest) {
            tightest = Binding::ports;
        }
        return tightest;
    }

    /// Of a field with another value on each agent UNIQUE and MAX_PER are caps on the agents alone.
    void fit_constraints(const CompiledConstraints& constraints, AppFit& fit) {
        std::vector<const Grouping*> others;
        for (const Grouping& grouping : constraints.groupings) {
            const bool is_cap =
                grouping.column->is_unique &&
                (grouping.kind == GroupingKind::unique || grouping.kind == GroupingKind::max_per);
            if (!is_cap) {
                others.push_back(&grouping);
                continue;
            }
            for (std::size_t i = 0; i < count_; ++i) {
                const std::int64_t room =
                    std::max<std::int64_t>(0, grouping.number - instances_[i]);
                capacities_[i] =
                    static_cast<std::int32_t>(std::min<std::int64_t>(capacities_[i], room));
            }
        }
        std::int64_t sum = 0;
        for (const std::int32_t capacity : capacities_) {
            sum += capacity;
        }
        fit.fits = fit.fits_most = sum;
        for (const Grouping* grouping : others) {
            const auto counts = count_by_value(*grouping->column, instances_);
            const GroupedFit grouped = fit_grouping(*grouping, capacities_, counts);
            fit.fits_most = std::min(fit.fits_most, grouped.most);
            fit.fits = std::min(fit.fits, grouped.fits);
            fit.is_order_dependent = fit.is_order_dependent || grouped.is_order_dependent;
        }
        if (others.size() > 1) {
            fit.fits = place_in_order(others, fit.fits_most);
            fit.is_order_dependent = fit.fits_most > 0;
        }
    }

    /// What one order of offers places, agent after agent, under several constraints at once.
    std::int64_t place_in_order(const std::vector<const Grouping*>& groupings, std::int64_t most) {
        std::vector<std::vector<std::int64_t>> counts;
        std::vector<GroupTally> tallies;
        for (const Grouping* grouping : groupings) {
            counts.push_back(count_by_value(*grouping->column, instances_));
            tallies.push_back(tally_groups(counts.back()));
        }
        std::vector<std::int32_t> rest = capacities_;
        std::int64_t placed = 0;
        bool goes_on = true;
        while (goes_on && placed < most) {
            goes_on = false;
            for (std::size_t i = 0; i < count_ && placed < most; ++i) {
                bool is_accepted = rest[i] > 0;
                for (std::size_t g = 0; g < groupings.size() && is_accepted; ++g) {
                    is_accepted = accepts_now(
                        *groupings[g], groupings[g]->column->values[i], counts[g], tallies[g]);
                }
                if (is_accepted) {
                    --rest[i];
                    ++placed;
                    goes_on = true;
                    for (std::size_t g = 0; g < groupings.size(); ++g) {
                        ++counts[g][groupings[g]->column->values[i]];
                        if (groupings[g]->kind == GroupingKind::group_by || placed == 1) {
                            tallies[g] = tally_groups(counts[g]);
                        }
                    }
                }
            }
        }
        return placed;
    }

    /// Counted instances of the app at hand, for one of its groupings.
    struct GroupState {
        std::vector<std::int64_t> counts{};
        GroupTally tally{};
    };

    void count_refusals(const DividableView& view,
                        const CompiledConstraints& constraints,
                        const MarathonApp& app,
                        const Needs& needs,
                        AppFit& fit) {
        std::vector<GroupState> groups;
        for (const Grouping& grouping : constraints.groupings) {
            GroupState& group = groups.emplace_back();
            group.counts = count_by_value(*grouping.column, instances_);
            group.tally = tally_groups(group.counts);
        }
        for (std::size_t i = 0; i < count_; ++i) {
            if (capacities_[i] > 0 && groups.empty()) {
                ++fit.refusals.at(static_cast<std::size_t>(Refusal::none));
                continue;
            }
            const Refusal refusal = judge_agent(view, constraints, groups, app, needs, i);
            ++fit.refusals.at(static_cast<std::size_t>(refusal));
        }
    }

    Refusal judge_agent(const DividableView& view,
                        const CompiledConstraints& constraints,
                        const std::vector<GroupState>& groups,
                        const MarathonApp& app,
                        const Needs& needs,
                        std::size_t i) const {
        if (view.refusals[i] != Refusal::none) {
            return view.refusals[i];
        }
        if (!constraints.accepts.empty() && constraints.accepts[i] == 0) {
            return Refusal::constraint;
        }
        for (std::size_t g = 0; g < constraints.groupings.size(); ++g) {
            const Grouping& grouping = constraints.groupings[g];
            if (!accepts_now(
                    grouping, grouping.column->values[i], groups[g].counts, groups[g].tally)) {
                return Refusal::constraint;
            }
        }
        if (facts_.cluster.agents[i].state == AgentState::maintenance) {
            return Refusal::maintenance;
        }
        const auto& free = view.view.free;
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (free.at(r)[i] < needs.scalars.at(r)) {
                return static_cast<Refusal>(static_cast<std::size_t>(Refusal::cpus) + r);
            }
        }
        const bool wants_ports = needs.dynamic_ports > 0 || !needs.static_ports.is_empty();
        if (app.wants_impossible_port || (wants_ports && fit_ports(view.view, needs, i) == 0)) {
            return Refusal::ports;
        }
        return leaves_gpus_alone(app, needs) && free[gpus][i] > 0 ? Refusal::scarce : Refusal::none;
    }

    [[nodiscard]] std::optional<std::int64_t> index() const {
        WideMilli lost = 0;
        std::int64_t weights = 0;
        for (const AppFit& fit : result_.apps) {
            if (fit.pooled > 0 && fit.running > 0) {
                const auto efficiency =
                    static_cast<WideMilli>(fit.local_fits) * million / fit.pooled;
                lost += (million - efficiency) * fit.running;
                weights += fit.running;
            }
        }
        return weights == 0 ? std::nullopt
                            : std::optional(static_cast<std::int64_t>(lost / weights));
    }

    const ClusterFacts& facts_;
    const Workload& workload_;
    FitViews views_;
    FieldColumns columns_;
    std::size_t count_;
    std::vector<double> quotients_{};
    std::vector<std::int32_t> capacities_;
    std::vector<std::int32_t> instances_;  // counted ones of the app at hand, by agent
    std::vector<Instances> placed_{};      // by app
    bool has_unreserved_ = false;
    std::array<std::vector<Milli>, scalar_count> unreserved_{};  // left, by agent
    std::array<Milli, scalar_count> unreserved_sums_{};          // on placeable agents
    Fits result_{};
};

}  // namespace

Fits compute_fits(const ClusterFacts& facts, const Workload& workload) {
    return Fitter(facts, workload).run();
}

}  // namespace caretaker
