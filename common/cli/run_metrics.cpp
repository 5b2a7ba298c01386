// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_metrics.hpp"

#include <algorithm>
#include <string>

namespace caretaker {

namespace {

Metric counter(std::string name, std::int64_t value) {
    return {
        .name = std::move(name), .kind = MetricKind::counter, .value = static_cast<double>(value)};
}

Metric gauge(std::string name, double value) {
    return {.name = std::move(name), .kind = MetricKind::gauge, .value = value};
}

void add_findings(std::vector<Metric>& metrics, const FinishedRun& run) {
    for (const Severity severity :
         {Severity::info, Severity::low, Severity::warn, Severity::high, Severity::critical}) {
        const auto open =
            std::ranges::count_if(run.findings, [severity](const FindingState& state) {
                return state.finding.severity == severity && state.status != "resolved";
            });
        metrics.push_back(
            gauge("findings.open." + std::string(to_string(severity)), static_cast<double>(open)));
    }
    metrics.push_back(
        counter("findings.new", std::ranges::count(run.findings, "new", &FindingState::status)));
    metrics.push_back(counter("findings.resolved",
                              std::ranges::count(run.findings, "resolved", &FindingState::status)));
}

void add_actions(std::vector<Metric>& metrics, const Report& report) {
    for (const ActionState state : {ActionState::done, ActionState::failed, ActionState::would}) {
        const auto count = std::ranges::count(report.actions, state, &Action::state);
        if (count > 0) {
            metrics.push_back(counter("actions." + std::string(to_string(state)), count));
        }
    }
}

}  // namespace

std::vector<Metric> started_metrics() {
    return {counter("run.started", 1)};
}

std::vector<Metric> finished_metrics(const FinishedRun& run, std::int64_t lost_runs) {
    std::vector<Metric> metrics{
        counter("run." + std::string(to_string(run.outcome)), 1),
        {.name = "run.duration",
         .kind = MetricKind::timer,
         .value = static_cast<double>(run.duration.count()),
         .unit = "ms"},
        gauge("run.exit_code", static_cast<double>(run.exit_code)),
    };
    if (run.outcome == Outcome::ok) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(run.ended_at);
        metrics.push_back(
            gauge("run.last_success", static_cast<double>(seconds.time_since_epoch().count())));
    }
    if (lost_runs > 0) {
        metrics.push_back(counter("run.lost", lost_runs));
    }
    add_findings(metrics, run);
    add_actions(metrics, run.report);
    return metrics;
}

}  // namespace caretaker
