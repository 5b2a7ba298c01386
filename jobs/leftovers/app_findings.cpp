// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/app_findings.hpp"

#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/apps_table.hpp"
#include "jobs/leftovers/counted_words.hpp"
#include "jobs/leftovers/loss_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace caretaker {

namespace {

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
    std::string reasons = describe_refusals(fit);
    if (!fit.blocked_by.empty()) {
        reasons += fmt::format("; GROUP_BY waits for room on {}", fit.blocked_by);
    }
    if (fit.fits == 0 && fit.waiting > 0) {
        findings.push_back(app_finding("app_stuck",
                                       Severity::high,
                                       app,
                                       fmt::format("{} of {} without a place, and none fits: {}",
                                                   count_of(fit.waiting, "waiting instance"),
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
                                    count_of(fit.fits, "further instance"),
                                    app.id,
                                    app.instances,
                                    min_fits ? fmt::format("the {} of --min-fits", *min_fits)
                                             : std::string("a tenth more"),
                                    reasons)));
    }
}

void add_findings_of_apps(const LeftoversResult& result, std::vector<Finding>& findings) {
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
                                        count_of(unsafe, "agent"),
                                        std::ranges::find_if(losses, is_unsafe)->name),
                 .severity = is_common ? Severity::high : Severity::warn});
        }
    }
    if (result.draining_loss && is_unsafe(*result.draining_loss)) {
        const LossCase& loss = *result.draining_loss;
        findings.push_back(
            {.code = "n1_unsafe",
             .subject = "draining agents",
             .message = fmt::format("{} that draining agents have to give up find no place: {}",
                                    count_of(loss.lost - loss.expected, "instance"),
                                    describe_lost_apps(result.facts->workload, loss)),
             .severity = Severity::high});
    }
    for (const auto& [attribute, losses] : result.group_losses) {
        for (const LossCase& loss : losses) {
            if (is_unsafe(loss)) {
                findings.push_back(
                    {.code = "group_unsafe",
                     .subject = fmt::format("{}={}", attribute, loss.name),
                     .message = fmt::format("the loss of {} with {}={} would leave {} without a "
                                            "place: {}",
                                            count_of(std::ssize(loss.agents), "agent"),
                                            attribute,
                                            loss.name,
                                            count_of(loss.lost - loss.expected, "instance"),
                                            describe_lost_apps(result.facts->workload, loss)),
                     .severity = Severity::warn});
            }
        }
    }
}

}  // namespace

void add_app_findings(const LeftoversResult& result, std::vector<Finding>& findings) {
    add_findings_of_apps(result, findings);
    add_fragmentation(result, findings);
    add_losses(result, findings);
}

}  // namespace caretaker
