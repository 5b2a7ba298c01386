// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_metrics.hpp"

#include "common/base/metric_builders.hpp"

#include <algorithm>
#include <string>

namespace caretaker {

namespace {

void add_findings(std::vector<Metric>& metrics, const FinishedRun& run) {
    for (const Severity severity : all_severities) {
        const auto open =
            std::ranges::count_if(run.findings, [severity](const FindingState& state) {
                return state.finding.severity == severity &&
                       state.status != FindingStatus::resolved;
            });
        metrics.push_back(make_gauge("findings.open." + std::string(to_string(severity)),
                                     static_cast<double>(open)));
    }
    metrics.push_back(make_counter(
        "findings.new",
        std::ranges::count(run.findings, FindingStatus::added, &FindingState::status)));
    metrics.push_back(make_counter(
        "findings.resolved",
        std::ranges::count(run.findings, FindingStatus::resolved, &FindingState::status)));
}

void add_actions(std::vector<Metric>& metrics, const Report& report) {
    for (const ActionState state : {ActionState::done, ActionState::failed, ActionState::would}) {
        if (const auto count = report.actions.count(state); count > 0) {
            metrics.push_back(make_counter("actions." + std::string(to_string(state)), count));
        }
    }
    const auto freed = report.actions.bytes_freed();
    if (freed) {
        metrics.push_back(make_counter("bytes.freed", *freed, "bytes"));
    }
}

void add_store(std::vector<Metric>& metrics, const RunnerFacts& facts) {
    if (facts.store_bytes) {
        metrics.push_back(
            make_gauge("store.bytes", static_cast<double>(*facts.store_bytes), "bytes"));
    }
    if (facts.store_errors > 0) {
        metrics.push_back(make_counter("store.errors", facts.store_errors));
    }
}

}  // namespace

std::vector<Metric> started_metrics(const RunInfo& run) {
    std::vector<Metric> metrics{make_counter("run.started", 1)};
    if (run.queue_delay) {
        metrics.push_back(make_timer("run.queue_delay", *run.queue_delay));
    }
    return metrics;
}

std::vector<Metric> finished_metrics(const FinishedRun& run, const RunnerFacts& facts) {
    std::vector<Metric> metrics{
        make_counter("run." + std::string(to_string(run.outcome)), 1),
        make_timer("run.duration", run.duration),
        make_gauge("run.exit_code", static_cast<double>(run.exit_code)),
    };
    if (run.outcome == Outcome::ok) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(run.ended_at);
        metrics.push_back(make_gauge("run.last_success",
                                     static_cast<double>(seconds.time_since_epoch().count())));
    }
    add_findings(metrics, run);
    add_actions(metrics, run.report);
    add_store(metrics, facts);
    return metrics;
}

std::vector<Metric> lost_metrics() {
    return {make_counter("run.lost", 1)};
}

std::vector<Metric> dropped_metrics(std::int64_t lines) {
    return {make_counter("statsd.dropped", lines)};
}

}  // namespace caretaker
