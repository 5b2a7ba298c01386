// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offer_match_model.hpp"

#include "jobs/leftovers/quota_model.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <utility>

namespace caretaker {

namespace {

using AgentOffers = std::map<std::string, std::vector<const NotedOffer*>, std::less<>>;

/// Whether Mesos would not make an offer of it.
bool is_too_little(const OfferedByKind& missing, const MasterFlags& flags) {
    if (flags.min_allocatable.empty()) {
        return false;
    }
    std::map<std::string, Milli, std::less<>> sums;
    for (const auto& [kind, amount] : missing) {
        sums[kind.resource] += amount.amount;
    }
    return std::ranges::none_of(flags.min_allocatable, [&](const AllocatableAmounts& amounts) {
        return std::ranges::all_of(
            amounts, [&](const auto& least) { return sums[least.first] >= least.second; });
    });
}

bool is_unreserved(const OfferedByKind& missing) {
    return std::ranges::all_of(missing,
                               [](const auto& entry) { return entry.first.roles.empty(); });
}

bool is_offered_in(AgentState state) {
    return state == AgentState::placeable || state == AgentState::maintenance;
}

/// Whether the role's own limit lets it have less of something than is free.
bool has_used_up_limit(std::span<const RoleQuota> quotas,
                       std::string_view role,
                       std::span<const Milli> free) {
    std::vector<RoleQuota> own;
    std::ranges::copy_if(quotas, std::back_inserter(own), [&](const RoleQuota& quota) {
        return quota.role == top_role(role);
    });
    const QuotaBudget budget = quota_budget(own, role, free);
    for (std::size_t r = 0; r < scalar_count; ++r) {
        if (budget.at(r) && *budget.at(r) < free[r]) {
            return true;
        }
    }
    return false;
}

bool is_behind_others(std::span<const RoleQuota> quotas, std::string_view role) {
    return std::ranges::any_of(resource_names, [&](std::string_view resource) {
        return held_back(quotas, role, resource) > 0;
    });
}

/// What quota does to the roles together: nothing where one of them may draw as it likes.
class RoleLimits {
 public:
    RoleLimits(const ClusterFacts& facts, std::span<const std::string> roles) {
        std::array<Milli, scalar_count> free{};
        const auto left = unreserved_left(facts.cluster);
        for (std::size_t r = 0; r < scalar_count; ++r) {
            for (std::size_t i = 0; i < facts.cluster.agents.size(); ++i) {
                if (is_offered_in(facts.cluster.agents[i].state)) {
                    free.at(r) += left.at(r)[i];
                }
            }
        }
        std::size_t limited = 0;
        std::size_t held = 0;
        for (const std::string& role : roles) {
            if (has_used_up_limit(facts.quotas, role, free)) {
                ++limited;
            } else if (is_behind_others(facts.quotas, role)) {
                ++held;
            }
        }
        if (limited + held > 0 && limited + held == roles.size()) {
            reason_ = limited > 0 ? OfferMatch::quota : OfferMatch::headroom;
        }
    }

    [[nodiscard]] std::optional<OfferMatch> reason() const { return reason_; }

 private:
    std::optional<OfferMatch> reason_{};
};

class OfferMatcher {
 public:
    explicit OfferMatcher(const OfferMatchGround& ground)
        : ground_(ground), limits_(ground.before, ground.roles) {
        for (const NotedOffer& noted : ground.offers) {
            offers_[noted.offer.agent_id].push_back(&noted);
        }
        for (const AgentRow& agent : ground.after.cluster.agents) {
            after_.emplace(agent.id, &agent);
        }
    }

    OfferMatches match() {
        for (const AgentRow& agent : ground_.before.cluster.agents) {
            std::vector<const NotedOffer*> own;
            if (const auto found = offers_.find(agent.id); found != offers_.end()) {
                own = std::move(found->second);
                offers_.erase(found);
            }
            MatchedAgent matched{
                .hostname = agent.hostname,
                .id = agent.id,
                .expected = expect_offers(ground_.before.cluster, agent, ground_.roles),
                .offered = sum_offers(own)};
            if (!agent.is_detailed) {
                matched.offered = merge_disks(matched.offered);
            }
            matched.match = judge(agent, matched);
            add(std::move(matched));
        }
        for (const auto& [id, offers] : offers_) {  // of agents that were not in the books
            const auto found = after_.find(id);
            add({.hostname = offers.front()->offer.hostname,
                 .id = id,
                 .match = found == after_.end() ? OfferMatch::unexplained : OfferMatch::stale,
                 .offered = sum_offers(offers)});
        }
        std::ranges::sort(result_.agents, [](const MatchedAgent& a, const MatchedAgent& b) {
            return std::tie(a.hostname, a.id) < std::tie(b.hostname, b.id);
        });
        return std::move(result_);
    }

 private:
    [[nodiscard]] OfferMatch judge(const AgentRow& agent, const MatchedAgent& matched) const {
        if (matched.expected == matched.offered) {
            return OfferMatch::match;
        }
        if (!agent.is_exact) {
            return OfferMatch::inexact;
        }
        const auto found = after_.find(agent.id);
        if (found == after_.end() || found->second->state != agent.state ||
            expect_offers(ground_.after.cluster, *found->second, ground_.roles) !=
                matched.expected) {
            return OfferMatch::stale;
        }
        if (!is_offered_in(agent.state) && matched.offered.empty()) {
            return OfferMatch::state;
        }
        const auto missing = find_missing(matched.expected, matched.offered);
        if (!missing) {
            return OfferMatch::unexplained;
        }
        if (is_hidden(agent, *missing, matched)) {
            return OfferMatch::capability;
        }
        if (is_covered(*missing, held_by_offers(ground_.before.cluster, agent)) ||
            is_covered(*missing, held_by_offers(ground_.after.cluster, *found->second))) {
            return OfferMatch::offered_elsewhere;
        }
        if (is_too_little(*missing, ground_.before.flags)) {
            return OfferMatch::dust;
        }
        const auto reason = is_unreserved(*missing) ? limits_.reason() : std::nullopt;
        return reason.value_or(OfferMatch::unexplained);
    }

    [[nodiscard]] bool can(std::string_view capability) const {
        return std::ranges::find(ground_.capabilities, capability) != ground_.capabilities.end();
    }

    /// Whether all that is missing is what only frameworks with a capability see that the master
    /// does not know.
    [[nodiscard]] bool is_hidden(const AgentRow& agent,
                                 const OfferedByKind& missing,
                                 const MatchedAgent& matched) const {
        const Cluster& cluster = ground_.before.cluster;
        const bool has_gpus = std::ranges::any_of(cluster.pools_of(agent), [](const Pool& pool) {
            return pool.resource == Resource::gpus && pool.total > 0;
        });
        if (has_gpus && !can("GPU_RESOURCES") && matched.offered.empty()) {
            return true;
        }
        return std::ranges::all_of(missing, [&](const auto& entry) {
            const bool is_refined = entry.first.roles.find(" > ") != std::string::npos;
            return (is_refined && !can("RESERVATION_REFINEMENT")) ||
                   (entry.first.is_revocable && !can("REVOCABLE_RESOURCES")) ||
                   (entry.first.is_volume && !can("SHARED_RESOURCES"));
        });
    }

    void add(MatchedAgent matched) {
        ++result_.counts.at(static_cast<std::size_t>(matched.match));
        for (const auto& [kind, amount] : matched.expected) {
            result_.sums[kind].first += amount.amount;
        }
        for (const auto& [kind, amount] : matched.offered) {
            result_.sums[kind].second += amount.amount;
        }
        if (matched.match != OfferMatch::match) {
            result_.agents.push_back(std::move(matched));
        }
    }

    const OfferMatchGround& ground_;
    RoleLimits limits_;
    AgentOffers offers_{};
    std::map<std::string, const AgentRow*, std::less<>> after_{};
    OfferMatches result_{};
};

}  // namespace

std::string_view to_string(OfferMatch match) {
    switch (match) {
        case OfferMatch::match:
            return "match";
        case OfferMatch::inexact:
            return "inexact";
        case OfferMatch::state:
            return "state";
        case OfferMatch::stale:
            return "stale";
        case OfferMatch::capability:
            return "capability";
        case OfferMatch::offered_elsewhere:
            return "offered_elsewhere";
        case OfferMatch::dust:
            return "dust";
        case OfferMatch::quota:
            return "quota";
        case OfferMatch::headroom:
            return "headroom";
        case OfferMatch::unexplained:
            break;
    }
    return "unexplained";
}

OfferMatches match_offers(const OfferMatchGround& ground) {
    return OfferMatcher(ground).match();
}

}  // namespace caretaker
