// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/rolling_model.hpp"

#include "jobs/leftovers/app_needs_model.hpp"
#include "jobs/leftovers/constraint_model.hpp"
#include "jobs/leftovers/fit_ground_model.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

namespace caretaker {

namespace {

constexpr Milli whole = 1000;
constexpr Milli resident_health = 500;

/// Further instances where none is counted, of apps whose constraints count them.
std::map<std::uint32_t, std::int64_t> fits_afresh(const ClusterFacts& facts,
                                                  const Workload& workload) {
    Workload counted{.is_known = true, .settings = workload.settings};
    std::vector<std::uint32_t> indexes;
    for (std::uint32_t i = 0; i < workload.apps.size(); ++i) {
        if (!workload.apps[i].constraints.empty()) {
            counted.apps.push_back(workload.apps[i]);
            indexes.push_back(i);
        }
    }
    std::map<std::uint32_t, std::int64_t> fits;
    for (const AppFit& fit : compute_fits(facts, counted).apps) {
        fits[indexes[fit.app]] = fit.fits;
    }
    return fits;
}

/// By app: instances on agents that take what stops there for a new one.
std::vector<std::int64_t> count_replaceable(const ClusterFacts& facts,
                                            const Workload& workload,
                                            const std::vector<Instances>& placed) {
    std::vector<std::int64_t> counts(workload.apps.size());
    FieldColumns columns(facts.cluster, groups_by_shares(workload.settings));
    for (const auto& [key, apps] : group_alike(workload)) {
        const CompiledConstraints constraints =
            compile_constraints(workload.apps[apps.front()].constraints, columns);
        for (const std::uint32_t app : apps) {
            for (const auto& [agent, number] : placed[app].everywhere) {
                const bool is_accepted =
                    constraints.accepts.empty() || constraints.accepts[agent] != 0;
                if (is_accepted && facts.cluster.agents[agent].state == AgentState::placeable) {
                    counts[app] += number;
                }
            }
        }
    }
    return counts;
}

}  // namespace

RollingRestart rolling_limits(const MarathonApp& app, std::int64_t healthy) {
    const Milli health = app.min_health.value_or(app.is_resident ? resident_health : whole);
    const Milli over = app.over_capacity.value_or(app.is_resident ? 0 : whole);
    const WideMilli wanted = app.instances;
    RollingRestart limits{.keep = static_cast<std::int64_t>((wanted * health + whole - 1) / whole),
                          .ceiling = static_cast<std::int64_t>(wanted * (whole + over) / whole)};
    limits.stop_first = std::max<std::int64_t>(0, healthy - limits.keep);
    if (limits.keep == limits.ceiling && limits.ceiling <= healthy) {
        // Otherwise nothing would ever move.
        (app.is_resident ? limits.stop_first : limits.ceiling) += 1;
    }
    return limits;
}

std::vector<RollingRestart> judge_rolling(const ClusterFacts& facts,
                                          const Workload& workload,
                                          const std::vector<Instances>& placed,
                                          const Fits& fits) {
    const std::map<std::uint32_t, std::int64_t> afresh = fits_afresh(facts, workload);
    const std::vector<std::int64_t> replaceable = count_replaceable(facts, workload, placed);
    std::vector<RollingRestart> restarts;
    for (const AppFit& fit : fits.apps) {
        const MarathonApp& app = workload.apps[fit.app];
        if (fit.running == 0 || app.instances == 0 || !fit.unsupported.empty()) {
            continue;
        }
        RollingRestart restart = rolling_limits(app, fit.running);
        restart.app = fit.app;
        const auto fresh = afresh.find(fit.app);
        restart.room =
            std::clamp<std::int64_t>(restart.ceiling - std::min(fit.running, app.instances),
                                     0,
                                     fresh == afresh.end() ? fit.fits : fresh->second);
        if (app.is_resident) {
            restart.room = 0;  // a new one takes over the volume of an old one
        }
        restart.stop_first = std::min(restart.stop_first, replaceable[fit.app]);
        const std::int64_t at_once = std::max<std::int64_t>(1, restart.room + restart.stop_first);
        restart.rounds = (app.instances + at_once - 1) / at_once;
        restarts.push_back(restart);
    }
    return restarts;
}

std::vector<RollingRestart> judge_rolling(const ClusterFacts& facts,
                                          std::span<const std::uint32_t> apps) {
    if (apps.empty()) {
        return {};
    }
    Workload workload{.is_known = true, .settings = facts.workload.settings};
    std::set<std::string_view> ids;
    for (const std::uint32_t app : apps) {
        workload.apps.push_back(facts.workload.apps[app]);
        ids.insert(facts.workload.apps[app].id);
    }
    std::ranges::copy_if(facts.workload.tasks,
                         std::back_inserter(workload.tasks),
                         [&](const MarathonTask& task) { return ids.contains(task.app.view()); });
    const std::vector<Instances> placed = collect_instances(facts.cluster, workload);
    auto restarts = judge_rolling(facts, workload, placed, compute_fits(facts, workload, placed));
    for (RollingRestart& restart : restarts) {
        restart.app = apps[restart.app];
    }
    return restarts;
}

}  // namespace caretaker
