// SPDX-License-Identifier: Apache-2.0
// SIGTERM, SIGINT and SIGHUP, a run's time limit and the loss of its lease, as a flag and a
// readable descriptor that every wait watches.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/fd.hpp"

#include <atomic>
#include <chrono>
#include <csignal>

namespace caretaker {

/// Remembers the first request that the process should end. Safe to read from any thread.
class StopSignal {
 public:
    /// Stands in the place of a signal's number where the run's own time limit was reached.
    static constexpr int time_limit = SIGALRM;

    /// The same where the lease that keeps other hosts away was lost, or will not last long enough.
    static constexpr int lease_lost = SIGUSR2;

    /// How long after a request the process may last: who stops it kills it after 3 s at the
    /// earliest (Mesos), after 2 s as we promise.
    static constexpr std::chrono::milliseconds last_resort{1'900};

    StopSignal();

    /// Routes SIGTERM, SIGINT, SIGHUP and the time limit to `stop` and ignores SIGPIPE. To be
    /// called first thing in main: as PID 1 of a container the process has no default actions. A
    /// second signal ends the process at once with 128 + signal; and should something hold it up
    /// for longer than `last_resort` after a request, it ends then, with the code of the request.
    /// One StopSignal can be installed per process.
    static void install(StopSignal& stop);

    /// Requests a stop as `time_limit` would after `limit`, by the monotonic clock. Only once
    /// install() was called.
    void limit_time(std::chrono::milliseconds limit);

    /// Requests a stop as `lease_lost` would; from then on `last_resort` counts, where install()
    /// was called. From any thread.
    void lose_lease() noexcept;

    [[nodiscard]] bool requested() const noexcept { return signal() != 0; }

    /// The signal's number, `time_limit` or `lease_lost`; 0 while none came.
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

/// The code of a process that was stopped so: 128 + signal, or that of the time limit or of a
/// brake.
ExitCode exit_code_of_stop(int signal);

}  // namespace caretaker
