// SPDX-License-Identifier: Apache-2.0
// SIGTERM, SIGINT and SIGHUP as a flag and a readable descriptor that every wait watches.
#pragma once

#include "common/base/fd.hpp"

#include <atomic>
#include <chrono>

namespace caretaker {

/// Remembers the first signal that asked the process to end. Safe to read from any thread.
class StopSignal {
 public:
    StopSignal();

    /// Routes SIGTERM, SIGINT and SIGHUP to `stop` and ignores SIGPIPE. To be called first thing in
    /// main: as PID 1 of a container the process has no default actions. A second signal ends the
    /// process at once with 128 + signal. One StopSignal can be installed per process.
    static void install(StopSignal& stop);

    [[nodiscard]] bool requested() const noexcept { return signal() != 0; }

    /// The signal's number, 0 while none came.
    [[nodiscard]] int signal() const noexcept { return signal_.load(std::memory_order_relaxed); }

    /// Readable once a stop was requested; for poll(2) beside other descriptors.
    [[nodiscard]] int wait_fd() const noexcept { return read_end_.get(); }

    /// Sleeps for `duration` or until a stop is requested; true when the whole time passed.
    [[nodiscard]] bool wait_for(std::chrono::milliseconds duration) const;

    /// Asks for a stop as `signal` would. Async-signal-safe.
    void request(int signal) noexcept;

    /// Throws Interrupted once a stop was requested.
    void check() const;

 private:
    std::atomic<int> signal_{0};
    Fd read_end_;
    Fd write_end_;
};

}  // namespace caretaker
