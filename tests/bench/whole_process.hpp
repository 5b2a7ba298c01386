// SPDX-License-Identifier: Apache-2.0
// Benchmarks of whole processes: wall time, CPU time and memory as the caller of a command pays
// them.
#pragma once

#include "tests/support/child_process.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

/// Runs `command` once per iteration; the time of an iteration is the wall time from fork to exit.
/// Adds the counters cpu_ms (mean of an iteration) and rss_mib (largest of all).
inline void run_whole_process(benchmark::State& state, const Command& command) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    double cpu_ms = 0;
    long max_rss_kib = 0;
    for (auto _ : state) {
        const auto start = std::chrono::steady_clock::now();
        const Finished finished = run_command(command, std::chrono::minutes(5));
        const auto end = std::chrono::steady_clock::now();
        if (finished.status.code != 0) {
            state.SkipWithError((command.argv.front() + ": " + finished.err).c_str());
            return;
        }
        state.SetIterationTime(std::chrono::duration<double>(end - start).count());
        cpu_ms += Milliseconds(finished.status.cpu).count();
        max_rss_kib = std::max(max_rss_kib, finished.status.max_rss_kib);
    }
    state.counters["cpu_ms"] = benchmark::Counter(cpu_ms, benchmark::Counter::kAvgIterations);
    state.counters["rss_mib"] = static_cast<double>(max_rss_kib) / 1024.0;
}

}  // namespace caretaker::testing
