// SPDX-License-Identifier: Apache-2.0
// A clock that a test moves by hand.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>

namespace caretaker {

class FakeClock final : public Clock {
 public:
    explicit FakeClock(WallTime now = WallTime{std::chrono::seconds{1'767'225'600}})  // 2026-01-01
        : now_(now) {}

    [[nodiscard]] WallTime now() const override { return now_; }

    [[nodiscard]] SteadyTime steady() const override { return steady_; }

    /// Returns at once, with both clocks moved by `duration`; after a stop request not moved.
    bool wait(std::chrono::milliseconds duration, const StopSignal& stop) override;

    /// Moves both clocks.
    void advance(std::chrono::milliseconds duration);

    /// Sets the wall clock alone, as an administrator or NTP would.
    void set_wall(WallTime now) { now_ = now; }

    /// The sum of all waits so far.
    [[nodiscard]] std::chrono::milliseconds waited() const { return waited_; }

 private:
    WallTime now_;
    SteadyTime steady_{std::chrono::hours{1}};
    std::chrono::milliseconds waited_{0};
};

}  // namespace caretaker
