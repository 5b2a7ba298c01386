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
    for (const Severity severity : all_severities) {
        const auto open =
            std::ranges::count_if(run.findings, [severity](const FindingState& state) {
                return state.finding.severity == severity &&
                       state.status != FindingStatus::resolved;
            });
        metrics.push_back(
            gauge("findings.open." + std::string(to_string(severity)), static_cast<double>(open)));
    }
    metrics.push_back(
        counter("findings.new",
                std::ranges::count(run.findings, FindingStatus::added, &FindingState::status)));
    metrics.push_back(
        counter("findings.resolved",
                std::ranges::count(run.findings, FindingStatus::resolved, &FindingState::status)));
}

void add_actions(std::vector<Metric>& metrics, const Report& report) {
    for (const ActionState state : {ActionState::done, ActionState::failed, ActionState::would}) {
        if (const auto count = report.actions.count(state); count > 0) {
            metrics.push_back(counter("actions." + std::string(to_string(state)), count));
        }
    }
    const auto freed = report.actions.bytes_freed();
    if (freed) {
        Metric metric = counter("bytes.freed", *freed);
        metric.unit = "bytes";
        metrics.push_back(std::move(metric));
    }
}

void add_store(std::vector<Metric>& metrics, const RunnerFacts& facts) {
    if (facts.store_bytes) {
        Metric metric = gauge("store.bytes", static_cast<double>(*facts.store_bytes));
        metric.unit = "bytes";
        metrics.push_back(std::move(metric));
    }
    if (facts.store_errors > 0) {
        metrics.push_back(counter("store.errors", facts.store_errors));
    }
}

Metric milliseconds_timer(std::string name, std::chrono::milliseconds value) {
    return {.name = std::move(name),
            .kind = MetricKind::timer,
            .value = static_cast<double>(value.count()),
            .unit = "ms"};
}

}  // namespace

std::vector<Metric> started_metrics(const RunInfo& run) {
    std::vector<Metric> metrics{counter("run.started", 1)};
    if (run.queue_delay) {
        metrics.push_back(milliseconds_timer("run.queue_delay", *run.queue_delay));
    }
    return metrics;
}

std::vector<Metric> finished_metrics(const FinishedRun& run, const RunnerFacts& facts) {
    std::vector<Metric> metrics{
        counter("run." + std::string(to_string(run.outcome)), 1),
        milliseconds_timer("run.duration", run.duration),
        gauge("run.exit_code", static_cast<double>(run.exit_code)),
    };
    if (run.outcome == Outcome::ok) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(run.ended_at);
        metrics.push_back(
            gauge("run.last_success", static_cast<double>(seconds.time_since_epoch().count())));
    }
    add_findings(metrics, run);
    add_actions(metrics, run.report);
    add_store(metrics, facts);
    return metrics;
}

std::vector<Metric> lost_metrics() {
    return {counter("run.lost", 1)};
}

std::vector<Metric> dropped_metrics(std::int64_t lines) {
    return {counter("statsd.dropped", lines)};
}

}  // namespace caretaker
