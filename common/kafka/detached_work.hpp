// SPDX-License-Identifier: Apache-2.0
// Threads for calls that block in a C library and cannot be cancelled, so that a stop request need
// not wait for them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace caretaker {

class StopSignal;

/// Not thread-safe itself.
class DetachedWork {
 public:
    using Function = std::function<void(const std::atomic<bool>& abandoned)>;

    /// Runs `work` once on each of `threads` threads; fewer where the system has no more to give.
    /// `work` must own all it touches, for its threads may outlive everything else. It should look
    /// at `abandoned` between its calls. Throws std::system_error when not even one thread can be
    /// had.
    DetachedWork(std::size_t threads, Function work);

    /// Leaves behind what still runs.
    ~DetachedWork();
    DetachedWork(const DetachedWork&) = delete;
    DetachedWork& operator=(const DetachedWork&) = delete;

    /// Until all threads have ended; then throws the first exception that one of them threw, if
    /// any. Throws Interrupted within 100 ms of a stop request.
    void wait(const StopSignal& stop);

    /// Until all threads have ended, but not longer than `duration`; false when some still run.
    bool wait_for(std::chrono::milliseconds duration);

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace caretaker
