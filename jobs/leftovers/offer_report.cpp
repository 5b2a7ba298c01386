// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"
#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/offer_match_model.hpp"
#include "jobs/leftovers/offer_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

std::string_view meaning_of(OfferMatch match) {
    switch (match) {
        case OfferMatch::match:
            return "offered as the books say";
        case OfferMatch::inexact:
            return "the books tell sums alone, some of them reserved";
        case OfferMatch::state:
            return "Mesos does not offer agents in that state";
        case OfferMatch::stale:
            return "the books changed meanwhile";
        case OfferMatch::capability:
            return "shown to frameworks with a capability that this master does not know";
        case OfferMatch::offered_elsewhere:
            return "other frameworks hold offers of what is missing";
        case OfferMatch::dust:
            return "too little is missing to be offered";
        case OfferMatch::quota:
            return "a limit of the roles is used up";
        case OfferMatch::headroom:
            return "held back for guarantees of other roles";
        case OfferMatch::unexplained:
            break;
    }
    return "a host outside the master's --whitelist, or a master that recovers; look there";
}

std::string describe_amount(const OfferedKind& kind, const OfferedAmount& amount) {
    return amount.ports.is_empty() ? fmt::format("{} {}", format_milli(amount.amount), kind.text())
                                   : fmt::format("{} {}", kind.text(), amount.ports.text());
}

/// "4 cpus, 1024 mem for logs": what is in `all` and not in `part`.
std::string describe_difference(const OfferedByKind& all, const OfferedByKind& part) {
    std::string text;
    for (const auto& [kind, amount] : all) {
        OfferedAmount rest = amount;
        if (const auto known = part.find(kind); known != part.end()) {
            rest.ports.remove(known->second.ports);
            rest.amount -= known->second.amount;
        }
        if (rest.amount > 0 || !rest.ports.is_empty()) {
            text += (text.empty() ? "" : ", ") + describe_amount(kind, rest);
        }
    }
    return text;
}

Table make_sums_table(const OfferMatches& matches) {
    Table table{.title = "Offers",
                .columns = {text_column("resource", "RESOURCE"),
                            number_column("books", "BOOKS"),
                            number_column("offered", "OFFERED"),
                            number_column("difference", "DIFFERENCE")}};
    for (const auto& [kind, sums] : matches.sums) {
        table.rows.push_back({kind.text(),
                              amount_cell(sums.first),
                              amount_cell(sums.second),
                              amount_cell(sums.second - sums.first)});
    }
    return table;
}

Table make_reasons_table(const OfferMatches& matches) {
    Table table{.title = "Offers and books by reason",
                .columns = {text_column("reason", "REASON"),
                            number_column("agents", "AGENTS"),
                            text_column("meaning", "MEANING")}};
    for (const OfferMatch match : all_offer_matches) {
        if (matches.count(match) > 0) {
            table.rows.push_back({std::string(to_string(match)),
                                  matches.count(match),
                                  std::string(meaning_of(match))});
        }
    }
    return table;
}

/// The unexplained first.
Table make_agents_table(const OfferMatches& matches, std::size_t most) {
    std::vector<const MatchedAgent*> rows;
    for (const MatchedAgent& agent : matches.agents) {
        rows.push_back(&agent);
    }
    std::ranges::stable_sort(
        rows, [](const MatchedAgent* a, const MatchedAgent* b) { return a->match > b->match; });
    rows.resize(std::min(rows.size(), most));
    Table table{.title = "Agents that are offered otherwise",
                .columns = {text_column("host", "HOST"),
                            text_column("agent_id", "AGENT"),
                            text_column("reason", "REASON"),
                            text_column("missing", "NOT OFFERED"),
                            text_column("beyond", "BEYOND THE BOOKS")}};
    table.columns[1].shown = Shown::machine;
    for (const MatchedAgent* agent : rows) {
        table.rows.push_back({agent->hostname,
                              agent->id,
                              std::string(to_string(agent->match)),
                              non_empty(describe_difference(agent->expected, agent->offered)),
                              non_empty(describe_difference(agent->offered, agent->expected))});
    }
    return table;
}

/// What kept the run from seeing all; nothing where it did.
std::vector<Problem> problems_of(const OfferLook& look) {
    std::vector<Problem> problems;
    const auto add = [&](std::string code, std::string message) {
        problems.push_back(
            {.code = std::move(code), .message = std::move(message), .subject = "offers"});
    };
    const OfferProbeResult& probe = look.probe;
    if (probe.end == OfferProbeEnd::failed) {
        add(probe.is_denied ? "offers_denied" : "offers_failed",
            fmt::format("looking at offers: {}; {}",
                        probe.trouble,
                        probe.is_denied ? "have the right to register a framework given to the user"
                                        : "try again, or leave --offers out"));
        problems.back().denied = probe.is_denied;
        return problems;
    }
    if (probe.end == OfferProbeEnd::time) {
        add("offers_incomplete",
            "looking at offers: there was news until the time was over; give it more by "
            "--offers-for, up to 15s");
    }
    if (probe.unread > 0) {
        add("offers_unread",
            fmt::format("looking at offers: {} of them could not be read; look at the master's "
                        "version",
                        probe.unread));
    }
    if (!look.unread_books.empty()) {
        add("offers_books",
            "looking at offers: the books could not be read again: " + look.unread_books);
    }
    return problems;
}

std::string name_unexplained(const OfferMatches& matches) {
    constexpr std::size_t most = 3;
    std::string names;
    std::size_t count = 0;
    for (const MatchedAgent& agent : matches.agents) {
        if (agent.match == OfferMatch::unexplained && ++count <= most) {
            names += (count == 1 ? "" : ", ") + agent.hostname;
        }
    }
    return count > most ? names + ", ..." : names;
}

void add_matches(const OfferMatches& matches, bool is_whole, std::size_t most, Report& report) {
    report.details.push_back(make_reasons_table(matches));
    report.details.push_back(make_sums_table(matches));
    if (!matches.agents.empty()) {
        report.details.push_back(make_agents_table(matches, most));
    }
    for (const OfferMatch match : all_offer_matches) {
        report.metrics.push_back(make_gauge(fmt::format("reconcile.{}", to_string(match)),
                                            static_cast<double>(matches.count(match))));
    }
    const std::int64_t unexplained = matches.count(OfferMatch::unexplained);
    report.summary += matches.agents.empty()
                          ? ", offered as the books say"
                          : fmt::format(", {} agent{} offered otherwise, {} unexplained",
                                        matches.agents.size(),
                                        matches.agents.size() == 1 ? "" : "s",
                                        unexplained);
    if (is_whole && unexplained > 0) {
        report.findings.push_back(
            {.code = "reconcile_unexplained",
             .subject = "offers",
             .message = fmt::format(
                 "what is offered of {} agent{} is not what the master's books say, and no rule "
                 "tells why ({}); look at the master's --whitelist and its log",
                 unexplained,
                 unexplained == 1 ? "" : "s",
                 name_unexplained(matches)),
             .severity = Severity::warn,
             .data = {{"agents", std::to_string(unexplained)}}});
    }
}

}  // namespace

bool report_offers(const ClusterFacts& facts,
                   const OfferLook& look,
                   std::size_t most,
                   Report& report) {
    const std::vector<Problem> problems = problems_of(look);
    report.problems.insert(report.problems.end(), problems.begin(), problems.end());
    const OfferProbeResult& probe = look.probe;
    report.metrics.push_back(make_gauge("offers", static_cast<double>(probe.offers.size())));
    if (probe.end == OfferProbeEnd::failed || !look.unread_books.empty()) {
        return false;
    }
    const OfferMatches matches = match_offers({.before = facts,
                                               .after = look.after,
                                               .offers = probe.offers,
                                               .roles = look.roles,
                                               .capabilities = look.capabilities});
    add_matches(matches, problems.empty(), most, report);
    return problems.empty();
}

}  // namespace caretaker
