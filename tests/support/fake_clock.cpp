// SPDX-License-Identifier: Apache-2.0
// Waiting without time.
#include "tests/support/fake_clock.hpp"

#include "common/base/stop_signal.hpp"

namespace caretaker {

bool FakeClock::wait(std::chrono::milliseconds duration, const StopSignal& stop) {
    if (stop.requested()) {
        return false;
    }
    advance(duration);
    waited_ += duration;
    return true;
}

void FakeClock::advance(std::chrono::milliseconds duration) {
    now_ += duration;
    steady_ += duration;
}

}  // namespace caretaker
