// SPDX-License-Identifier: Apache-2.0
// What all sinks share: one time budget for a whole run, and no error that gets out.
#pragma once

#include "common/base/clock.hpp"
#include "common/metrics/metrics.hpp"
#include "common/metrics/send_deadline.hpp"

#include <string_view>

namespace caretaker {

class TimedSink : public MetricSink {
 public:
    TimedSink(Clock& clock, const StopSignal& stop) : clock_(clock), stop_(stop) {}

    /// All calls together take at most 2 s.
    Delivery send(std::span<const std::string> lines) noexcept final;

 protected:
    /// Sends what fits into the time left. May throw: then all lines count as dropped.
    virtual Delivery deliver(std::span<const std::string> lines, SendDeadline& deadline) = 0;

    [[nodiscard]] Clock& clock() const { return clock_; }

 private:
    Clock& clock_;
    const StopSignal& stop_;
    std::chrono::milliseconds budget_{2'000};
};

/// Everything dropped for one reason.
Delivery all_dropped(std::span<const std::string> lines, std::string_view problem);

}  // namespace caretaker
