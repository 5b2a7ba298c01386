// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/addition_model.hpp"

#include "common/base/error.hpp"
#include "jobs/leftovers/cluster_change_model.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/loss_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

constexpr std::int64_t more_tries = 50;
constexpr std::int64_t unbounded = 1'000'000;

/// How it stands with so many agents more.
enum class Standing { met, not_met, never_met };

class AdditionSearch {
 public:
    AdditionSearch(const AdditionQuestion& question, const AgentTemplate& agents)
        : question_(question), agents_(agents) {
        if (question.goal.kind == AdditionGoal::Kind::fits) {
            const auto& apps = question.facts.workload.apps;
            if (std::ranges::find(apps, question.goal.app, &MarathonApp::id) == apps.end()) {
                throw UsageError(fmt::format("--for: Marathon has no app {}; write its whole id",
                                             question.goal.app));
            }
        }
    }

    AgentAddition search() {
        AgentAddition found;
        const Standing now = stand(0);
        if (now == Standing::met) {
            found.count = 0;
            found.is_minimal = true;
            return found;
        }
        found.lower = std::max<std::int64_t>(1, lower_bound());
        if (!never_.empty()) {
            found.reason = never_;
            return found;
        }
        Standing before = found.lower == 1 ? now : Standing::never_met;
        const std::int64_t most = found.lower * 2 + more_tries;
        for (std::int64_t count = found.lower; count <= most; ++count) {
            const Standing standing = stand(count);
            if (standing == Standing::met) {
                found.count = count;
                found.is_minimal = before == Standing::never_met;
                return found;
            }
            before = standing;
        }
        found.reason = fmt::format("not with {} either", most);
        return found;
    }

 private:
    [[nodiscard]] ClusterFacts with(std::int64_t count) const {
        ClusterFacts facts(question_.facts);
        if (count > 0) {
            AgentTemplate agents = agents_;
            agents.count = count;
            add_agents(facts, agents);
        }
        return facts;
    }

    [[nodiscard]] PlanScene scene_with(std::int64_t count) const {
        PlanScene scene = apply_plan(question_.facts, question_.plan);
        if (count > 0) {
            AgentTemplate agents = agents_;
            agents.count = count;
            add_agents(scene.facts, agents);
        }
        return scene;
    }

    [[nodiscard]] Standing stand(std::int64_t count) const {
        switch (question_.goal.kind) {
            case AdditionGoal::Kind::plan: {
                PlanRules rules = question_.rules;
                rules.trials = 0;
                const PlanVerdict verdict = judge_plan(scene_with(count), rules).verdict;
                return verdict == PlanVerdict::feasible     ? Standing::met
                       : verdict == PlanVerdict::infeasible ? Standing::never_met
                                                            : Standing::not_met;
            }
            case AdditionGoal::Kind::n1: {
                const ClusterFacts facts = with(count);
                const auto losses = LossModel(facts, facts.workload).lose_each_agent();
                return std::ranges::all_of(losses, &LossCase::is_safe) ? Standing::met
                                                                       : Standing::not_met;
            }
            case AdditionGoal::Kind::fits:
                break;
        }
        const AppFit fit = fit_with(count);
        return fit.fits >= question_.goal.instances       ? Standing::met
               : fit.fits_most < question_.goal.instances ? Standing::never_met
                                                          : Standing::not_met;
    }

    [[nodiscard]] AppFit fit_with(std::int64_t count) const {
        const ClusterFacts facts = with(count);
        Workload workload{.is_known = true, .settings = facts.workload.settings};
        for (const MarathonApp& app : facts.workload.apps) {
            if (app.id == question_.goal.app) {
                workload.apps.push_back(app);
            }
        }
        for (const MarathonTask& task : facts.workload.tasks) {
            if (task.app == question_.goal.app) {
                workload.tasks.push_back(task);
            }
        }
        return compute_fits(facts, workload).apps.at(0);
    }

    /// By the sums, and for each app by what of it one such agent takes.
    std::int64_t lower_bound() {
        if (question_.goal.kind == AdditionGoal::Kind::n1) {
            return 1;
        }
        if (question_.goal.kind == AdditionGoal::Kind::fits) {
            const auto& apps = question_.facts.workload.apps;
            const auto app = std::ranges::find(apps, question_.goal.app, &MarathonApp::id);
            return bound_by_app(*app, question_.goal.instances - most_now(*app, fit_with(0)));
        }
        const PlanScene scene = scene_with(0);
        std::int64_t lower = 1;
        std::array<WideMilli, scalar_count> missing{};
        for (const WantedApp& wanted : scene.wanted) {
            const MarathonApp& app = scene.facts.workload.apps[wanted.app];
            const Needs needs = needs_of(app);
            for (std::size_t r = 0; r < scalar_count; ++r) {
                missing.at(r) += static_cast<WideMilli>(needs.scalars.at(r)) * wanted.instances;
            }
            Workload alone{.is_known = true, .settings = scene.facts.workload.settings};
            alone.apps.push_back(app);
            std::ranges::copy_if(scene.facts.workload.tasks,
                                 std::back_inserter(alone.tasks),
                                 [&](const MarathonTask& task) { return task.app == app.id; });
            const AppFit fit = compute_fits(scene.facts, alone).apps.at(0);
            if (fit.unsupported.empty()) {
                lower = std::max(lower, bound_by_app(app, wanted.instances - most_now(app, fit)));
            }
        }
        for (const AgentRow& agent : scene.facts.cluster.agents) {
            for (const Pool& pool : scene.facts.cluster.pools_of(agent)) {
                if (agent.state == AgentState::placeable && pool.is_plain() &&
                    pool.resource < scalar_count) {
                    missing.at(pool.resource) -= pool.left + pool.slack;
                }
            }
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (missing.at(r) > 0 && agents_.amounts.at(r) > 0) {
                lower =
                    std::max(lower,
                             static_cast<std::int64_t>((missing.at(r) + agents_.amounts.at(r) - 1) /
                                                       agents_.amounts.at(r)));
            }
        }
        return std::min(lower, unbounded);
    }

    /// An agent in a group that was missing lets instances go to agents that are there: beside
    /// GROUP_BY it adds more than it holds itself.
    static std::int64_t most_now(const MarathonApp& app, const AppFit& fit) {
        const bool is_grouped = std::ranges::any_of(
            app.constraints, [](const auto& constraint) { return constraint.op == "GROUP_BY"; });
        return is_grouped ? fit.local_fits : fit.fits_most;
    }

    std::int64_t bound_by_app(const MarathonApp& app, std::int64_t missing) {
        if (missing <= 0) {
            return 1;
        }
        const Needs needs = needs_of(app);
        std::int64_t each = unbounded;
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (needs.scalars.at(r) > agents_.amounts.at(r)) {
                never_ = fmt::format("an instance of {} is larger than such an agent: {} {} of {}",
                                     app.id,
                                     format_milli(needs.scalars.at(r)),
                                     resource_names.at(r),
                                     format_milli(agents_.amounts.at(r)));
            } else if (needs.scalars.at(r) > 0) {
                each = std::min(each, agents_.amounts.at(r) / needs.scalars.at(r));
            }
        }
        const std::int64_t ports_each = needs.static_ports.count() + needs.dynamic_ports;
        if (ports_each > agents_.ports.count()) {
            never_ =
                fmt::format("an instance of {} needs more ports than such an agent has", app.id);
        }
        ClusterFacts one;
        add_agents(one, agents_);
        FieldColumns columns(one.cluster);
        for (const MarathonConstraint& constraint : app.constraints) {
            const CompiledConstraints compiled = compile_constraint(constraint, columns);
            if (compiled.unsupported.empty() && !compiled.accepts.empty() &&
                compiled.accepts[0] == 0) {
                never_ = fmt::format("such an agent never meets the constraint {} {}{} of {}",
                                     constraint.field,
                                     constraint.op,
                                     constraint.value ? " " + *constraint.value : "",
                                     app.id);
            }
        }
        return never_.empty() ? (missing + each - 1) / each : 1;
    }

    const AdditionQuestion& question_;
    AgentTemplate agents_;
    std::string never_{};  // why no number of agents is enough
};

}  // namespace

std::optional<AdditionGoal> parse_addition_goal(std::string_view text) {
    if (text == "plan") {
        return AdditionGoal{.kind = AdditionGoal::Kind::plan};
    }
    if (text == "n1") {
        return AdditionGoal{.kind = AdditionGoal::Kind::n1};
    }
    constexpr std::string_view fits = "fits:";
    const std::size_t sign = text.rfind('=');
    if (!text.starts_with(fits) || sign == std::string_view::npos || sign <= fits.size()) {
        return std::nullopt;
    }
    AdditionGoal goal{.kind = AdditionGoal::Kind::fits,
                      .app = std::string(text.substr(fits.size(), sign - fits.size()))};
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + sign + 1, end, goal.instances);
    const bool is_right = parsed.ec == std::errc{} && parsed.ptr == end && goal.instances > 0;
    return is_right ? std::optional(goal) : std::nullopt;
}

AgentAddition find_addition(const AdditionQuestion& question,
                            std::string name,
                            AgentTemplate agents) {
    agents.count = 1;
    AgentAddition found = AdditionSearch(question, agents).search();
    found.name = std::move(name);
    return found;
}

std::vector<std::pair<std::string, AgentTemplate>> agent_classes(const Cluster& cluster) {
    using Amounts = std::array<Milli, scalar_count + 1>;

    struct Class {
        std::int64_t agents = 0;
        std::uint32_t first = 0;
    };

    std::map<Amounts, Class> classes;
    for (std::uint32_t i = 0; i < cluster.agents.size(); ++i) {
        Amounts amounts{};
        for (const Pool& pool : cluster.pools_of(cluster.agents[i])) {
            if (pool.is_plain() && pool.resource < amounts.size()) {
                amounts.at(pool.resource) += pool.total;
            }
        }
        if (amounts[cpus] > 0 || amounts[mem] > 0) {
            const auto [known, is_new] = classes.try_emplace(amounts, Class{.first = i});
            ++known->second.agents;
        }
    }
    std::vector<std::pair<Amounts, Class>> order(classes.begin(), classes.end());
    std::ranges::stable_sort(
        order, std::ranges::greater{}, [](const auto& one) { return one.second.agents; });
    std::vector<std::pair<std::string, AgentTemplate>> made;
    for (const auto& [amounts, agents] : order) {
        constexpr std::uint64_t first_port = 31'000;
        constexpr std::uint64_t last_port = 65'535;
        AgentTemplate one;
        std::copy_n(amounts.begin(), scalar_count, one.amounts.begin());
        if (amounts[ports] > 0) {
            const auto count = static_cast<std::uint64_t>(amounts[ports] / 1000);
            one.ports.add(first_port, std::min(last_port, first_port + count - 1));
        }
        for (const AgentAttribute& attribute :
             cluster.attributes_of(cluster.agents[agents.first])) {
            one.attributes.emplace_back(cluster.attribute_names.name(attribute.name),
                                        cluster.attribute_values.name(attribute.value));
        }
        made.emplace_back(fmt::format("class:{}", made.size() + 1), std::move(one));
    }
    return made;
}

}  // namespace caretaker
