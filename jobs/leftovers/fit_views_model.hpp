// SPDX-License-Identifier: Apache-2.0
// What apps may take by their roles, in the form in which it is divided quickly. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/refusal.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// What apps of one role may take, with the amounts as doubles that hold whole numbers: a division
/// of two of them whose sum is below 2^53 truncates to the exact quotient.
struct DividableView {
    RoleView view{};
    std::array<std::vector<double>, scalar_count> free{};
    std::vector<char> is_open{};      // placeable, and not dust
    std::vector<Refusal> refusals{};  // what refuses every app of the view, or none
};

/// Those of the roles that apps have, each made once.
class FitViews {
 public:
    explicit FitViews(const ClusterFacts& facts) : facts_(facts) {}

    const DividableView& view(const RoleChoice& choice);

 private:
    [[nodiscard]] Refusal refusal_of(const RoleView& view, std::size_t agent) const;

    const ClusterFacts& facts_;
    std::map<std::pair<std::string, AcceptedRoles>, DividableView> views_{};
};

}  // namespace caretaker
