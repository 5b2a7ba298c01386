// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/plan_verdict_model.hpp"

#include "jobs/leftovers/plan_blocked_model.hpp"
#include "jobs/leftovers/plan_check_model.hpp"
#include "jobs/leftovers/plan_check_restart_model.hpp"
#include "jobs/leftovers/plan_proof_model.hpp"
#include "jobs/leftovers/plan_search_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

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
        if (!scene_.restarts.empty()) {
            blocked_ = find_blocked_restarts(space_, scene_);
            try_after_restarts();
        }
        if (!is_complete()) {
            try_policies();
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
    [[nodiscard]] bool is_all(std::span<const PlacedInstance> placed) const {
        return std::ssize(placed) == result_.wanted;
    }

    [[nodiscard]] bool is_complete() const { return is_all(result_.placed) && has_way(); }

    [[nodiscard]] bool has_way() const {
        return scene_.restarts.empty() || result_.way.is_complete;
    }

    void keep(std::vector<PlacedInstance> placed, std::optional<PlacingPolicy> policy) {
        RestartWay way;
        if (is_all(placed) && !scene_.restarts.empty()) {
            way = first_.is_complete ? first_ : find_restart_way(space_, scene_, placed);
            put_first(way, placed);
        }
        if (placed.size() > result_.placed.size() ||
            (is_all(placed) && way.is_complete && !has_way())) {
            result_.placed = std::move(placed);
            result_.found_by = policy;
            result_.way = std::move(way);
        }
    }

    /// The instances of restarts in the order in which they start, then the others.
    static void put_first(const RestartWay& way, std::vector<PlacedInstance>& placed) {
        if (!way.is_complete) {
            return;
        }
        std::erase_if(placed, [&](const PlacedInstance& instance) {
            return std::ranges::find(way.placed, instance.app, &PlacedInstance::app) !=
                   way.placed.end();
        });
        placed.insert(placed.begin(), way.placed.begin(), way.placed.end());
    }

    /// What is wanted beside the restarts that are placed already.
    [[nodiscard]] std::vector<WantedApp> rest() const {
        std::vector<WantedApp> wanted = scene_.wanted;
        std::erase_if(wanted, [&](const WantedApp& app) {
            return first_.is_complete &&
                   std::ranges::find(scene_.restarts, app.app, &PlannedRestart::app) !=
                       scene_.restarts.end();
        });
        return wanted;
    }

    /// On what is left beside the restarts as they go by themselves.
    void try_after_restarts() {
        for (const PlacingPolicy policy : {rules_.policy,
                                           PlacingPolicy::best_fit,
                                           PlacingPolicy::first_fit,
                                           PlacingPolicy::spread}) {
            first_ = find_restart_way(space_, scene_, policy);
            if (first_.is_complete) {
                try_policies();
            }
            if (is_complete()) {
                return;
            }
        }
        first_ = {};
    }

    void try_policies() {
        try_policy(rules_.policy);
        for (const PlacingPolicy policy : all_plan_policies) {
            if (!is_complete() && policy != rules_.policy) {
                try_policy(policy);
            }
        }
    }

    void try_policy(PlacingPolicy policy) {
        std::vector<PlacedInstance> placed = first_.placed;
        for (const PlacedInstance& instance : placed) {
            space_.take(instance.app, instance.agent);
        }
        const std::vector<PlacedInstance> others = place_by(space_, rest(), policy);
        placed.insert(placed.end(), others.begin(), others.end());
        give_all_back(space_, placed);
        const auto known = std::ranges::find(
            result_.policies, policy, [](const auto& tried) { return tried.first; });
        if (known == result_.policies.end()) {
            result_.policies.emplace_back(policy, std::ssize(placed));
        } else {
            known->second = std::max<std::int64_t>(known->second, std::ssize(placed));
        }
        keep(std::move(placed), policy);
    }

    void refuse(const PlanProof& proof) {
        result_.verdict = PlanVerdict::infeasible;
        result_.proof = proof.kind;
        result_.reason = proof.words;
    }

    /// A proof is cheaper than more orders, and those cheaper than all of them.
    void look_further() {
        if (const auto proof = prove_infeasible(space_, scene_.wanted)) {
            refuse(*proof);
            return;
        }
        if (!blocked_.empty()) {
            refuse({"restart", blocked_.front().words});
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
            refuse({"search", "every way to place it was tried, and none places all instances"});
        }
    }

    void settle(const std::string& unjudged) {
        for (const BlockedRestart& blocked : blocked_) {
            result_.blocked.push_back(blocked.app);
        }
        assign_ports(space_, scene_, result_.placed);
        if (result_.verdict == PlanVerdict::infeasible) {
            return;
        }
        if (!unjudged.empty()) {
            result_.reason = "not judged: " + unjudged;
        } else if (!is_all(result_.placed)) {
            result_.reason = fmt::format(
                "no order that was tried places more than {} of {} instances, and nothing proves "
                "that none does",
                result_.placed.size(),
                result_.wanted);
        } else if (!has_way()) {
            result_.reason = describe_stuck();
        } else if (const auto mistake = find_mistake()) {
            result_.reason = "the placing that was found does not stand: " + *mistake;
        } else {
            result_.verdict = PlanVerdict::feasible;
            result_.proof = "witness";
        }
    }

    [[nodiscard]] std::string describe_stuck() const {
        const RestartWay& way = result_.way;
        const MarathonApp& app = scene_.facts.workload.apps[way.stuck.value_or(0)];
        return fmt::format(
            "all instances have a place once the old ones have stopped, but the restart of {} "
            "stands still after {} of {} in the orders that were tried",
            app.id,
            way.stuck_after,
            app.instances);
    }

    [[nodiscard]] std::optional<std::string> find_mistake() const {
        auto mistake = check_placing(scene_.facts, scene_.wanted, result_.placed);
        return mistake ? mistake : check_restarts(scene_, result_.placed, result_.way.steps);
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
    std::vector<BlockedRestart> blocked_{};
    RestartWay first_{};  // of restarts before anything else is placed; placings hold to it
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
