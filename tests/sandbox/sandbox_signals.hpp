// SPDX-License-Identifier: Apache-2.0
// The signals that the sandbox obeys: SIGTERM and SIGINT end it, SIGUSR1 asks for the counts.
#pragma once

#include "common/base/fd.hpp"

#include <chrono>

namespace caretaker::sandbox {

enum class SandboxEvent { time, stop, counts };

/// Takes these signals over from its construction on. To be made before any thread, so that all of
/// them have the signals blocked; SIGPIPE is ignored.
class SandboxSignals {
 public:
    SandboxSignals();

    /// Waits for one of the signals, at most until `time`.
    [[nodiscard]] SandboxEvent wait_until(std::chrono::steady_clock::time_point time) const;

 private:
    Fd signals_;
};

/// As SIGTERM would; from any thread.
void request_sandbox_stop();

}  // namespace caretaker::sandbox
