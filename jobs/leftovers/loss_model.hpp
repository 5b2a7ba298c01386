// SPDX-License-Identifier: Apache-2.0
// What becomes of the instances of agents that go away: which find a place on the others. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/loss_ground_model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// Some agents gone at once.
struct LossCase {
    std::string name{};  // host name, or value of an attribute
    std::vector<std::uint32_t> agents{};
    std::int64_t displaced = 0;  // instances that have to move
    std::int64_t bound = 0;      // of resident apps, which wait for their agent
    std::int64_t lost = 0;       // displaced and not placed
    std::int64_t expected = 0;   // of these, of apps that are on every agent by their constraint
    bool is_least = false;       // proven: no other placing loses fewer
    std::vector<std::pair<std::uint32_t, std::int64_t>> lost_by_app{};  // in Workload::apps
    /// Of these apps fewer instances are left than the minimumHealthCapacity of their upgrade
    /// strategy asks for, and of those none.
    std::vector<std::uint32_t> below_health{};
    std::vector<std::uint32_t> without_any{};

    [[nodiscard]] bool is_safe() const { return lost == expected; }
};

/// Pairs of agents gone at once.
struct PairLosses {
    std::vector<LossCase> unsafe{};  // in the order of the agents
    std::int64_t judged = 0;
    std::int64_t all = 0;         // pairs of which one runs something; more than `judged`: a sample
    std::int64_t worst_lost = 0;  // beyond what is expected

    [[nodiscard]] bool is_sampled() const { return judged < all; }
};

/// Which pairs are judged.
struct PairChoice {
    std::size_t most_agents = 300;  // so many or fewer: all pairs of them
    std::size_t sample = 5'000;     // else so many:
    std::size_t busiest = 100;      // those of the agents that displace most, and by lot
    std::uint64_t seed = 1;
};

/// Places displaced instances on the other placeable agents, the largest first, each on the fullest
/// agent where it fits, by the rules of Fits; survivors stay and count for constraints. A case
/// whose `lost` is 0 is proven by that placing. Where something is lost of up to 24 displaced
/// instances, other placings are looked for, as long as a budget of steps lasts. Instances on
/// draining agents have to move in any case: they are placed first, once, and the cases are those
/// of the cluster afterwards.
class LossModel {
 public:
    LossModel(const ClusterFacts& facts, const Workload& workload);

    /// The same with instances that were collected already.
    LossModel(const ClusterFacts& facts,
              const Workload& workload,
              const std::vector<Instances>& placed);

    /// What finds no place now, of the instances that draining agents have to give up.
    [[nodiscard]] const LossCase& now() const { return now_; }

    /// How many looks at an agent the search for better placings has for all cases together.
    void limit_search(std::int64_t steps) { steps_left_ = steps; }

    /// Fills the numbers of a case by its agents.
    void judge(LossCase& loss);

    /// One case for each agent that runs something of an app, in their order.
    std::vector<LossCase> lose_each_agent();

    /// One case for each value of an attribute that agents have, in byte order.
    std::vector<LossCase> lose_each_value(const std::string& attribute);

    PairLosses lose_pairs(const PairChoice& choice);

 private:
    void settle_draining(const std::vector<Instances>& placed);
    void finish(LossCase& loss);
    void improve(LossCase& loss);
    void find_broken_apps(LossCase& loss) const;
    [[nodiscard]] bool runs_something(std::uint32_t agent) const;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> choose_pairs(const PairChoice& choice);

    LossGround ground_;
    std::vector<std::int64_t> running_{};  // by app
    LossCase now_{.name = "draining agents"};
    std::int64_t steps_left_;  // of searches for better placings
};

}  // namespace caretaker
