// SPDX-License-Identifier: Apache-2.0
// What a master really offered against what its books say is left, agent by agent. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/offer_probe.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
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

/// What amounts of an agent are added up by.
struct OfferedKind {
    std::string resource{};
    std::string roles{};  // of the reservations, outermost first: "logs", "logs > logs/es"
    DiskKind disk = DiskKind::root;
    bool is_volume = false;
    bool is_revocable = false;

    friend auto operator<=>(const OfferedKind&, const OfferedKind&) = default;

    /// "cpus", "mem for logs", "revocable cpus".
    [[nodiscard]] std::string text() const;
};

/// Of ports a thousand for each, and which.
struct OfferedAmount {
    Milli amount = 0;
    PortSet ports{};

    friend bool operator==(const OfferedAmount&, const OfferedAmount&) = default;
};

using OfferedByKind = std::map<OfferedKind, OfferedAmount>;

/// What offers of one agent say together. Those of one event add up; what came again in a later one
/// replaces what it was, for each was declined before the next. Rescinded ones say nothing.
OfferedByKind sum_offers(std::span<const NotedOffer* const> offers);

/// What the books let expect for a framework in these roles; nothing of kinds without amount.
OfferedByKind expect_offers(const Cluster& cluster,
                            const AgentRow& agent,
                            std::span<const std::string> roles);

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
