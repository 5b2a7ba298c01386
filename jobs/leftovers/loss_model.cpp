// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/loss_model.hpp"

#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/loss_search_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <utility>

namespace caretaker {

namespace {

/// Judges one case after the other; what a case changes in the ground is undone in its end.
class Relocation {
 public:
    explicit Relocation(LossGround& ground) : ground_(ground) {}

    void judge(LossCase& loss) {
        loss.lost = loss.expected = 0;
        loss.lost_by_app.clear();
        begin(loss);
        for (const AppLoad& displaced : displaced_by(loss)) {
            loss.displaced += displaced.number;
            place(displaced, loss);
        }
        undo(loss);
    }

    /// An agent that instances were placed on, and what they take there.
    using Placed = std::vector<std::pair<std::uint32_t, Taken>>;

    /// As judge(), but what is placed stays, and its constraints count it; `moved` takes the app
    /// and the agent of each instance.
    Placed settle(LossCase& loss, std::vector<std::pair<std::uint32_t, std::uint32_t>>& moved) {
        moved_ = &moved;
        begin(loss);
        for (const AppLoad& displaced : displaced_by(loss)) {
            loss.displaced += displaced.number;
            place(displaced, loss);
        }
        Placed placed;
        for (Filled& filled : filled_) {
            placed.emplace_back(filled.agent, std::move(filled.taken));
        }
        log_.clear();
        moved_ = nullptr;
        undo(loss);
        return placed;
    }

    /// Loses less where another placing does.
    void improve(LossCase& loss, std::int64_t& steps) {
        const LeastLoss known{.lost = loss.lost, .by_app = loss.lost_by_app};
        begin(loss);
        const LeastLoss least = search_least_loss(ground_, displaced_by(loss), known, steps);
        loss.is_least = least.is_proven || least.lost == 0;
        loss.lost = least.lost;
        loss.lost_by_app = least.by_app;
        loss.expected = 0;
        for (const auto& [app, number] : loss.lost_by_app) {
            loss.expected += ground_.plans[app].is_on_every_agent ? number : 0;
        }
        undo(loss);
    }

    /// Of the displaced instances those that fit nowhere, whatever becomes of the others.
    std::int64_t hopeless(const LossCase& loss) {
        std::int64_t sum = 0;
        for (const std::uint32_t agent : loss.agents) {
            ground_.is_dead[agent] = 1;
        }
        for (const AppLoad& displaced : displaced_by(loss)) {
            const AppPlan& plan = ground_.plans[displaced.app];
            const bool is_nowhere = std::ranges::find(plan.has_more, 1) == plan.has_more.end() &&
                                    std::ranges::all_of(plan.candidates, [&](std::uint32_t agent) {
                                        return ground_.is_dead[agent] != 0;
                                    });
            sum += is_nowhere ? displaced.number : 0;
        }
        for (const std::uint32_t agent : loss.agents) {
            ground_.is_dead[agent] = 0;
        }
        return sum;
    }

 private:
    void begin(LossCase& loss) {
        loss.displaced = loss.bound = 0;
        for (const std::uint32_t agent : loss.agents) {
            ground_.is_dead[agent] = 1;
            loss.bound += ground_.residents[agent];
            remove_counts(agent);
        }
    }

    /// In the order in which they are placed, each app once.
    std::span<const AppLoad> displaced_by(const LossCase& loss) {
        if (loss.agents.size() == 1) {
            return ground_.movable.on(loss.agents.front());  // as it is
        }
        displaced_.clear();
        for (const std::uint32_t agent : loss.agents) {
            const std::span<const AppLoad> loads = ground_.movable.on(agent);
            displaced_.insert(displaced_.end(), loads.begin(), loads.end());
        }
        std::ranges::sort(displaced_, [&](const AppLoad& a, const AppLoad& b) {
            return ground_.comes_first(a.app, b.app);
        });
        std::size_t kept = 0;
        for (const AppLoad& one : displaced_) {
            if (kept > 0 && displaced_[kept - 1].app == one.app) {
                displaced_[kept - 1].number += one.number;
            } else {
                displaced_[kept++] = one;
            }
        }
        displaced_.resize(kept);
        return displaced_;
    }

    void undo(const LossCase& loss) {
        for (const Change& change : log_) {
            change.counts->add(change.value, -change.by);
        }
        log_.clear();
        for (const std::uint32_t agent : loss.agents) {
            ground_.is_dead[agent] = 0;
        }
        for (const Filled& filled : filled_) {
            ground_.is_filled[filled.agent] = 0;
        }
        filled_.clear();
    }

    /// An agent on which something was placed.
    struct Filled {
        std::uint32_t agent = 0;
        std::int64_t emptiness = 0;
        Taken taken{};
    };

    /// Of the counts of an app.
    struct Change {
        ValueCounts* counts = nullptr;
        std::size_t value = 0;
        std::int64_t by = 0;
    };

    void change(ValueCounts& counts, std::size_t value, std::int64_t by) {
        counts.add(value, by);
        log_.push_back({&counts, value, by});
    }

    void remove_counts(std::uint32_t agent) {
        for (const auto& [app, number] : ground_.counted.on(agent)) {
            AppPlan& plan = ground_.plans[app];
            for (std::size_t g = 0; g < plan.counts.size(); ++g) {
                const FieldColumn& column = *plan.constraints->groupings[g].column;
                change(plan.counts[g], column.values[agent], -number);
            }
        }
    }

    void place(const AppLoad& displaced, LossCase& loss) {
        AppPlan& plan = ground_.plans[displaced.app];
        std::int64_t number = displaced.number;
        for (; number > 0; --number) {
            const auto agent = find_agent(plan);
            if (!agent) {
                break;  // nor would the others fit, which are all alike
            }
            take(plan, *agent);
            if (moved_ != nullptr) {
                moved_->emplace_back(displaced.app, *agent);
            }
        }
        if (number > 0) {
            loss.lost += number;
            loss.expected += plan.is_on_every_agent ? number : 0;
            loss.lost_by_app.emplace_back(displaced.app, number);
        }
    }

    /// The fullest that takes one. Where something was placed before is looked at behind the
    /// candidates: most of it is emptier than the first of them, and need not be asked.
    std::optional<std::uint32_t> find_agent(const AppPlan& plan) {
        std::optional<std::uint32_t> best;
        std::int64_t fullest = 0;
        const auto is_better = [&](std::uint32_t agent, std::int64_t key) {
            return !best || key < fullest || (key == fullest && agent < *best);
        };
        const auto set_best = [&](std::uint32_t agent, std::int64_t key) {
            best = agent;
            fullest = key;
        };
        const auto is_open = [&](std::uint32_t agent) {
            return ground_.is_dead[agent] == 0 && ground_.is_filled[agent] == 0;
        };
        for (const std::uint32_t agent : plan.candidates) {
            if (is_open(agent) && LossGround::is_accepted(plan, agent)) {
                set_best(agent, ground_.emptiness_of[agent]);
                break;
            }
        }
        const bool is_candidate = best.has_value();
        for (const Filled& filled : filled_) {
            if (is_better(filled.agent, filled.emptiness) &&
                ground_.has_room(plan, filled.agent, &filled.taken) &&
                LossGround::is_accepted(plan, filled.agent)) {
                set_best(filled.agent, filled.emptiness);
            }
        }
        const auto ends_search = [&](std::uint32_t last) {
            return !is_better(last, ground_.emptiness_of[last]);
        };
        if (is_candidate || (!plan.candidates.empty() && ends_search(plan.candidates.back())) ||
            !LossGround::may_find_more(plan)) {
            return best;
        }
        for (const std::uint32_t agent : ground_.order) {
            if (!is_better(agent, ground_.emptiness_of[agent])) {
                break;  // nor is one of those that follow
            }
            if (is_open(agent) && ground_.has_room(plan, agent, nullptr) &&
                LossGround::is_accepted(plan, agent)) {
                return agent;
            }
        }
        return best;
    }

    void take(AppPlan& plan, std::uint32_t agent) {
        Filled& filled = filled_on(agent);
        filled.taken.add(plan);
        filled.emptiness = ground_.emptiness_with(agent, filled.taken);
        for (std::size_t g = 0; g < plan.counts.size(); ++g) {
            change(plan.counts[g], plan.constraints->groupings[g].column->values[agent], 1);
        }
    }

    Filled& filled_on(std::uint32_t agent) {
        if (ground_.is_filled[agent] == 0) {
            ground_.is_filled[agent] = 1;
            const Taken* const kept = ground_.kept(agent);
            return filled_.emplace_back(
                Filled{.agent = agent, .taken = kept == nullptr ? Taken{} : *kept});
        }
        return *std::ranges::find(filled_, agent, &Filled::agent);
    }

    LossGround& ground_;
    // Of the case at hand:
    std::vector<AppLoad> displaced_{};
    std::vector<Filled> filled_{};
    std::vector<Change> log_{};
    std::vector<std::pair<std::uint32_t, std::uint32_t>>* moved_ = nullptr;
};

constexpr std::int64_t most_searched = 24;    // instances, for which other placings are tried
constexpr std::int64_t most_steps = 300'000;  // for all cases of a cluster together
constexpr std::int64_t most_steps_of_case = 50'000;
constexpr Milli whole = 1'000;
constexpr Milli health_of_residents = 500;

}  // namespace

LossModel::LossModel(const ClusterFacts& facts, const Workload& workload)
    : LossModel(facts, workload, collect_instances(facts.cluster, workload)) {}

LossModel::LossModel(const ClusterFacts& facts,
                     const Workload& workload,
                     const std::vector<Instances>& placed)
    : ground_(facts, workload, placed), steps_left_(most_steps) {
    ground_.find_candidates();
    for (const Instances& instances : placed) {
        running_.push_back(instances.running);
    }
    settle_draining(placed);
}

void LossModel::settle_draining(const std::vector<Instances>& placed) {
    const std::vector<AgentRow>& agents = ground_.facts.cluster.agents;
    const auto is_draining = [&](std::uint32_t agent) {
        return agents[agent].state == AgentState::draining;
    };
    for (std::uint32_t i = 0; i < agents.size(); ++i) {
        if (is_draining(i) && runs_something(i)) {
            now_.agents.push_back(i);
        }
    }
    if (now_.agents.empty()) {
        return;
    }
    judge(now_);
    LossCase settled{.agents = now_.agents};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> moved;
    auto taken = Relocation(ground_).settle(settled, moved);
    std::vector<Instances> after = placed;
    for (std::uint32_t app = 0; app < after.size(); ++app) {
        if (!ground_.workload.apps[app].is_resident) {
            const auto goes = [&](const auto& one) { return is_draining(one.first); };
            std::erase_if(after[app].counted, goes);
            std::erase_if(after[app].everywhere, goes);
        }
    }
    for (const auto& [app, agent] : moved) {
        after[app].counted.emplace_back(agent, 1);
        after[app].everywhere.emplace_back(agent, 1);
    }
    ground_.keep(std::move(taken), after);
}

void LossModel::judge(LossCase& loss) {
    Relocation(ground_).judge(loss);
    finish(loss);
}

void LossModel::finish(LossCase& loss) {
    loss.is_least = loss.lost == 0;
    if (loss.lost > 0) {
        improve(loss);
        find_broken_apps(loss);
    }
}

void LossModel::improve(LossCase& loss) {
    Relocation relocation(ground_);
    loss.is_least = relocation.hopeless(loss) == loss.lost;
    if (loss.is_least || loss.displaced > most_searched || steps_left_ <= 0) {
        return;
    }
    std::int64_t steps = std::min(steps_left_, most_steps_of_case);
    const std::int64_t given = steps;
    const std::int64_t displaced = loss.displaced;
    relocation.improve(loss, steps);
    loss.displaced = displaced;
    steps_left_ -= given - steps;
}

void LossModel::find_broken_apps(LossCase& loss) const {
    loss.below_health.clear();
    loss.without_any.clear();
    for (const auto& [index, number] : loss.lost_by_app) {
        const MarathonApp& app = ground_.workload.apps[index];
        const Milli health = app.min_health.value_or(app.is_resident ? health_of_residents : whole);
        const std::int64_t left = running_[index] - number;
        if (left <= 0) {
            loss.without_any.push_back(index);
        } else if (WideMilli{left} * whole < WideMilli{app.instances} * health) {
            loss.below_health.push_back(index);
        }
    }
}

std::vector<LossCase> LossModel::lose_each_agent() {
    std::vector<LossCase> losses;
    Relocation relocation(ground_);
    const std::vector<AgentRow>& agents = ground_.facts.cluster.agents;
    for (std::uint32_t i = 0; i < agents.size(); ++i) {
        if (runs_something(i) && agents[i].state != AgentState::draining) {
            losses.push_back({.name = agents[i].hostname, .agents = {i}});
            relocation.judge(losses.back());
            finish(losses.back());
        }
    }
    return losses;
}

std::vector<LossCase> LossModel::lose_each_value(const std::string& attribute) {
    std::map<std::string, std::vector<std::uint32_t>> members;
    const Cluster& cluster = ground_.facts.cluster;
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

bool LossModel::runs_something(std::uint32_t agent) const {
    return !ground_.movable.on(agent).empty() || ground_.residents[agent] > 0;
}

/// Each once, the lower index first. A sample holds the pairs of those agents that displace the
/// largest shares of the cluster, and others by lot.
std::vector<std::pair<std::uint32_t, std::uint32_t>> LossModel::choose_pairs(
    const PairChoice& choice) {
    const auto count = static_cast<std::uint32_t>(ground_.facts.cluster.agents.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    if (count <= choice.most_agents) {
        for (std::uint32_t a = 0; a < count; ++a) {
            for (std::uint32_t b = a + 1; b < count; ++b) {
                if (runs_something(a) || runs_something(b)) {
                    pairs.emplace_back(a, b);
                }
            }
        }
        return pairs;
    }
    std::vector<std::uint32_t> busy;
    std::vector<std::int64_t> share(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        for (const auto& [app, number] : ground_.movable.on(i)) {
            share[i] += ground_.plans[app].size * number;
        }
        if (runs_something(i)) {
            busy.push_back(i);
        }
    }
    if (busy.empty()) {
        return pairs;
    }
    std::ranges::stable_sort(
        busy, std::ranges::greater{}, [&](std::uint32_t agent) { return share[agent]; });
    std::set<std::pair<std::uint32_t, std::uint32_t>> chosen;
    for (std::size_t b = 1; b < std::min(busy.size(), choice.busiest); ++b) {
        for (std::size_t a = 0; a < b && chosen.size() < choice.sample; ++a) {
            chosen.insert(std::minmax(busy[a], busy[b]));
        }
    }
    std::mt19937_64 lot(choice.seed);
    // A pair may be drawn twice, so the tries are counted.
    for (std::size_t tries = 0; chosen.size() < choice.sample && tries < 4 * choice.sample;
         ++tries) {
        const std::uint32_t a = busy[lot() % busy.size()];
        const auto b = static_cast<std::uint32_t>(lot() % count);
        if (a != b) {
            chosen.insert(std::minmax(a, b));
        }
    }
    pairs.assign(chosen.begin(), chosen.end());
    return pairs;
}

PairLosses LossModel::lose_pairs(const PairChoice& choice) {
    const std::vector<AgentRow>& agents = ground_.facts.cluster.agents;
    PairLosses losses;
    std::int64_t idle = 0;
    for (std::uint32_t i = 0; i < agents.size(); ++i) {
        idle += runs_something(i) ? 0 : 1;
    }
    const auto all = std::int64_t{std::ssize(agents)};
    losses.all = all * (all - 1) / 2 - idle * (idle - 1) / 2;
    for (const auto& [a, b] : choose_pairs(choice)) {
        LossCase loss{.name = fmt::format("{}, {}", agents[a].hostname, agents[b].hostname),
                      .agents = {a, b}};
        judge(loss);
        ++losses.judged;
        losses.worst_lost = std::max(losses.worst_lost, loss.lost - loss.expected);
        if (!loss.is_safe()) {
            losses.unsafe.push_back(std::move(loss));
        }
    }
    return losses;
}

}  // namespace caretaker
