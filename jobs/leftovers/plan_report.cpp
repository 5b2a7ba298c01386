// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/plan_report.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace caretaker {

namespace {

Cell trials_cell(const PlanTrials& trials) {
    return trials.count == 0 ? Cell()
                             : Cell(fmt::format("{} of {}", trials.complete, trials.count));
}

std::string describe_tries(const PlanResult& result) {
    std::string text;
    for (const auto& [policy, placed] : result.policies) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(policy), placed);
    }
    return text;
}

Table make_verdict_table(const JudgedPlan& plan) {
    const PlanResult& result = plan.result;
    const auto least = [&](std::size_t permille) {
        const auto& placed = result.trials.placed;
        return placed.empty() ? Cell() : Cell(placed[(placed.size() - 1) * permille / 1000]);
    };
    Table table{.title = "Plan",
                .columns = {text_column("verdict", "VERDICT"),
                            text_column("proof", "PROOF"),
                            number_column("wanted", "WANTED"),
                            number_column("placed", "PLACED"),
                            number_column("ended", "ENDED"),
                            number_column("displaced", "DISPLACED"),
                            number_column("bound", "BOUND"),
                            text_column("by_marathon", "BY MARATHON"),
                            text_column("reason", "REASON"),
                            machine_column("policies"),
                            machine_column("found_by"),
                            machine_column("marathon_trials"),
                            machine_column("marathon_complete"),
                            machine_column("marathon_least"),
                            machine_column("marathon_median"),
                            machine_column("marathon_most")}};
    table.rows.push_back({std::string(to_string(result.verdict)),
                          non_empty(result.proof),
                          result.wanted,
                          std::int64_t{std::ssize(result.placed)},
                          plan.scene.removed,
                          plan.scene.displaced,
                          plan.scene.bound,
                          trials_cell(result.trials),
                          non_empty(result.reason),
                          describe_tries(result),
                          result.found_by ? Cell(std::string(to_string(*result.found_by))) : Cell(),
                          result.trials.count,
                          result.trials.complete,
                          least(0),
                          least(500),
                          least(1000)});
    return table;
}

/// A row per app and agent; what found no place as a row without one.
Table make_placing_table(const JudgedPlan& plan) {
    struct Group {
        std::int64_t instances = 0;
        PortSet ports{};
    };

    const ClusterFacts& facts = plan.scene.facts;
    Table table{.title = "Placing of the plan",
                .columns = {text_column("app", "APP"),
                            text_column("host", "HOST"),
                            number_column("instances", "INSTANCES"),
                            text_column("ports", "PORTS")}};
    for (const WantedApp& wanted : plan.scene.wanted) {
        std::map<std::uint32_t, Group> groups;
        std::int64_t missing = wanted.instances;
        for (const PlacedInstance& placed : plan.result.placed) {
            if (placed.app == wanted.app) {
                ++groups[placed.agent].instances;
                groups[placed.agent].ports.add(placed.ports);
                --missing;
            }
        }
        const std::string& id = facts.workload.apps[wanted.app].id;
        for (const auto& [agent, group] : groups) {
            table.rows.push_back({id,
                                  facts.cluster.agents[agent].hostname,
                                  group.instances,
                                  group.ports.is_empty() ? Cell() : Cell(group.ports.text())});
        }
        if (missing > 0) {
            table.rows.push_back({id, Cell(), missing, Cell()});
        }
    }
    return table;
}

/// A row per restart of an app that the plan changes.
Table make_restarts_table(const JudgedPlan& plan) {
    Table table{.title = "Restarts of the plan",
                .columns = {text_column("app", "APP"),
                            number_column("old", "OLD"),
                            number_column("new", "NEW"),
                            number_column("keep", "KEEP"),
                            number_column("ceiling", "CEILING"),
                            number_column("rounds", "ROUNDS")}};
    const RestartWay& way = plan.result.way;
    for (std::size_t i = 0; i < plan.scene.restarts.size(); ++i) {
        const PlannedRestart& restart = plan.scene.restarts[i];
        const MarathonApp& app = plan.scene.facts.workload.apps[restart.app];
        const auto old = std::ssize(restart.instances);
        const RollingRestart limits = rolling_limits(app, old);
        table.rows.push_back({app.id,
                              std::int64_t{old},
                              app.instances,
                              std::int64_t{old - limits.stop_first},
                              limits.ceiling,
                              way.is_complete ? Cell(way.rounds[i]) : Cell()});
    }
    return table;
}

Finding rolling_blocked(const MarathonApp& app, std::int64_t kept) {
    return {.code = "rolling_blocked",
            .subject = "app " + app.id,
            .message = fmt::format("a restart of {} would stand still: no new instance fits beside "
                                   "the old ones, of which its upgradeStrategy keeps {}; free room "
                                   "for one, or lower minimumHealthCapacity",
                                   app.id,
                                   kept),
            .severity = Severity::warn};
}

/// Of the apps that the plan restarts.
std::vector<Finding> find_blocked(const JudgedPlan& plan) {
    const auto& apps = plan.scene.facts.workload.apps;
    std::vector<Finding> findings;
    for (const PlannedRestart& restart : plan.scene.restarts) {
        if (std::ranges::find(plan.result.blocked, restart.app) != plan.result.blocked.end()) {
            const auto old = std::ssize(restart.instances);
            const MarathonApp& app = apps[restart.app];
            findings.push_back(rolling_blocked(app, old - rolling_limits(app, old).stop_first));
        }
    }
    for (const RollingRestart& restart : plan.restarted_alike) {
        if (restart.is_blocked()) {
            findings.push_back(rolling_blocked(apps[restart.app], restart.keep));
        }
    }
    return findings;
}

}  // namespace

void report_plan(const JudgedPlan& plan, Report& report) {
    const PlanResult& result = plan.result;
    const std::int64_t placed = std::ssize(result.placed);
    std::vector<Table> tables;
    tables.push_back(make_verdict_table(plan));
    if (!plan.scene.restarts.empty()) {
        tables.push_back(make_restarts_table(plan));
    }
    tables.push_back(make_placing_table(plan));
    report.details.insert(report.details.begin(),
                          std::make_move_iterator(tables.begin()),
                          std::make_move_iterator(tables.end()));
    report.metrics.push_back(make_gauge("plan.wanted", static_cast<double>(result.wanted)));
    report.metrics.push_back(make_gauge("plan.placed", static_cast<double>(placed)));
    report.summary = fmt::format("plan {}: {} of {} instances placed; {}",
                                 to_string(result.verdict),
                                 placed,
                                 result.wanted,
                                 report.summary);
    const std::string subject = "plan " + plan.name;
    std::set<std::string> subjects;
    for (const PlannedRestart& restart : plan.scene.restarts) {
        subjects.insert("app " + plan.scene.facts.workload.apps[restart.app].id);
    }
    for (const RollingRestart& restart : plan.restarted_alike) {
        subjects.insert("app " + plan.scene.facts.workload.apps[restart.app].id);
    }
    report.findings = find_blocked(plan);
    report.looked_at = [subjects, subject](const Finding& finding) {
        return finding.subject == subject ||
               (finding.code == "rolling_blocked" && subjects.contains(finding.subject));
    };
    if (result.verdict == PlanVerdict::infeasible) {
        report.findings.push_back(
            {.code = "plan_infeasible",
             .subject = subject,
             .message = fmt::format("the plan cannot be placed: {}", result.reason),
             .severity = Severity::high});
    } else if (result.verdict == PlanVerdict::unknown) {
        report.problems.push_back(
            {.code = "plan_unknown",
             .message = fmt::format("it is not known whether the plan can be placed: {}; free more "
                                    "room, or plan less at once",
                                    result.reason),
             .subject = subject});
    }
}

void report_rolling(const Workload& workload,
                    const std::vector<RollingRestart>& restarts,
                    Report& report) {
    for (const RollingRestart& restart : restarts) {
        if (restart.is_blocked()) {
            report.findings.push_back(rolling_blocked(workload.apps[restart.app], restart.keep));
        }
    }
    const auto blocked = std::ranges::count_if(
        restarts, [](const RollingRestart& restart) { return restart.is_blocked(); });
    report.metrics.push_back(make_gauge("apps.rolling_blocked", static_cast<double>(blocked)));
}

}  // namespace caretaker
