// SPDX-License-Identifier: Apache-2.0
// The clock seam: wall time for stamps, steady time for durations, and waiting.
#pragma once

#include "common/base/wall_time.hpp"

#include <chrono>

namespace caretaker {

class StopSignal;

class Clock {
 public:
    virtual ~Clock() = default;

    /// The wall clock. May jump; never used for durations.
    [[nodiscard]] virtual WallTime now() const = 0;

    /// The monotonic clock.
    [[nodiscard]] virtual SteadyTime steady() const = 0;

    /// Waits for `duration`; false, and early, when `stop` was requested meanwhile.
    virtual bool wait(std::chrono::milliseconds duration, const StopSignal& stop) = 0;
};

/// The clocks of the system.
class SystemClock final : public Clock {
 public:
    [[nodiscard]] WallTime now() const override;
    [[nodiscard]] SteadyTime steady() const override;
    bool wait(std::chrono::milliseconds duration, const StopSignal& stop) override;
};

}  // namespace caretaker
