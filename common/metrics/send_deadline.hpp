// SPDX-License-Identifier: Apache-2.0
// How long sending metrics may still take: little, and less once the process was asked to end.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace caretaker {

class SendDeadline {
 public:
    /// `budget` from now on, but at most 300 ms after a stop was seen.
    SendDeadline(Clock& clock, const StopSignal& stop, std::chrono::milliseconds budget);

    /// 0 when the time is over.
    [[nodiscard]] std::chrono::milliseconds left();

    /// Since construction.
    [[nodiscard]] std::chrono::milliseconds spent() const;

    /// Calls `ready(slice)`, which waits for at most `slice` and tells whether what it waits for
    /// has come, until it has; false after `limit` or when the time is over.
    bool wait(std::chrono::milliseconds limit,
              const std::function<bool(std::chrono::milliseconds)>& ready);

 private:
    Clock& clock_;
    const StopSignal& stop_;
    SteadyTime start_;
    SteadyTime end_;
    bool stop_seen_ = false;
};

}  // namespace caretaker
