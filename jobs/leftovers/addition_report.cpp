// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/addition_report.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace caretaker {

namespace {

std::string describe_removals(const AgentRemovals& removals) {
    std::string notes;
    if (removals.bound > 0) {
        notes =
            fmt::format("{} for volumes or what other frameworks run there",
                        removals.bound == 1 ? "1 stays" : fmt::format("{} stay", removals.bound));
    }
    if (!removals.is_complete) {
        notes += std::string(notes.empty() ? "" : "; ") + "not all were judged";
    }
    const std::string title = "Agents that could be given back together";
    return notes.empty() ? title : fmt::format("{} ({})", title, notes);
}

}  // namespace

void report_additions(const std::vector<AgentAddition>& additions, Report& report) {
    Table table{.title = "Agents to be added",
                .columns = {text_column("template", "TEMPLATE"),
                            number_column("count", "COUNT"),
                            number_column("lower_bound", "AT LEAST"),
                            text_column("minimal", "PROVEN LEAST"),
                            text_column("reason", "REASON")}};
    std::optional<std::int64_t> fewest;
    for (const AgentAddition& addition : additions) {
        table.rows.push_back({addition.name,
                              known(addition.count),
                              addition.lower,
                              addition.count ? Cell(addition.is_minimal) : Cell(),
                              non_empty(addition.reason)});
        if (addition.count && (!fewest || *addition.count < *fewest)) {
            fewest = addition.count;
        }
    }
    report.details.push_back(std::move(table));
    if (fewest) {
        report.metrics.push_back(make_gauge("add.agents", static_cast<double>(*fewest)));
    }
}

void report_removals(const ClusterFacts& facts, const AgentRemovals& removals, Report& report) {
    Table table{
        .title = describe_removals(removals),
        .columns = {text_column("given_back", "HOST"), text_column("attributes", "ATTRIBUTES")}};
    for (const std::uint32_t agent : removals.agents) {
        const AgentRow& row = facts.cluster.agents[agent];
        std::string attributes;
        for (const AgentAttribute& attribute : facts.cluster.attributes_of(row)) {
            attributes += (attributes.empty() ? "" : " ") +
                          facts.cluster.attribute_names.name(attribute.name) + "=" +
                          facts.cluster.attribute_values.name(attribute.value);
        }
        table.rows.push_back({row.hostname, non_empty(attributes)});
    }
    report.details.push_back(std::move(table));
    report.metrics.push_back(
        make_gauge("remove.agents", static_cast<double>(std::ssize(removals.agents))));
    report.metrics.push_back(make_gauge("remove.bound", static_cast<double>(removals.bound)));
}

void report_compaction(const Compaction& compaction, Report& report) {
    const auto needed = compaction.percentile_90();
    const auto& all = compaction.needed;
    Table table{.title = "How few agents would do",
                .columns = {number_column("agents", "AGENTS"),
                            number_column("agents_needed", "NEEDED (P90)"),
                            number_column("needed_least", "LEAST"),
                            number_column("needed_most", "MOST"),
                            number_column("instances_packed", "INSTANCES"),
                            number_column("instances_left_out", "LEFT OUT AT MOST"),
                            number_column("trials", "TRIALS"),
                            number_column("trials_without_room", "WITHOUT ROOM"),
                            text_column("no_room_for", "NO ROOM FOR")}};
    table.rows.push_back({compaction.agents,
                          known(needed),
                          all.empty() ? Cell() : Cell(all.front()),
                          all.empty() ? Cell() : Cell(all.back()),
                          compaction.instances,
                          compaction.allowed_out,
                          compaction.trials,
                          compaction.trials - std::ssize(all),
                          non_empty(compaction.left_out)});
    report.details.push_back(std::move(table));
    if (needed) {
        report.metrics.push_back(make_gauge("compact.agents", static_cast<double>(*needed)));
    }
}

}  // namespace caretaker
