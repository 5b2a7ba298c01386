// SPDX-License-Identifier: Apache-2.0
#include "common/base/clock.hpp"

#include "common/base/stop_signal.hpp"

namespace caretaker {

WallTime SystemClock::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const {
    return std::chrono::steady_clock::now();
}

bool SystemClock::wait(std::chrono::milliseconds duration, const StopSignal& stop) {
    return stop.wait_for(duration);
}

}  // namespace caretaker
