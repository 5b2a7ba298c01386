// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_verdict_model.hpp"

#include "jobs/leftovers/plan_check_model.hpp"
#include "jobs/leftovers/plan_proof_model.hpp"
#include "jobs/leftovers/plan_search_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr std::uint64_t shuffled_orders = 8;
constexpr std::int64_t most_searched = 24;  // instances
constexpr std::int64_t most_steps = 200'000;

class Judge {
 public:
    Judge(const PlanScene& scene, const PlanRules& rules)
        : scene_(scene),
          rules_(rules),
          ground_(scene.facts,
                  scene.facts.workload,
                  collect_instances(scene.facts.cluster, scene.facts.workload)),
          space_(ground_) {
        for (const WantedApp& app : scene.wanted) {
            result_.wanted += app.instances;
        }
    }

    PlanResult judge() {
        try_policy(rules_.policy);
        for (const PlacingPolicy policy : all_plan_policies) {
            if (!is_complete() && policy != rules_.policy) {
                try_policy(policy);
            }
        }
        const std::string unjudged = find_unjudged(space_, scene_.wanted);
        if (!is_complete() && unjudged.empty()) {
            look_further();
        }
        settle(unjudged);
        run_trials();
        return std::move(result_);
    }

 private:
    [[nodiscard]] bool is_complete() const { return std::ssize(result_.placed) == result_.wanted; }

    void keep(std::vector<PlacedInstance> placed, std::optional<PlacingPolicy> policy) {
        if (placed.size() > result_.placed.size()) {
            result_.placed = std::move(placed);
            result_.found_by = policy;
        }
    }

    void try_policy(PlacingPolicy policy) {
        auto placed = place_by(space_, scene_.wanted, policy);
        give_all_back(space_, placed);
        result_.policies.emplace_back(policy, std::ssize(placed));
        keep(std::move(placed), policy);
    }

    /// A proof is cheaper than more orders, and those cheaper than all of them.
    void look_further() {
        if (const auto proof = prove_infeasible(space_, scene_.wanted)) {
            result_.verdict = PlanVerdict::infeasible;
            result_.proof = proof->kind;
            result_.reason = proof->words;
            return;
        }
        for (std::uint64_t i = 0; i < shuffled_orders && !is_complete(); ++i) {
            std::vector<WantedApp> order = scene_.wanted;
            PlanRandom(rules_.seed + i).shuffle(order);
            auto placed = place_by(space_, order, PlacingPolicy::best_fit);
            give_all_back(space_, placed);
            keep(std::move(placed), std::nullopt);
        }
        if (is_complete() || result_.wanted > most_searched) {
            return;
        }
        PlanSearch search = search_placing(space_, scene_.wanted, most_steps);
        if (!search.placed.empty()) {
            keep(std::move(search.placed), std::nullopt);
        } else if (search.is_complete && is_searchable(space_, scene_.wanted)) {
            result_.verdict = PlanVerdict::infeasible;
            result_.proof = "search";
            result_.reason = "every way to place it was tried, and none places all instances";
        }
    }

    void settle(const std::string& unjudged) {
        assign_ports(space_, result_.placed);
        if (result_.verdict == PlanVerdict::infeasible) {
            return;
        }
        if (!unjudged.empty()) {
            result_.reason = "not judged: " + unjudged;
        } else if (!is_complete()) {
            result_.reason = fmt::format(
                "no order that was tried places more than {} of {} instances, and nothing proves "
                "that none does",
                result_.placed.size(),
                result_.wanted);
        } else if (const auto mistake =
                       check_placing(scene_.facts, scene_.wanted, result_.placed)) {
            result_.reason = "the placing that was found does not stand: " + *mistake;
        } else {
            result_.verdict = PlanVerdict::feasible;
            result_.proof = "witness";
        }
    }

    void run_trials() {
        for (std::int64_t i = 0; i < rules_.trials; ++i) {
            const auto placed = place_as_marathon(
                space_, scene_.wanted, rules_.seed + static_cast<std::uint64_t>(i));
            give_all_back(space_, placed);
            result_.trials.placed.push_back(std::ssize(placed));
            ++result_.trials.count;
            result_.trials.complete += std::ssize(placed) == result_.wanted ? 1 : 0;
        }
        std::ranges::sort(result_.trials.placed);
    }

    const PlanScene& scene_;
    const PlanRules& rules_;
    LossGround ground_;
    PlanSpace space_;
    PlanResult result_{};
};

}  // namespace

std::string_view to_string(PlanVerdict verdict) {
    switch (verdict) {
        case PlanVerdict::feasible:
            return "feasible";
        case PlanVerdict::infeasible:
            return "infeasible";
        case PlanVerdict::unknown:
            break;
    }
    return "unknown";
}

PlanResult judge_plan(const PlanScene& scene, const PlanRules& rules) {
    return Judge(scene, rules).judge();
}

}  // namespace caretaker
