// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_statsd.hpp"

#include "common/base/stop_signal.hpp"
#include "common/cli/run_metrics.hpp"
#include "common/config/settings.hpp"
#include "common/metrics/statsd_lines.hpp"
#include "common/metrics/statsd_settings.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace caretaker {

RunStatsd::RunStatsd(const Settings& settings, const RunInfo& run, World& world)
    : settings_(settings),
      run_(run),
      stop_(world.stop),
      sink_(world.make_metric_sink(statsd_options(settings, run.job), world.clock, world.stop)) {}

void RunStatsd::send(std::span<const Metric> metrics) {
    if (!run_.dry_run && !stop_.requested()) {
        send_as(run_, metrics);
        return;
    }
    std::vector<Metric> about_the_run;
    std::ranges::copy_if(metrics, std::back_inserter(about_the_run), [](const Metric& metric) {
        return metric.name.starts_with("run.");
    });
    send_as(run_, about_the_run);
}

void RunStatsd::send_lost(const std::string& job, const std::string& target) {
    RunInfo lost = run_;
    lost.job = job;
    lost.target = target;
    lost.dry_run = false;
    send_as(lost, lost_metrics());
}

void RunStatsd::send_dropped() {
    if (sent_ > 0 && dropped_ > 0 && !run_.dry_run) {
        send(dropped_metrics(dropped_));
    }
}

void RunStatsd::send_as(const RunInfo& run, std::span<const Metric> metrics) {
    if (!sink_) {
        return;
    }
    const StatsdLines lines =
        format_statsd(metrics,
                      statsd_naming(settings_, run),
                      static_cast<std::size_t>(settings_.integer("statsd.max_lines")));
    const Delivery delivery = sink_->send(lines.lines);
    sent_ += static_cast<std::int64_t>(delivery.sent);
    dropped_ += static_cast<std::int64_t>(delivery.dropped + lines.dropped);
    if (problem_.empty()) {
        problem_ = delivery.problem;
    }
}

}  // namespace caretaker
