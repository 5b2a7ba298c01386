// SPDX-License-Identifier: Apache-2.0
// What apps may take by their roles, and which agents refuse all of them. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/refusal.hpp"
#include "jobs/leftovers/role_view_model.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

struct JudgedView {
    RoleView view{};
    std::vector<Refusal> refusals{};  // of every app with these roles, by agent; or none
};

/// Those of the roles that apps have, each made once.
class FitViews {
 public:
    explicit FitViews(const ClusterFacts& facts) : facts_(facts) {}

    const JudgedView& view(const RoleChoice& choice);

 private:
    [[nodiscard]] Refusal refusal_of(const RoleView& view, std::size_t agent) const;

    const ClusterFacts& facts_;
    std::map<std::pair<std::string, AcceptedRoles>, JudgedView> views_{};
};

}  // namespace caretaker
