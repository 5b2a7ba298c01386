// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/loss_model.hpp"

#include "jobs/leftovers/instance_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <span>

namespace caretaker {

namespace {

constexpr std::size_t most_candidates = 64;
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

struct AppPlan {
    const MarathonApp* app = nullptr;
    Needs needs{};
    std::size_t view = 0;
    CompiledConstraints constraints{};
    std::vector<std::vector<std::int64_t>> counts{};  // of its groupings
    std::vector<std::uint32_t> candidates{};          // the fullest agents with room
    bool has_all_candidates = false;
    bool is_planned = false;
    bool is_on_every_agent = false;  // by a constraint: losing an agent loses an instance
    std::int64_t size = 0;           // dominant share of the cluster, in millionths of millionths
};

/// Amounts that instances took in the case at hand.
struct Taken {
    std::array<Milli, scalar_count> scalars{};
    PortSet static_ports{};
    std::int32_t ports = 0;
};

}  // namespace

struct LossModel::Parts {
    Parts(const ClusterFacts& the_facts, const Workload& the_workload)
        : facts(the_facts),
          workload(the_workload),
          columns(the_facts.cluster),
          open(view_by_role(the_facts.cluster, the_facts.flags, {})) {
        const std::size_t count = facts.cluster.agents.size();
        totals = totals_of_agents();
        is_dead.resize(count);
        order.resize(count);
        std::iota(order.begin(), order.end(), 0U);
        std::vector<std::int64_t> keys;
        for (std::uint32_t i = 0; i < count; ++i) {
            const std::array free{open.free[cpus][i], open.free[mem][i], open.free[disk][i]};
            keys.push_back(emptiness(free, totals[i]));
        }
        std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return keys[i]; });
        emptiness_of = std::move(keys);
        residents.resize(count);
        movable.resize(count);
        const std::vector<Instances> placed = collect_instances(facts.cluster, workload);
        plans.resize(workload.apps.size());
        for (std::uint32_t app = 0; app < workload.apps.size(); ++app) {
            for (const auto& [agent, number] : placed[app].everywhere) {
                if (workload.apps[app].is_resident) {
                    residents[agent] += number;
                } else {
                    movable[agent].emplace_back(app, number);
                }
            }
            counted.push_back(placed[app].counted);
        }
    }

    std::vector<std::array<Milli, 3>> totals_of_agents() {
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

    const RoleView& view_of(const MarathonApp& app, std::size_t& index) {
        const RoleChoice choice = role_of(app, workload.settings);
        const auto [known, is_new] =
            view_ids.try_emplace({choice.role, choice.accepted}, views.size());
        if (is_new) {
            views.push_back(view_by_role(facts.cluster, facts.flags, choice));
        }
        index = known->second;
        return views[index];
    }

    AppPlan& plan(std::uint32_t index) {
        AppPlan& made = plans[index];
        if (made.is_planned) {
            return made;
        }
        made.is_planned = true;
        made.app = &workload.apps[index];
        made.needs = needs_of(*made.app);
        const RoleView& view = view_of(*made.app, made.view);
        made.constraints = compile_constraints(made.app->constraints, columns);
        std::vector<std::int32_t> instances(facts.cluster.agents.size());
        for (const auto& [agent, number] : counted[index]) {
            instances[agent] += number;
        }
        for (const Grouping& grouping : made.constraints.groupings) {
            made.counts.push_back(count_by_value(*grouping.column, instances));
            made.is_on_every_agent =
                made.is_on_every_agent ||
                (grouping.kind == GroupingKind::unique && grouping.column->is_unique &&
                 made.app->instances >= placeable);
        }
        for (std::size_t r = 0; r < 3; ++r) {
            if (cluster_totals.at(r) > 0) {
                made.size = std::max(
                    made.size,
                    static_cast<std::int64_t>(static_cast<WideMilli>(made.needs.scalars.at(r)) *
                                              million * million / cluster_totals.at(r)));
            }
        }
        made.has_all_candidates = true;
        for (const std::uint32_t agent : order) {
            if (has_room(made, view, agent, nullptr)) {
                if (made.candidates.size() == most_candidates) {
                    made.has_all_candidates = false;
                    break;
                }
                made.candidates.push_back(agent);
            }
        }
        return made;
    }

    /// By what does not depend on instances.
    bool has_room(const AppPlan& app,
                  const RoleView& view,
                  std::uint32_t agent,
                  const Taken* taken) {
        if (facts.cluster.agents[agent].state != AgentState::placeable || view.is_dust[agent] ||
            !app.constraints.unsupported.empty() || app.app->has_disk_volumes ||
            app.app->wants_impossible_port ||
            (!app.constraints.accepts.empty() && app.constraints.accepts[agent] == 0)) {
            return false;
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            const Milli gone = taken == nullptr ? 0 : taken->scalars.at(r);
            if (view.free.at(r)[agent] - gone < app.needs.scalars.at(r)) {
                return false;
            }
        }
        if (leaves_gpus_alone(*app.app, app.needs) && view.free[gpus][agent] > 0) {
            return false;
        }
        return has_ports(app, view, agent, taken);
    }

    static bool has_ports(const AppPlan& app,
                          const RoleView& view,
                          std::uint32_t agent,
                          const Taken* taken) {
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

    std::int64_t emptiness_with(std::uint32_t agent, const Taken& taken) const {
        std::array<Milli, 3> free{};
        for (std::size_t r = 0; r < free.size(); ++r) {
            free.at(r) = open.free.at(r)[agent] - taken.scalars.at(r);
        }
        return emptiness(free, totals[agent]);
    }

    const ClusterFacts& facts;
    const Workload& workload;
    FieldColumns columns;
    RoleView open;                               // for apps of the role *
    std::vector<std::array<Milli, 3>> totals{};  // cpus, mem, disk by agent
    std::array<Milli, 3> cluster_totals{};
    std::int64_t placeable = 0;
    std::vector<std::uint32_t> order{};        // agents, the fullest first
    std::vector<std::int64_t> emptiness_of{};  // by agent
    std::vector<std::int64_t> residents{};     // by agent
    std::vector<char> is_dead{};               // in the case at hand, by agent
    std::vector<std::vector<std::pair<std::uint32_t, std::int64_t>>> movable{};  // app, number
    std::vector<std::vector<std::pair<std::uint32_t, std::int32_t>>> counted{};  // by app
    std::vector<AppPlan> plans{};
    std::vector<RoleView> views{};
    std::map<std::pair<std::string, AcceptedRoles>, std::size_t> view_ids{};
};

namespace {

/// One case being judged: what it changes in the parts is undone in the end.
template <typename Parts>
class Relocation {
 public:
    Relocation(Parts& parts, LossCase& loss) : parts_(parts), loss_(loss) {
        for (const std::uint32_t agent : loss.agents) {
            parts_.is_dead[agent] = 1;
        }
    }

    ~Relocation() {
        for (const auto& [count, change] : log_) {
            *count -= change;
        }
        for (const std::uint32_t agent : loss_.agents) {
            parts_.is_dead[agent] = 0;
        }
    }

    Relocation(const Relocation&) = delete;
    Relocation& operator=(const Relocation&) = delete;

    void run() {
        std::map<std::uint32_t, std::int64_t> displaced;
        for (const std::uint32_t agent : loss_.agents) {
            loss_.bound += parts_.residents[agent];
            for (const auto& [app, number] : parts_.movable[agent]) {
                displaced[app] += number;
                loss_.displaced += number;
            }
        }
        std::vector<std::uint32_t> apps;
        for (const auto& [app, number] : displaced) {
            remove_counts(parts_.plan(app), app);
            apps.push_back(app);
        }
        std::ranges::stable_sort(
            apps, std::ranges::greater{}, [&](std::uint32_t app) { return parts_.plan(app).size; });
        for (const std::uint32_t app : apps) {
            place(app, displaced[app]);
        }
    }

 private:
    void change(std::int64_t& count, std::int64_t by) {
        count += by;
        log_.emplace_back(&count, by);
    }

    void remove_counts(AppPlan& plan, std::uint32_t app) {
        for (std::size_t g = 0; g < plan.counts.size(); ++g) {
            const FieldColumn& column = *plan.constraints.groupings[g].column;
            for (const auto& [agent, number] : parts_.counted[app]) {
                if (parts_.is_dead[agent] != 0) {
                    const std::size_t value =
                        std::min<std::size_t>(column.values[agent], column.names.size());
                    change(plan.counts[g][value], -number);
                }
            }
        }
    }

    void place(std::uint32_t app, std::int64_t number) {
        AppPlan& plan = parts_.plan(app);
        for (; number > 0; --number) {
            const auto agent = find_agent(plan);
            if (!agent) {
                break;  // nor would the others fit, which are all alike
            }
            take(plan, *agent);
        }
        if (number > 0) {
            loss_.lost += number;
            loss_.expected += plan.is_on_every_agent ? number : 0;
            loss_.lost_by_app.emplace_back(app, number);
        }
    }

    [[nodiscard]] bool is_accepted(const AppPlan& plan, std::uint32_t agent) const {
        for (std::size_t g = 0; g < plan.counts.size(); ++g) {
            const Grouping& grouping = plan.constraints.groupings[g];
            const bool needs_tally =
                grouping.kind == GroupingKind::group_by || grouping.kind == GroupingKind::cluster;
            const GroupTally tally = needs_tally ? tally_groups(plan.counts[g]) : GroupTally{};
            if (!accepts_now(grouping, grouping.column->values[agent], plan.counts[g], tally)) {
                return false;
            }
        }
        return true;
    }

    std::optional<std::uint32_t> find_agent(const AppPlan& plan) {
        const RoleView& view = parts_.views[plan.view];
        std::optional<std::uint32_t> best;
        std::int64_t fullest = 0;
        const auto offer = [&](std::uint32_t agent, std::int64_t key) {
            if (!best || key < fullest || (key == fullest && agent < *best)) {
                best = agent;
                fullest = key;
            }
        };
        for (const auto& [agent, taken] : taken_) {
            if (parts_.has_room(plan, view, agent, &taken) && is_accepted(plan, agent)) {
                offer(agent, parts_.emptiness_with(agent, taken));
            }
        }
        const auto take_first = [&](std::span<const std::uint32_t> agents, bool is_checked) {
            for (const std::uint32_t agent : agents) {
                if (parts_.is_dead[agent] == 0 && !taken_.contains(agent) &&
                    (is_checked || parts_.has_room(plan, view, agent, nullptr)) &&
                    is_accepted(plan, agent)) {
                    offer(agent, parts_.emptiness_of[agent]);
                    return true;
                }
            }
            return false;
        };
        if (!take_first(plan.candidates, true) && !plan.has_all_candidates) {
            take_first(parts_.order, false);
        }
        return best;
    }

    void take(AppPlan& plan, std::uint32_t agent) {
        Taken& taken = taken_[agent];
        for (std::size_t r = 0; r < scalar_count; ++r) {
            taken.scalars.at(r) += plan.needs.scalars.at(r);
        }
        taken.static_ports.add(plan.needs.static_ports);
        taken.ports +=
            static_cast<std::int32_t>(plan.needs.static_ports.count()) + plan.needs.dynamic_ports;
        for (std::size_t g = 0; g < plan.counts.size(); ++g) {
            change(plan.counts[g][plan.constraints.groupings[g].column->values[agent]], 1);
        }
    }

    Parts& parts_;
    LossCase& loss_;
    std::map<std::uint32_t, Taken> taken_{};
    std::vector<std::pair<std::int64_t*, std::int64_t>> log_{};
};

}  // namespace

LossModel::LossModel(const ClusterFacts& facts, const Workload& workload)
    : parts_(std::make_unique<Parts>(facts, workload)) {}

LossModel::~LossModel() = default;

void LossModel::judge(LossCase& loss) {
    loss.displaced = loss.bound = loss.lost = loss.expected = 0;
    loss.lost_by_app.clear();
    Relocation<Parts>(*parts_, loss).run();
}

std::vector<LossCase> LossModel::lose_each_agent() {
    std::vector<LossCase> losses;
    for (std::uint32_t i = 0; i < parts_->facts.cluster.agents.size(); ++i) {
        if (!parts_->movable[i].empty() || parts_->residents[i] > 0) {
            losses.push_back({.name = parts_->facts.cluster.agents[i].hostname, .agents = {i}});
            judge(losses.back());
        }
    }
    return losses;
}

std::vector<LossCase> LossModel::lose_each_value(const std::string& attribute) {
    std::map<std::string, std::vector<std::uint32_t>> members;
    const Cluster& cluster = parts_->facts.cluster;
    for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
        members[group_value(cluster, cluster.agents[i], attribute)].push_back(i);
    }
    std::vector<LossCase> losses;
    for (auto& [value, agents] : members) {
        if (value != "(none)") {
            losses.push_back({.name = value, .agents = std::move(agents)});
            judge(losses.back());
        }
    }
    return losses;
}

}  // namespace caretaker
