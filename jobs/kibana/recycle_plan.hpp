// SPDX-License-Identifier: Apache-2.0
// What one round does to the whole fleet: the decisions in order, within the limits. No IO.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct JudgedKibana {
    std::string id{};
    KibanaDecision decision{};
};

struct RoundStep {
    std::size_t app = 0;  // its index
    KibanaStep step = KibanaStep::none;
};

struct RoundPlan {
    std::vector<RoundStep> steps{};        // those that wake come first
    std::vector<RoundStep> held{};         // by the brake; they are not done
    std::vector<std::size_t> postponed{};  // apps that a later round suspends or destroys
    /// Why nothing but waking is planned; empty: there is no reason.
    std::string brake{};
};

/// Suspends the longest unused ones first, `batch` at most. When more owners are to be told, and
/// apps suspended or destroyed, than max_percent of the `running` ones (2 are always allowed), none
/// of that is planned: a whole fleet that went quiet is nearly always a signal that broke. All that
/// are due to be suspended count, however few of them one round takes, or a round after the other
/// would go through the fleet; of those to be destroyed, which slept for long, the round's own. The
/// rest is `held`.
RoundPlan plan_round(std::span<const JudgedKibana> apps,
                     const KibanaPolicy& policy,
                     std::int64_t running);

/// Apps that a round may tell or suspend, and that are therefore looked at once more: all that are
/// to be told, and `batch` of those to be suspended.
std::vector<std::size_t> apps_to_look_at(std::span<const JudgedKibana> apps,
                                         const KibanaPolicy& policy);

/// Suspensions that came up only as others turned out to be in use, of apps not among `seen`, are
/// left to the next round.
void postpone_unseen(const std::vector<std::size_t>& seen, RoundPlan& round);

}  // namespace caretaker
