// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/fragmentation_gradient_model.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace caretaker {

namespace {

constexpr std::size_t most_shapes = 64;  // bits of a word; rarer ones move the waste little
constexpr WideMilli million = 1'000'000;

bool is_same_shape(const AppPlan& a, const AppPlan& b) {
    const auto key = [](const AppPlan& plan) {
        return std::tie(plan.view,
                        plan.constraints,
                        plan.needs.scalars,
                        plan.needs.static_ports,
                        plan.needs.dynamic_ports,
                        plan.app->has_disk_volumes,
                        plan.app->wants_impossible_port,
                        plan.app->gpu_behavior);
    };
    return key(a) == key(b);
}

std::int64_t share(Milli amount, Milli total) {
    return total == 0 ? 0 : static_cast<std::int64_t>(amount * million * million / total);
}

}  // namespace

FragmentationGradient::FragmentationGradient(const PlanSpace& space,
                                             std::span<const WantedApp> wanted)
    : space_(space),
      fitting_(space.ground().facts.cluster.agents.size()),
      is_known_(space.ground().facts.cluster.agents.size()) {
    const Cluster& cluster = space.ground().facts.cluster;
    for (const AgentRow& agent : cluster.agents) {
        for (const Pool& pool : cluster.pools_of(agent)) {
            if (agent.state == AgentState::placeable && pool.is_plain() &&
                pool.resource < scalar_count) {
                totals_.at(pool.resource) += pool.total;
            }
        }
    }
    const Workload& workload = space.ground().workload;
    std::unordered_map<std::string_view, std::int64_t> running;
    for (const MarathonTask& task : workload.tasks) {
        running[task.app] += is_placed_state(task.state) ? 1 : 0;
    }
    for (std::uint32_t app = 0; app < workload.apps.size(); ++app) {
        const auto instances = running.find(workload.apps[app].id);
        add(app, instances == running.end() ? 0 : instances->second);
    }
    if (shapes_.empty()) {
        for (const WantedApp& app : wanted) {
            add(app.app, app.instances);
        }
    }
    keep_most_frequent();
}

void FragmentationGradient::add(std::uint32_t app, std::int64_t instances) {
    if (instances == 0) {
        return;
    }
    const AppPlan& plan = space_.plan(app);
    const auto known = std::ranges::find_if(
        shapes_, [&](const Shape& shape) { return is_same_shape(*shape.plan, plan); });
    if (known == shapes_.end()) {
        shapes_.push_back({.plan = &plan, .weight = instances});
    } else {
        known->weight += instances;
    }
}

void FragmentationGradient::keep_most_frequent() {
    std::ranges::stable_sort(shapes_, std::ranges::greater{}, &Shape::weight);
    shapes_.resize(std::min(shapes_.size(), most_shapes));
    std::int64_t all = 0;
    for (const Shape& shape : shapes_) {
        all += shape.weight;
    }
    for (Shape& shape : shapes_) {
        shape.weight = static_cast<std::int64_t>(shape.weight * million / all);
    }
}

std::int64_t FragmentationGradient::of(std::uint32_t app, std::uint32_t agent) {
    const AppPlan& plan = space_.plan(app);
    const Taken& taken = space_.taken(agent);
    if (is_known_[agent] == 0) {
        fitting_[agent] = fitting(~std::uint64_t{0}, agent, taken);
        is_known_[agent] = 1;
    }
    Taken with = taken;
    with.add(plan);
    // What does not fit now does not fit with less.
    const std::uint64_t then = fitting(fitting_[agent], agent, with);
    return waste(plan, agent, with, then) - waste(plan, agent, taken, fitting_[agent]);
}

/// Of the shapes `among`, those with room there.
std::uint64_t FragmentationGradient::fitting(std::uint64_t among,
                                             std::uint32_t agent,
                                             const Taken& taken) const {
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        if ((among & bit) != 0 && space_.ground().has_room(*shapes_[i].plan, agent, &taken)) {
            found |= bit;
        }
    }
    return found;
}

FragmentationGradient::Unfit FragmentationGradient::unfit(std::uint64_t fitting) const {
    Unfit sums;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
        if ((fitting & (std::uint64_t{1} << i)) == 0) {
            sums.all += shapes_[i].weight;
            sums.of_gpus += shapes_[i].plan->needs.scalars[gpus] > 0 ? shapes_[i].weight : 0;
        }
    }
    return sums;
}

std::int64_t FragmentationGradient::waste(const AppPlan& app,
                                          std::uint32_t agent,
                                          const Taken& taken,
                                          std::uint64_t fitting) const {
    const Unfit lost = unfit(fitting);
    std::int64_t sum = 0;
    for (std::size_t r = 0; r < scalar_count; ++r) {
        const Milli free = app.view->free.at(r)[agent] - taken.scalars.at(r);
        sum += (r == gpus ? lost.of_gpus : lost.all) * share(free, totals_.at(r));
    }
    return sum;
}

}  // namespace caretaker
