// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_report.hpp"

#include "common/base/metric_builders.hpp"
#include "jobs/leftovers/agents_table.hpp"
#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/leftovers_findings.hpp"
#include "jobs/leftovers/resources_table.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// "3 maintenance, 2 draining": the states that some agent is in.
std::string describe_states(const ClusterFacts& facts, const AgentCounts& agents) {
    std::string words;
    const auto add = [&](std::int64_t count, std::string_view state) {
        if (count > 0) {
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, state);
        }
    };
    for (const AgentState state : all_agent_states) {
        if (state != AgentState::placeable) {
            add(agents.in_state(state), to_string(state));
        }
    }
    add(facts.unreachable, "unreachable");
    return words.empty() ? words : fmt::format(" ({})", words);
}

std::string summarize(const LeftoversResult& result) {
    const AgentCounts& agents = result.leftovers.agents;
    if (result.facts->cluster.agents.empty()) {
        return "no agents found";
    }
    const std::int64_t placeable = agents.in_state(AgentState::placeable);
    const ResourceSums& cpus = result.leftovers.resources[Resource::cpus];
    const ResourceSums& mem = result.leftovers.resources[Resource::mem];
    return fmt::format("{} placeable agent{}{}, free {} of {} cpus, {} of {} MB mem",
                       placeable,
                       placeable == 1 ? "" : "s",
                       describe_states(*result.facts, agents),
                       format_milli(cpus.free),
                       format_milli(cpus.total),
                       format_milli(mem.free),
                       format_milli(mem.total));
}

Metric gauge(std::string name, double value, std::vector<Label> labels = {}) {
    Metric metric = make_gauge(std::move(name), value);
    metric.labels = std::move(labels);
    return metric;
}

void add_resource_numbers(const ResourceSums& sums, Report& report) {
    const auto add = [&](std::string_view name, Milli amount) {
        report.metrics.push_back(gauge(fmt::format("{}.{}", name, sums.name), to_number(amount)));
    };
    add("total", sums.total);
    add("used", sums.used);
    add("offered", sums.offered);
    add("free", sums.free);
    add("reserved_free", sums.reserved_free);
    add("dust", sums.dust);
    if (sums.revocable > 0) {
        add("revocable", sums.revocable);
    }
    if (const auto share = permille(sums.free, sums.total)) {
        report.metrics.push_back(
            gauge("free_ratio." + sums.name, static_cast<double>(*share) / 1000.0));
    }
    report.samples.push_back({.series = "leftovers.free",
                              .labels = {{"resource", sums.name}},
                              .value = to_number(sums.free)});
}

void add_numbers(const LeftoversResult& result, Report& report) {
    const AgentCounts& agents = result.leftovers.agents;
    for (const AgentState state : all_agent_states) {
        report.metrics.push_back(gauge(fmt::format("agents.{}", to_string(state)),
                                       static_cast<double>(agents.in_state(state))));
    }
    report.metrics.push_back(
        gauge("agents.unreachable", static_cast<double>(result.facts->unreachable)));
    report.metrics.push_back(gauge("agents.dust", static_cast<double>(agents.dust)));
    report.metrics.push_back(gauge("agents.full", static_cast<double>(agents.full)));
    report.metrics.push_back(
        make_gauge("input_bytes", static_cast<double>(result.facts->input_bytes), "bytes"));
    for (const ResourceSums& sums : result.leftovers.resources) {
        if (sums.total > 0) {
            add_resource_numbers(sums, report);
        }
    }
}

void add_groups(const LeftoversResult& result, const std::string& attribute, Report& report) {
    const auto groups = group_leftovers(result.facts->cluster, *result.view, attribute);
    report.details.push_back(make_groups_table(attribute, groups));
    for (const LeftoversGroup& group : groups) {
        const std::vector<Label> labels{{"group", attribute}, {"value", group.value}};
        report.metrics.push_back(
            gauge("agents", static_cast<double>(group.leftovers.agents.registered), labels));
        for (std::size_t i = 0; i < resource_names.size(); ++i) {
            const ResourceSums& sums = group.leftovers.resources[i];
            if (sums.total > 0) {
                report.metrics.push_back(gauge("free." + sums.name, to_number(sums.free), labels));
            }
        }
    }
}

}  // namespace

Report report_leftovers(const LeftoversResult& result, const LeftoversShown& shown) {
    Report report;
    report.summary = summarize(result);
    report.table = make_resources_table(result.leftovers);
    if (shown.agents) {
        report.details.push_back(std::move(report.table));
        // The facts own the cluster.
        report.table = make_agents_table({result.facts, &result.facts->cluster}, result.view);
    }
    add_numbers(result, report);
    for (const std::string& attribute : shown.by) {
        add_groups(result, attribute, report);
    }
    report.findings = find_leftovers_findings(result);
    report.problems = find_leftovers_problems(result);
    report.items_seen = std::ssize(result.facts->cluster.agents) + std::ssize(result.facts->unread);
    report.items_failed = std::ssize(result.facts->unread);
    return report;
}

}  // namespace caretaker
