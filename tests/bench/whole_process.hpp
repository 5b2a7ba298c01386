// SPDX-License-Identifier: Apache-2.0
// Benchmarks of whole processes: wall time, CPU time and memory as the caller of a command pays
// them.
#pragma once

#include "tests/support/child_process.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace caretaker::testing {

/// Adds up what processes cost, one an iteration; the time of an iteration is the wall time from
/// fork to exit. Adds the counters cpu_ms (mean of an iteration) and rss_mib (largest of all).
class ProcessMeter {
 public:
    explicit ProcessMeter(benchmark::State& state) : state_(state) {}

    /// Within the loop over `state`. False once a process ended with another code than `code`: the
    /// loop is then to be left.
    bool run(const Command& command, int code = 0) {
        const auto start = std::chrono::steady_clock::now();
        const Finished finished = run_command(command, std::chrono::minutes(5));
        const auto end = std::chrono::steady_clock::now();
        if (finished.status.code != code) {
            state_.SkipWithError((command.argv.front() + ": " + finished.err).c_str());
            return false;
        }
        state_.SetIterationTime(std::chrono::duration<double>(end - start).count());
        cpu_ms_ += std::chrono::duration<double, std::milli>(finished.status.cpu).count();
        max_rss_kib_ = std::max(max_rss_kib_, finished.status.max_rss_kib);
        return true;
    }

    void report() const {
        state_.counters["cpu_ms"] = benchmark::Counter(cpu_ms_, benchmark::Counter::kAvgIterations);
        state_.counters["rss_mib"] = static_cast<double>(max_rss_kib_) / 1024.0;
    }

 private:
    benchmark::State& state_;
    double cpu_ms_ = 0;
    long max_rss_kib_ = 0;
};

/// Runs `command` once per iteration.
inline void run_whole_process(benchmark::State& state, const Command& command, int code = 0) {
    ProcessMeter meter(state);
    for (auto _ : state) {
        if (!meter.run(command, code)) {
            return;
        }
    }
    meter.report();
}

}  // namespace caretaker::testing
