// SPDX-License-Identifier: Apache-2.0
// What the quota of roles leaves of what is free. Pure.
#pragma once

#include "common/clients/mesos_resource.hpp"
#include "jobs/leftovers/cluster.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Of a top-level role, with all below it. Consumed are its reservations, used or not, and what is
/// allocated to it unreserved.
struct RoleQuota {
    std::string role{};
    MesosSums guarantee{};  // deprecated in Mesos 1.9
    MesosSums limit{};      // from 1.9 on; before the guarantee is the limit, too
    MesosSums consumed{};

    [[nodiscard]] bool has_limit(std::string_view resource) const;
};

/// The part before the first slash: "logs" of "logs/es".
std::string_view top_role(std::string_view role);

/// What of each scalar a role may still draw from what is unreserved; none: as much as there is.
using QuotaBudget = std::array<std::optional<Milli>, scalar_count>;

/// The limit of the role's top less what that consumes, and what is free less what is held back for
/// the guarantees of other roles, whichever is less; never below 0. `unreserved_free` is the sum
/// over the placeable agents.
QuotaBudget quota_budget(std::span<const RoleQuota> quotas,
                         std::string_view role,
                         std::span<const Milli> unreserved_free);

/// Held back of a resource for the guarantees of roles other than the top of `role`.
Milli held_back(std::span<const RoleQuota> quotas,
                std::string_view role,
                std::string_view resource);

/// Unreserved and in no use on each agent, by scalar; of volumes, other disks and what is
/// oversubscribed nothing.
std::array<std::vector<Milli>, scalar_count> unreserved_left(const Cluster& cluster);

/// How many instances a budget allows.
struct BudgetedFit {
    std::int64_t fits = 0;  // in the order of the agents
    std::int64_t most = 0;
    std::vector<std::int32_t> placed{};   // of `fits`, on each agent
    std::vector<std::int32_t> at_most{};  // on each agent, with all that the budget has
};

/// Of instances with such needs, up to `capacities` on each agent. What is reserved for them
/// (`free` less `unreserved`) is taken first and costs nothing of the budget.
BudgetedFit fit_budget(const QuotaBudget& budget,
                       std::span<const Milli> needs,
                       std::span<const std::int32_t> capacities,
                       const std::array<std::vector<Milli>, scalar_count>& free,
                       const std::array<std::vector<Milli>, scalar_count>& unreserved);

}  // namespace caretaker
