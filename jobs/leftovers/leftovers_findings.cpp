// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_findings.hpp"

#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/app_findings.hpp"
#include "jobs/leftovers/counted_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

constexpr int low_percent = 10;
constexpr int very_low_percent = 5;
constexpr int recovered_percent = 10;
constexpr std::chrono::seconds largest_spread{30};

/// The first agents of which something holds, as an example.
template <typename Holds>
std::string name_some(const Cluster& cluster, Holds holds) {
    constexpr std::size_t most = 3;
    std::string names;
    std::size_t count = 0;
    for (const AgentRow& agent : cluster.agents) {
        if (holds(agent)) {
            ++count;
            if (count <= most) {
                names += (count == 1 ? "" : ", ") + agent.hostname;
            }
        }
    }
    return count > most ? names + ", …" : names;
}

void add_free_low(const Leftovers& leftovers, std::vector<Finding>& findings) {
    for (std::size_t i = 0; i < resource_names.size(); ++i) {
        const ResourceSums& sums = leftovers.resources[i];
        if (sums.total == 0 || !is_below_percent(sums.free, sums.total, low_percent)) {
            continue;
        }
        const bool is_very_low = is_below_percent(sums.free, sums.total, very_low_percent);
        findings.push_back(
            {.code = "free_low",
             .subject = "resource " + sums.name,
             .message = fmt::format("{} of {} {} are free, less than {} %; add agents or stop what "
                                    "is not needed",
                                    format_milli(sums.free),
                                    format_milli(sums.total),
                                    sums.name,
                                    is_very_low ? very_low_percent : low_percent),
             .severity = is_very_low ? Severity::high : Severity::warn,
             .data = {{"resource", sums.name},
                      {"free", format_milli(sums.free)},
                      {"total", format_milli(sums.total)}}});
    }
}

Finding incomplete(std::string subject, std::string message) {
    return {.code = "data_incomplete",
            .subject = std::move(subject),
            .message = std::move(message),
            .severity = Severity::low};
}

void add_incomplete(const LeftoversResult& result, std::vector<Finding>& findings) {
    const ClusterFacts& facts = *result.facts;
    const AgentCounts& agents = result.leftovers.agents;
    if (const auto recovered = agents.in_state(AgentState::recovered); recovered > 0) {
        findings.push_back(incomplete(
            "recovered agents",
            fmt::format("the master waits for {} that it knows from before its election and whose "
                        "resources are not counted: {}",
                        count_of(recovered, "agent"),
                        name_some(facts.cluster, [](const AgentRow& agent) {
                            return agent.state == AgentState::recovered;
                        }))));
    }
    if (agents.hiding_roles > 0) {
        findings.push_back(incomplete(
            "roles",
            fmt::format("reservations on {} are for roles that this user may not see, and count as "
                        "nobody's: {}; ask for the right VIEW_ROLE",
                        count_of(agents.hiding_roles, "agent"),
                        name_some(facts.cluster,
                                  [](const AgentRow& agent) { return agent.hides_roles; }))));
    }
    if (agents.inexact > 0) {
        findings.push_back(incomplete(
            "sums",
            fmt::format(
                "of {} only sums are known, so that what is free beside "
                "reservations lies between free and free_most: {}",
                count_of(agents.inexact, "agent"),
                name_some(facts.cluster, [](const AgentRow& agent) { return !agent.is_exact; }))));
    }
    for (const std::string& name : facts.missing_documents) {
        findings.push_back(
            incomplete("document " + name,
                       fmt::format("the master's {} could not be read, and is taken for what most "
                                   "masters say; look at the rights of the user",
                                   name)));
    }
    if (facts.spread > largest_spread) {
        findings.push_back(incomplete(
            "snapshot",
            fmt::format("the documents were read over {} s, so that they may not fit each other",
                        std::chrono::duration_cast<std::chrono::seconds>(facts.spread).count())));
    }
}

void add_quota(const ClusterFacts& facts, std::vector<Finding>& findings) {
    for (const RoleQuota& quota : facts.quotas) {
        for (const auto& [resource, limit] : quota.limit.scalars) {
            const Milli left = std::max<Milli>(0, limit - quota.consumed.amount(resource));
            if (limit > 0 && is_below_percent(left, limit, low_percent)) {
                findings.push_back(
                    {.code = "quota_low",
                     .subject = fmt::format("role {} {}", quota.role, resource),
                     .message = fmt::format("the role {} has {} of its limit of {} {} left, less "
                                            "than {} %; raise the limit or stop what is not needed",
                                            quota.role,
                                            format_milli(left),
                                            format_milli(limit),
                                            resource,
                                            low_percent),
                     .severity = Severity::warn,
                     .data = {{"role", quota.role}, {"resource", resource}}});
            }
        }
    }
}

void add_faults(const LeftoversResult& result, std::vector<Finding>& findings) {
    const ClusterFacts& facts = *result.facts;
    if (const auto negative = result.leftovers.agents.negative; negative > 0) {
        findings.push_back(
            {.code = "accounting_negative",
             .subject = "agents",
             .message = fmt::format(
                 "more is in use than there is on {}, which counts as nothing "
                 "left: {}",
                 count_of(negative, "agent"),
                 name_some(facts.cluster,
                           [](const AgentRow& agent) { return agent.has_negative_rest; })),
             .severity = Severity::low});
    }
    if (facts.listed_twice > 0) {
        findings.push_back(
            {.code = "agent_listed_twice",
             .subject = "agents",
             .message = fmt::format("one document lists {} more than once; the one registered last "
                                    "counts",
                                    count_of(facts.listed_twice, "agent")),
             .severity = Severity::low});
    }
    for (const std::string& machine : result.ineffective_windows) {
        findings.push_back(
            {.code = "maintenance_window_ineffective",
             .subject = "machine " + machine,
             .message = fmt::format("the maintenance window of {} fits no agent: Mesos wants the "
                                    "host name and the address of the agent, both",
                                    machine),
             .severity = Severity::low});
    }
}

}  // namespace

std::vector<Finding> find_leftovers_findings(const LeftoversResult& result) {
    std::vector<Finding> findings;
    add_free_low(result.leftovers, findings);
    if (result.fits) {
        add_app_findings(result, findings);
    }
    add_quota(*result.facts, findings);
    add_faults(result, findings);
    add_incomplete(result, findings);
    return findings;
}

std::vector<Problem> find_leftovers_problems(const LeftoversResult& result) {
    std::vector<Problem> problems;
    for (const UnreadElement& element : result.facts->unread) {
        problems.push_back(
            {.code = "unreadable",
             .message = fmt::format("{} is left out: {}", element.subject, element.message),
             .subject = element.subject,
             .denied = element.is_denied});
    }
    const AgentCounts& agents = result.leftovers.agents;
    const std::int64_t recovered = agents.in_state(AgentState::recovered);
    if (recovered * 100 > (agents.registered + recovered) * recovered_percent) {
        problems.push_back(
            {.code = "agents_recovering",
             .message = fmt::format("{} of {} agents have not come back since the master was "
                                    "elected, so that too little is counted; try again later",
                                    recovered,
                                    agents.registered + recovered),
             .subject = "agents"});
    }
    return problems;
}

}  // namespace caretaker
