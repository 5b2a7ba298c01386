// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/quota_model.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace caretaker {

namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

/// What `count` instances take on one agent beyond what is reserved for them.
Milli draw(std::int64_t count, Milli need, Milli reserved) {
    return std::max<Milli>(0, count * need - reserved);
}

}  // namespace

bool RoleQuota::has_limit(std::string_view resource) const {
    return std::ranges::any_of(limit.scalars,
                               [&](const auto& scalar) { return scalar.first == resource; });
}

std::string_view top_role(std::string_view role) {
    return role.substr(0, role.find('/'));
}

Milli held_back(std::span<const RoleQuota> quotas,
                std::string_view role,
                std::string_view resource) {
    Milli held = 0;
    for (const RoleQuota& quota : quotas) {
        if (quota.role != top_role(role)) {
            held += std::max<Milli>(
                0, quota.guarantee.amount(resource) - quota.consumed.amount(resource));
        }
    }
    return held;
}

QuotaBudget quota_budget(std::span<const RoleQuota> quotas,
                         std::string_view role,
                         std::span<const Milli> unreserved_free) {
    QuotaBudget budget;
    const auto own = std::ranges::find(quotas, top_role(role), &RoleQuota::role);
    for (std::size_t r = 0; r < scalar_count; ++r) {
        const std::string_view resource = resource_names.at(r);
        const Milli held = held_back(quotas, role, resource);
        if (held > 0) {
            budget.at(r) = std::max<Milli>(0, unreserved_free[r] - held);
        }
        if (own != quotas.end() && own->has_limit(resource)) {
            const Milli left =
                std::max<Milli>(0, own->limit.amount(resource) - own->consumed.amount(resource));
            budget.at(r) = std::min(budget.at(r).value_or(left), left);
        }
    }
    return budget;
}

std::array<std::vector<Milli>, scalar_count> unreserved_left(const Cluster& cluster) {
    std::array<std::vector<Milli>, scalar_count> left;
    for (std::vector<Milli>& amounts : left) {
        amounts.assign(cluster.agents.size(), 0);
    }
    for (std::size_t i = 0; i < cluster.agents.size(); ++i) {
        for (const Pool& pool : cluster.pools_of(cluster.agents[i])) {
            if (pool.stack == 0 && pool.is_plain() && pool.resource < scalar_count) {
                left.at(pool.resource)[i] += pool.left;
            }
        }
    }
    return left;
}

BudgetedFit fit_budget(const QuotaBudget& budget,
                       std::span<const Milli> needs,
                       std::span<const std::int32_t> capacities,
                       const std::array<std::vector<Milli>, scalar_count>& free,
                       const std::array<std::vector<Milli>, scalar_count>& unreserved) {
    const auto is_bound = [&](std::size_t r) { return budget.at(r) && needs[r] > 0; };
    const auto reserved = [&](std::size_t r, std::size_t agent) {
        return std::max<Milli>(0, free.at(r)[agent] - unreserved.at(r)[agent]);
    };
    BudgetedFit fit;
    fit.most = unlimited;
    for (std::size_t r = 0; r < scalar_count; ++r) {
        if (is_bound(r)) {
            WideMilli sum = *budget.at(r);
            for (std::size_t i = 0; i < capacities.size(); ++i) {
                sum += capacities[i] > 0 ? reserved(r, i) : 0;
            }
            fit.most = std::min(fit.most, static_cast<std::int64_t>(sum / needs[r]));
        }
    }
    // First what costs nothing, then agent after agent until a budget is used up.
    QuotaBudget rest = budget;
    std::vector<std::int64_t> placed(capacities.size());
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        placed[i] = capacities[i];
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (is_bound(r)) {
                placed[i] = std::min(placed[i], reserved(r, i) / needs[r]);
            }
        }
        fit.fits += placed[i];
    }
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        std::int64_t more = capacities[i] - placed[i];
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (is_bound(r)) {
                const Milli kept = reserved(r, i) - placed[i] * needs[r];
                more = std::min(more, (*rest.at(r) + kept) / needs[r]);
            }
        }
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (is_bound(r)) {
                *rest.at(r) -= draw(placed[i] + more, needs[r], reserved(r, i)) -
                               draw(placed[i], needs[r], reserved(r, i));
            }
        }
        fit.fits += more;
        fit.placed.push_back(static_cast<std::int32_t>(placed[i] + more));
    }
    for (std::size_t i = 0; i < capacities.size(); ++i) {
        std::int64_t most = capacities[i];
        for (std::size_t r = 0; r < scalar_count; ++r) {
            if (is_bound(r)) {
                most = std::min(most, (*budget.at(r) + reserved(r, i)) / needs[r]);
            }
        }
        fit.at_most.push_back(static_cast<std::int32_t>(most));
    }
    return fit;
}

}  // namespace caretaker
