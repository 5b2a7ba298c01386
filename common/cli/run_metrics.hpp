// SPDX-License-Identifier: Apache-2.0
// The metrics that every recorded run sends about itself.
#pragma once

#include "common/base/finished_run.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace caretaker {

/// What the runner knows beside the finished run.
struct RunnerFacts {
    std::int64_t store_errors = 0;
    std::optional<std::uint64_t> store_bytes{};  // of the store's files; none without a store
};

/// run.started, and run.queue_delay where the scheduler said when it wanted the run. Sent before
/// the work.
std::vector<Metric> started_metrics(const RunInfo& run);

/// run.<outcome>, run.duration, run.exit_code, run.last_success (of an ok run), findings.*,
/// actions.*, bytes.freed (where actions tell bytes), store.*.
std::vector<Metric> finished_metrics(const FinishedRun& run, const RunnerFacts& facts);

/// run.lost, of the run that was found dead.
std::vector<Metric> lost_metrics();

/// statsd.dropped
std::vector<Metric> dropped_metrics(std::int64_t lines);

}  // namespace caretaker
