// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_findings.hpp"

#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/apps_table.hpp"
#include "jobs/leftovers/loss_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

constexpr int low_percent = 10;
constexpr int very_low_percent = 5;
constexpr int recovered_percent = 10;
constexpr std::chrono::seconds largest_spread{30};

std::string words_of(std::int64_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

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
                        words_of(recovered, "agent"),
                        name_some(facts.cluster, [](const AgentRow& agent) {
                            return agent.state == AgentState::recovered;
                        }))));
    }
    if (agents.hiding_roles > 0) {
        findings.push_back(incomplete(
            "roles",
            fmt::format("reservations on {} are for roles that this user may not see, and count as "
                        "nobody's: {}; ask for the right VIEW_ROLE",
                        words_of(agents.hiding_roles, "agent"),
                        name_some(facts.cluster,
                                  [](const AgentRow& agent) { return agent.hides_roles; }))));
    }
    if (agents.inexact > 0) {
        findings.push_back(incomplete(
            "sums",
            fmt::format(
                "of {} only sums are known, so that what is free beside "
                "reservations lies between free and free_most: {}",
                words_of(agents.inexact, "agent"),
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
                 words_of(negative, "agent"),
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
                                    words_of(facts.listed_twice, "agent")),
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

Finding app_finding(std::string code,
                    Severity severity,
                    const MarathonApp& app,
                    std::string message) {
    return {.code = std::move(code),
            .subject = "app " + app.id,
            .message = std::move(message),
            .severity = severity,
            .data = {{"app", app.id}}};
}

void add_app_finding(const MarathonApp& app,
                     const AppFit& fit,
                     std::optional<std::int64_t> min_fits,
                     std::vector<Finding>& findings) {
    if (!fit.unsupported.empty()) {
        findings.push_back(
            app_finding("constraint_unsupported",
                        Severity::low,
                        app,
                        fmt::format("{} is not judged: {}", app.id, fit.unsupported)));
        return;
    }
    const std::string reasons = describe_refusals(fit);
    if (fit.fits == 0 && fit.waiting > 0) {
        findings.push_back(app_finding("app_stuck",
                                       Severity::high,
                                       app,
                                       fmt::format("{} of {} without a place, and none fits: {}",
                                                   words_of(fit.waiting, "waiting instance"),
                                                   app.id,
                                                   reasons)));
    } else if (fit.fits == 0 && app.instances > 0) {
        findings.push_back(
            app_finding("app_no_room",
                        Severity::warn,
                        app,
                        fmt::format("no further instance of {} fits: {}", app.id, reasons)));
    } else if (min_fits ? fit.fits > 0 && fit.fits < *min_fits : fit.fits * 10 < app.instances) {
        findings.push_back(
            app_finding("app_low_headroom",
                        Severity::low,
                        app,
                        fmt::format("{} of {} fit beside {}, less than {}: {}",
                                    words_of(fit.fits, "further instance"),
                                    app.id,
                                    app.instances,
                                    min_fits ? fmt::format("the {} of --min-fits", *min_fits)
                                             : std::string("a tenth more"),
                                    reasons)));
    }
}

void add_app_findings(const LeftoversResult& result, std::vector<Finding>& findings) {
    for (const AppFit& fit : result.fits->apps) {
        add_app_finding(result.facts->workload.apps[fit.app], fit, result.min_fits, findings);
    }
}

void add_fragmentation(const LeftoversResult& result, std::vector<Finding>& findings) {
    constexpr std::int64_t high = 500'000;
    constexpr std::int64_t very_high = 750'000;
    const std::int64_t index = result.fits->index_millionths.value_or(0);
    if (index > high) {
        findings.push_back({.code = "fragmentation_high",
                            .subject = "cluster",
                            .message = fmt::format(
                                "what is left lies in pieces: of what the sums would take, {} % "
                                "does not fit on single agents; larger agents or smaller apps "
                                "would help",
                                index / 10'000),
                            .severity = index > very_high ? Severity::high : Severity::warn});
    }
    for (const ResourceSums& sums : result.leftovers.resources) {
        if (sums.stranded && is_below_percent(sums.free, *sums.stranded * 5, 100)) {
            findings.push_back(
                {.code = "stranded_high",
                 .subject = "resource " + sums.name,
                 .message = fmt::format("{} of {} free {} lie on agents where no app fits that "
                                        "runs, more than 20 %",
                                        format_milli(*sums.stranded),
                                        format_milli(sums.free),
                                        sums.name),
                 .severity = Severity::warn,
                 .data = {{"resource", sums.name}}});
        }
    }
}

void add_losses(const LeftoversResult& result, std::vector<Finding>& findings) {
    const auto is_unsafe = [](const LossCase& loss) { return !loss.is_safe(); };
    if (result.agent_losses) {
        const std::vector<LossCase>& losses = *result.agent_losses;
        const auto unsafe = std::ranges::count_if(losses, is_unsafe);
        const std::int64_t agents = result.leftovers.agents.in_state(AgentState::placeable);
        if (unsafe > 0) {
            const bool is_common = unsafe * 10 > agents;
            findings.push_back(
                {.code = "n1_unsafe",
                 .subject = "cluster",
                 .message = fmt::format("the loss of any of {} would leave instances without a "
                                        "place, first of {}",
                                        words_of(unsafe, "agent"),
                                        std::ranges::find_if(losses, is_unsafe)->name),
                 .severity = is_common ? Severity::high : Severity::warn});
        }
    }
    for (const auto& [attribute, losses] : result.group_losses) {
        for (const LossCase& loss : losses) {
            if (is_unsafe(loss)) {
                findings.push_back(
                    {.code = "group_unsafe",
                     .subject = fmt::format("{}={}", attribute, loss.name),
                     .message = fmt::format("the loss of {} with {}={} would leave {} without a "
                                            "place: {}",
                                            words_of(std::ssize(loss.agents), "agent"),
                                            attribute,
                                            loss.name,
                                            words_of(loss.lost - loss.expected, "instance"),
                                            describe_lost_apps(result.facts->workload, loss)),
                     .severity = Severity::warn});
            }
        }
    }
}

}  // namespace

std::vector<Finding> find_leftovers_findings(const LeftoversResult& result) {
    std::vector<Finding> findings;
    add_free_low(result.leftovers, findings);
    if (result.fits) {
        add_app_findings(result, findings);
        add_fragmentation(result, findings);
        add_losses(result, findings);
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
