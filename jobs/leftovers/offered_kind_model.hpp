// SPDX-License-Identifier: Apache-2.0
// What agents offer by kind: as offers say it, and as the books of the master do. Pure.
#pragma once

#include "jobs/leftovers/cluster.hpp"
#include "jobs/leftovers/offer_probe.hpp"

#include <compare>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace caretaker {

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

/// As sums tell it, which add up all kinds of disks.
OfferedByKind merge_disks(const OfferedByKind& amounts);

/// What of `expected` was not offered; nothing where something was offered that was not expected.
std::optional<OfferedByKind> find_missing(const OfferedByKind& expected,
                                          const OfferedByKind& offered);

/// What outstanding offers of other frameworks hold of an agent, by its books.
OfferedByKind held_by_offers(const Cluster& cluster, const AgentRow& agent);

bool is_covered(const OfferedByKind& missing, const OfferedByKind& held);

}  // namespace caretaker
