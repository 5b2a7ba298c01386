// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fit_model.hpp"

#include "jobs/leftovers/constraint_fit_model.hpp"
#include "jobs/leftovers/division_model.hpp"
#include "jobs/leftovers/fit_ground_model.hpp"
#include "jobs/leftovers/fit_views_model.hpp"
#include "jobs/leftovers/quota_fit_model.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t million = 1'000'000;

constexpr Refusal refusal_of(Division division) {
    return has_room(division)
               ? Refusal::none
               : static_cast<Refusal>(static_cast<int>(Refusal::cpus) + static_cast<int>(division) -
                                      static_cast<int>(Division::short_of_cpus));
}

static_assert(refusal_of(Division::short_of_ports) == Refusal::ports);
static_assert(refusal_of(Division::spares_gpus) == Refusal::scarce);

class Fitter {
 public:
    Fitter(const ClusterFacts& facts,
           const Workload& workload,
           const std::vector<Instances>& placed)
        : facts_(facts),
          workload_(workload),
          placed_(placed),
          views_(facts),
          columns_(facts.cluster, groups_by_shares(workload.settings)),
          quota_(facts),
          order_(facts.cluster.agents.size()) {
        std::iota(order_.begin(), order_.end(), 0U);
    }

    Fits run() {
        result_.apps.resize(workload_.apps.size());
        result_.fits_any.assign(order_.size(), false);
        result_.weight_there.assign(order_.size(), 0);
        choose_mix();
        for (const auto& [key, apps] : group_alike(workload_)) {
            fit_alike(apps);
        }
        result_.index_millionths = index();
        result_.has_mix = std::ranges::any_of(result_.apps, [](const AppFit& fit) {
            return fit.running > 0 && fit.unsupported.empty();
        });
        return std::move(result_);
    }

 private:
    /// The apps that stand for the usual work.
    void choose_mix() {
        constexpr std::size_t most = 64;
        std::vector<std::uint32_t> apps(workload_.apps.size());
        std::iota(apps.begin(), apps.end(), 0U);
        std::erase_if(apps, [&](std::uint32_t app) { return placed_[app].running == 0; });
        std::ranges::stable_sort(
            apps, std::ranges::greater{}, [&](std::uint32_t app) { return placed_[app].running; });
        apps.resize(std::min(apps.size(), most));
        mix_ = {apps.begin(), apps.end()};
    }

    void add_to_mix(std::uint32_t app) {
        const std::int64_t running = placed_[app].running;
        result_.weight += running;
        for (std::size_t place = 0; place < ground_.agents.size(); ++place) {
            if (has_room(quotients_.divisions[place])) {
                result_.weight_there[ground_.agents[place]] += running;
            }
        }
    }

    /// Apps with the same roles and constraints.
    void fit_alike(std::span<const std::uint32_t> apps) {
        const MarathonApp& first = workload_.apps[apps.front()];
        constraints_ = compile_constraints(first.constraints, columns_);
        choice_ = role_of(first, workload_.settings);
        const JudgedView& view = views_.view(choice_);
        view_ = &view.view;
        ground_ = lay_ground(facts_.cluster, view, constraints_, order_);
        fits_any_.assign(ground_.agents.size(), 0);
        ConstraintFit constrained(constraints_, ground_);
        for (const std::uint32_t app : apps) {
            result_.apps[app] = fit(app, constrained);
        }
        for (std::size_t place = 0; place < fits_any_.size(); ++place) {
            if (fits_any_[place] != 0) {
                result_.fits_any[ground_.agents[place]] = true;
            }
        }
    }

    AppFit fit(std::uint32_t index, ConstraintFit& constrained) {
        const MarathonApp& app = workload_.apps[index];
        const auto waiting = workload_.waiting.find(app.id);
        AppFit fit{.app = index,
                   .running = placed_[index].running,
                   .waiting = waiting == workload_.waiting.end() ? 0 : waiting->second};
        fit.unsupported = constraints_.unsupported;
        if (fit.unsupported.empty() && app.has_disk_volumes) {
            fit.unsupported = "persistent volumes on path or mount disks";
        }
        if (!fit.unsupported.empty()) {
            return fit;
        }
        const Needs needs = needs_of(app);
        divide(ground_.columns, needs, quotients_);
        apply_ports(app, needs);
        const bool spares_gpus = leaves_gpus_alone(app, needs);
        if (spares_gpus) {
            for (const std::uint32_t place : ground_.with_gpus) {
                refuse(place, Division::spares_gpus);
            }
        }
        const auto divisions = count_divisions(fit.running > 0);
        if (mix_.contains(index)) {
            add_to_mix(index);
        }
        std::copy_n(divisions.begin(), fit.bindings.size(), fit.bindings.begin());
        fit.local_fits = sum(quotients_.instances);
        fit.pooled = pool(needs, spares_gpus);
        constrained.begin(placed_[index].counted);
        const ConstrainedFit within = constrained.fit(quotients_.instances);
        fit.fits = within.fits;
        fit.fits_most = within.most;
        fit.is_order_dependent = within.is_order_dependent;
        if (fit.fits_most == 0 && fit.local_fits > 0) {
            fit.blocked_by = constrained.find_blocking(quotients_.instances);
        }
        fit_quota(needs, constrained, fit);
        count_refusals(divisions, constrained, fit);
        if (fit.fits == 0 && fit.is_limited_by_quota) {
            std::swap(fit.refusals.at(static_cast<std::size_t>(Refusal::none)),
                      fit.refusals.at(static_cast<std::size_t>(Refusal::quota)));
        }
        return fit;
    }

    /// Where nothing else refuses before.
    void refuse(std::uint32_t place, Division reason) {
        if (has_room(quotients_.divisions[place])) {
            quotients_.instances[place] = 0;
            quotients_.divisions[place] = reason;
        }
    }

    /// Ports by their numbers, and those that no agent has.
    void apply_ports(const MarathonApp& app, const Needs& needs) {
        if (!app.wants_impossible_port && needs.static_ports.is_empty()) {
            return;
        }
        for (std::uint32_t place = 0; place < ground_.agents.size(); ++place) {
            const std::int32_t fits = app.wants_impossible_port || quotients_.instances[place] == 0
                                          ? 0
                                          : fit_ports(*view_, needs, ground_.agents[place]);
            if (fits == 0) {
                refuse(place, Division::short_of_ports);
            } else if (fits < quotients_.instances[place]) {
                quotients_.instances[place] = fits;
                quotients_.divisions[place] = Division::bound_by_ports;
            }
        }
    }

    using DivisionCounts = std::array<std::int64_t, division_count>;

    /// Places by what came of the division; notes those with room, if the app is in the mix.
    DivisionCounts count_divisions(bool is_in_mix) {
        // Two sums that take turns, so that one is not waited for by the next.
        DivisionCounts counts{};
        DivisionCounts others{};
        const std::vector<Division>& divisions = quotients_.divisions;
        std::size_t place = 0;
        for (; place + 1 < divisions.size(); place += 2) {
            ++counts[static_cast<std::size_t>(divisions[place])];
            ++others[static_cast<std::size_t>(divisions[place + 1])];
        }
        if (place < divisions.size()) {
            ++counts[static_cast<std::size_t>(divisions[place])];
        }
        for (std::size_t i = 0; i < counts.size(); ++i) {
            counts.at(i) += others.at(i);
        }
        if (is_in_mix) {
            for (std::size_t i = 0; i < divisions.size(); ++i) {
                fits_any_[i] = static_cast<char>(fits_any_[i] | (has_room(divisions[i]) ? 1 : 0));
            }
        }
        return counts;
    }

    static std::int64_t sum(std::span<const std::int32_t> instances) {
        std::int64_t sum = 0;
        for (const std::int32_t number : instances) {
            sum += number;
        }
        return sum;
    }

    /// As if all places were one.
    [[nodiscard]] std::int64_t pool(const Needs& needs, bool spares_gpus) const {
        GroundSums sums = ground_.sums;
        if (spares_gpus) {
            for (const std::uint32_t place : ground_.with_gpus) {
                const std::uint32_t agent = ground_.agents[place];
                for (std::size_t r = 0; r < scalar_count; ++r) {
                    sums.scalars.at(r) -= view_->free.at(r)[agent];
                }
                sums.ports -= view_->ports[agent];
            }
        }
        constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
        std::int64_t pooled = unlimited;
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) > 0) {
                pooled = std::min(
                    pooled, static_cast<std::int64_t>(sums.scalars.at(r) / needs.scalars.at(r)));
            }
        }
        if (needs.dynamic_ports > 0) {
            pooled = std::min(pooled, sums.ports / needs.dynamic_ports);
        }
        return pooled == unlimited ? 0 : pooled;
    }

    void fit_quota(const Needs& needs, const ConstraintFit& constrained, AppFit& fit) {
        const auto budgeted =
            quota_.fit(choice_, needs, *view_, ground_, quotients_.instances, fit.fits_most);
        if (!budgeted) {
            return;
        }
        std::int64_t fits = budgeted->fits;
        std::int64_t most = budgeted->most;
        if (!constraints_.groupings.empty()) {
            // What fits beside each other and within the budget is not what fits of either.
            fits = fit_within(budgeted->placed, constrained).fits;
            most = std::min(most, fit_within(budgeted->at_most, constrained).most);
        }
        fit.is_limited_by_quota = fits < fit.fits;
        fit.is_order_dependent =
            fit.is_order_dependent || (fit.is_limited_by_quota && fits != most);
        fit.fits = std::min(fit.fits, fits);
        fit.fits_most = std::min(fit.fits_most, std::max(most, fit.fits));
    }

    /// With so many on each agent, by the index of Cluster::agents.
    [[nodiscard]] ConstrainedFit fit_within(std::span<const std::int32_t> by_agent,
                                            const ConstraintFit& constrained) const {
        std::vector<std::int32_t> room;
        room.reserve(ground_.agents.size());
        for (const std::uint32_t agent : ground_.agents) {
            room.push_back(by_agent[agent]);
        }
        return constrained.fit(room);
    }

    void count_refusals(const DivisionCounts& divisions, ConstraintFit& constrained, AppFit& fit) {
        fit.refusals = ground_.refusals;
        const auto number_of = [&](Refusal refusal) -> std::int64_t& {
            return fit.refusals.at(static_cast<std::size_t>(refusal));
        };
        for (std::size_t i = 0; i < division_count; ++i) {
            number_of(refusal_of(static_cast<Division>(i))) += divisions.at(i);
        }
        // What refuses for the constraints comes before what there is no room for.
        for (const std::uint32_t place : constrained.find_refused()) {
            --number_of(refusal_of(quotients_.divisions[place]));
            ++number_of(Refusal::constraint);
        }
        for (const std::uint32_t agent : ground_.in_maintenance) {
            ++number_of(constrained.is_accepted(agent) ? Refusal::maintenance
                                                       : Refusal::constraint);
        }
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
    const std::vector<Instances>& placed_;  // by app
    FitViews views_;
    FieldColumns columns_;
    QuotaFit quota_;
    std::vector<std::uint32_t> order_;  // all agents
    std::set<std::uint32_t> mix_{};     // apps
    // Of the apps at hand, which are alike:
    CompiledConstraints constraints_{};
    RoleChoice choice_{};
    const RoleView* view_ = nullptr;
    FitGround ground_{};
    std::vector<char> fits_any_{};  // by place
    Quotients quotients_{};         // of the app at hand
    Fits result_{};
};

}  // namespace

Fits compute_fits(const ClusterFacts& facts, const Workload& workload) {
    return compute_fits(facts, workload, collect_instances(facts.cluster, workload));
}

Fits compute_fits(const ClusterFacts& facts,
                  const Workload& workload,
                  const std::vector<Instances>& placed) {
    return Fitter(facts, workload, placed).run();
}

}  // namespace caretaker
