// SPDX-License-Identifier: Apache-2.0
// Ways to place what a plan wants. Pure.
#pragma once

#include "jobs/leftovers/plan_scene_model.hpp"
#include "jobs/leftovers/plan_space_model.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

/// One instance and where it goes.
struct PlacedInstance {
    std::uint32_t app = 0;    // in Workload::apps
    std::uint32_t agent = 0;  // in Cluster::agents
    PortSet ports{};

    friend bool operator==(const PlacedInstance&, const PlacedInstance&) = default;
};

enum class PlacingPolicy {
    best_fit_decreasing,
    best_fit,
    first_fit_decreasing,
    first_fit,
    fgd,  // where FragmentationGradient is the least
    spread,
};

inline constexpr std::array all_plan_policies{PlacingPolicy::best_fit_decreasing,
                                              PlacingPolicy::best_fit,
                                              PlacingPolicy::first_fit_decreasing,
                                              PlacingPolicy::first_fit,
                                              PlacingPolicy::fgd,
                                              PlacingPolicy::spread};

/// "best-fit-decreasing", …
std::string_view to_string(PlacingPolicy policy);

/// The same on every machine: splitmix64.
class PlanRandom {
 public:
    explicit PlanRandom(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

    template <typename T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i-- > 1;) {
            std::swap(items[i], items[next() % (i + 1)]);
        }
    }

 private:
    std::uint64_t state_;
};

/// Places instance after instance, each where the policy says; one that finds no place is left out.
/// The space holds them afterwards. In the order in which they were placed, without ports.
std::vector<PlacedInstance> place_by(PlanSpace& space,
                                     std::span<const WantedApp> wanted,
                                     PlacingPolicy policy);

/// What Marathon does by itself with that seed: offers of all agents come in random order, each is
/// shown to the waiting apps in turn, which take at most five instances of it.
std::vector<PlacedInstance> place_as_marathon(PlanSpace& space,
                                              std::span<const WantedApp> wanted,
                                              std::uint64_t seed);

void give_all_back(PlanSpace& space, std::span<const PlacedInstance> placed);

/// Chooses ports: those that apps name, and of the others the lowest that no app of the plan names
/// and no old instance has.
void assign_ports(PlanSpace& space, const PlanScene& scene, std::vector<PlacedInstance>& placed);

}  // namespace caretaker
