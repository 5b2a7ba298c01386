// SPDX-License-Identifier: Apache-2.0
// Benchmarks of whole processes: wall time, CPU time and memory as the caller of a command pays
// them.
#pragma once

#include "tests/support/child_process.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

namespace caretaker::testing {

/// The most memory that the process had at once, in KiB; 0 once it has ended. wait4() would tell
/// it of the end, but takes what the parent had at the fork for the child's own.
inline long read_peak_kib(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            long kib = 0;
            status >> kib;
            return kib;
        }
    }
    return 0;
}

/// What a process came to, and its peak as it was seen within its last millisecond or two.
struct MeteredProcess {
    ExitStatus status{};
    std::string err{};
    long peak_kib = 0;
};

/// Runs a command to its end.
inline MeteredProcess run_metered(const Command& command) {
    constexpr std::chrono::milliseconds interval{1};
    MeteredProcess process;
    ChildProcess child(command);
    for (;;) {
        const auto status = child.wait(interval);
        if (status) {
            process.status = *status;
            process.err = child.err();
            return process;
        }
        process.peak_kib = std::max(process.peak_kib, read_peak_kib(child.pid()));
    }
}

/// Adds up what processes cost, one an iteration; the time of an iteration is the wall time from
/// fork to exit. Adds the counters cpu_ms (mean of an iteration) and rss_mib (largest of all).
class ProcessMeter {
 public:
    explicit ProcessMeter(benchmark::State& state) : state_(state) {}

    /// Within the loop over `state`. False once a process ended with another code than `code`: the
    /// loop is then to be left.
    bool run(const Command& command, int code = 0) {
        const auto start = std::chrono::steady_clock::now();
        const MeteredProcess process = run_metered(command);
        const auto end = std::chrono::steady_clock::now();
        if (process.status.code != code) {
            state_.SkipWithError((command.argv.front() + ": " + process.err).c_str());
            return false;
        }
        state_.SetIterationTime(std::chrono::duration<double>(end - start).count());
        cpu_ms_ += std::chrono::duration<double, std::milli>(process.status.cpu).count();
        peak_kib_ = std::max(peak_kib_, process.peak_kib);
        return true;
    }

    void report() const {
        state_.counters["cpu_ms"] = benchmark::Counter(cpu_ms_, benchmark::Counter::kAvgIterations);
        state_.counters["rss_mib"] = static_cast<double>(peak_kib_) / 1024.0;
    }

 private:
    benchmark::State& state_;
    double cpu_ms_ = 0;
    long peak_kib_ = 0;
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
