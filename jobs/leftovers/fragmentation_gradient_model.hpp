// SPDX-License-Identifier: Apache-2.0
// How much of what is free becomes of no use to the usual work when an instance is put somewhere:
// the gradient of Weng et al., "Beware of Fragmentation", USENIX ATC '23. Pure.
#pragma once

#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/plan_space_model.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

/// An agent's waste is what is free there, as a share of the cluster, times the part of the usual
/// work that does not fit there. The usual work are the 64 most frequent kinds of instances that
/// run, constraints that depend on instances left out; those of the plan where nothing runs.
class FragmentationGradient {
 public:
    /// The space has to outlive it.
    FragmentationGradient(const PlanSpace& space, std::span<const WantedApp> wanted);

    /// By how much the waste of the agent would grow with one more instance of the app, in
    /// millionths of millionths of the cluster for each millionth of the work; smaller is better.
    /// The app has room there. What is free is what the app may take.
    [[nodiscard]] std::int64_t of(std::uint32_t app, std::uint32_t agent);

    /// Something was taken from the agent, or given back.
    void forget(std::uint32_t agent) { is_known_[agent] = 0; }

 private:
    /// Instances that need the same of the same agents.
    struct Shape {
        const AppPlan* plan = nullptr;  // of one of its apps
        std::int64_t weight = 0;        // instances, then millionths of all
    };

    /// How much of the work does not fit.
    struct Unfit {
        std::int64_t all = 0;      // in millionths
        std::int64_t of_gpus = 0;  // of it what needs GPUs: to all else those are no loss
    };

    void add(std::uint32_t app, std::int64_t instances);
    void keep_most_frequent();
    [[nodiscard]] std::uint64_t fitting(std::uint64_t among,
                                        std::uint32_t agent,
                                        const Taken& taken) const;
    [[nodiscard]] Unfit unfit(std::uint64_t fitting) const;
    [[nodiscard]] std::int64_t waste(const AppPlan& app,
                                     std::uint32_t agent,
                                     const Taken& taken,
                                     std::uint64_t fitting) const;

    const PlanSpace& space_;
    std::array<Milli, scalar_count> totals_{};  // of the cluster
    std::vector<Shape> shapes_{};
    std::vector<std::uint64_t> fitting_;  // by agent, a bit for each shape, as it stands
    std::vector<char> is_known_;          // whether that is up to date
};

}  // namespace caretaker
