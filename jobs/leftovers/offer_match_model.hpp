// SPDX-License-Identifier: Apache-2.0
// What a master really offered against what its books say is left, agent by agent. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/offer_probe.hpp"
#include "jobs/leftovers/offered_kind_model.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Why the offers of an agent are what they are; the first that applies counts.
enum class OfferMatch : std::uint8_t {
    match,
    inexact,            // the books tell sums alone
    state,              // its state keeps Mesos from offering it
    stale,              // the books changed meanwhile
    capability,         // an old master shows it only to frameworks that can more
    offered_elsewhere,  // other frameworks hold what is missing
    dust,               // what is missing is less than Mesos offers
    quota,              // a limit of the roles is used up
    headroom,           // held back for guarantees of others
    unexplained,
};

inline constexpr std::array all_offer_matches{OfferMatch::match,
                                              OfferMatch::inexact,
                                              OfferMatch::state,
                                              OfferMatch::stale,
                                              OfferMatch::capability,
                                              OfferMatch::offered_elsewhere,
                                              OfferMatch::dust,
                                              OfferMatch::quota,
                                              OfferMatch::headroom,
                                              OfferMatch::unexplained};

std::string_view to_string(OfferMatch match);

struct MatchedAgent {
    std::string hostname{};
    std::string id{};
    OfferMatch match = OfferMatch::match;
    OfferedByKind expected{};
    OfferedByKind offered{};
};

struct OfferMatches {
    std::vector<MatchedAgent> agents{};  // that differ, by host name and id
    std::array<std::int64_t, all_offer_matches.size()> counts{};
    std::map<OfferedKind, std::pair<Milli, Milli>> sums{};  // expected and offered

    [[nodiscard]] std::int64_t count(OfferMatch match) const {
        return counts.at(static_cast<std::size_t>(match));
    }
};

struct OfferMatchGround {
    const ClusterFacts& before;
    const ClusterFacts& after;
    std::span<const NotedOffer> offers;
    std::span<const std::string> roles;
    std::span<const std::string_view> capabilities;
};

/// The facts' agents are judged (judge_agents()), and their books are those where offers count as
/// free.
OfferMatches match_offers(const OfferMatchGround& ground);

}  // namespace caretaker
