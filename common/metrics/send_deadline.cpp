// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/send_deadline.hpp"

#include "common/base/stop_signal.hpp"

#include <algorithm>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds after_stop{300};
constexpr milliseconds slice{20};

}  // namespace

SendDeadline::SendDeadline(Clock& clock, const StopSignal& stop, milliseconds budget)
    : clock_(clock), stop_(stop), start_(clock.steady()), end_(start_ + budget) {}

milliseconds SendDeadline::left() {
    const SteadyTime now = clock_.steady();
    if (!stop_seen_ && stop_.requested()) {
        stop_seen_ = true;
        end_ = std::min(end_, now + after_stop);
    }
    return std::max(milliseconds::zero(), std::chrono::ceil<milliseconds>(end_ - now));
}

milliseconds SendDeadline::spent() const {
    return std::chrono::ceil<milliseconds>(clock_.steady() - start_);
}

bool SendDeadline::wait(milliseconds limit, const std::function<bool(milliseconds)>& ready) {
    // The sockets and threads waited for live in real time, whatever clock_ is.
    using Real = std::chrono::steady_clock;
    const auto end = Real::now() + std::min(limit, left());
    while (true) {
        const auto rest = std::chrono::ceil<milliseconds>(end - Real::now());
        if (rest <= milliseconds::zero() || left() == milliseconds::zero()) {
            return ready(milliseconds::zero());
        }
        if (ready(std::min(rest, slice))) {
            return true;
        }
    }
}

}  // namespace caretaker
