// SPDX-License-Identifier: Apache-2.0
// The metrics that leave during one run, and what became of them.
#pragma once

#include "common/base/report.hpp"
#include "common/base/run_info.hpp"
#include "common/cli/world.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

class Settings;

class RunStatsd {
 public:
    /// Throws UsageError when the settings about StatsD are wrong. Connects to nothing. `settings`,
    /// `run` and `world` outlive this.
    RunStatsd(const Settings& settings, const RunInfo& run, World& world);

    /// Sends metrics of this run: of a dry run and after a stop request only those called `run.…`,
    /// since a dry run must not pass for a real one, and a stopped one has no time.
    void send(std::span<const Metric> metrics);

    /// Counts a run of some job that was found dead, under that job's name.
    void send_lost(const std::string& job, const std::string& target);

    /// Sends `statsd.dropped` when lines were lost while others arrived.
    void send_dropped();

    [[nodiscard]] std::int64_t sent() const { return sent_; }

    [[nodiscard]] std::int64_t dropped() const { return dropped_; }

    /// Why lines were dropped, the first reason; empty when none were.
    [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
    void send_as(const RunInfo& run, std::span<const Metric> metrics);

    const Settings& settings_;
    const RunInfo& run_;
    const StopSignal& stop_;
    std::unique_ptr<MetricSink> sink_;  // null: nobody wants metrics
    std::int64_t sent_ = 0;
    std::int64_t dropped_ = 0;
    std::string problem_{};
};

}  // namespace caretaker
